"""What can be wrong with a question, a setting or a collection.

WenjuError
├── QuestionError       a question cannot be answered as it was typed
├── SettingsError       a setting is unknown or out of range
├── CollectionError     a collection cannot be opened
├── ReaderError         the reading model cannot be loaded
└── PortInUse           the chat's port is taken
"""

from __future__ import annotations

from corpus import WenjuError


class QuestionError(WenjuError):
    """The question is empty or too long."""


class SettingsError(WenjuError):
    """A setting is unknown or has a value that it may not have."""


class CollectionError(WenjuError):
    """There is no such collection, its name is not allowed, or it cannot be rebuilt."""


class ReaderError(WenjuError):
    """The reading model is missing, damaged, or was trained on another retriever."""


class PortInUse(WenjuError):
    """Another program listens on the port."""
