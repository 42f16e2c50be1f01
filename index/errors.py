"""What can be wrong with an index or an embedding model.

WenjuError
├── IndexUnusable
│   ├── IndexMissing     nothing lies there yet
│   ├── IndexStale       built for other documents, another model, other settings or format
│   ├── IndexUnfinished  its building was stopped
│   ├── IndexDamaged     a file is missing, cut short or altered
│   └── IndexUnreachable the server that holds it gives no answer
├── ArchiveBusy          another process is changing a large collection
└── ModelError           an embedding model cannot be loaded
"""

from __future__ import annotations

from corpus import WenjuError


class IndexUnusable(WenjuError):
    """A saved index cannot be used as it is; the message says why."""


class IndexMissing(IndexUnusable):
    """Nothing lies at the place."""


class IndexStale(IndexUnusable):
    """It was built from other documents, with another model, other settings or an older format."""


class IndexUnfinished(IndexUnusable):
    """Its building was stopped before its end."""


class IndexDamaged(IndexUnusable):
    """A file of it is missing, cut short or altered."""


class IndexUnreachable(IndexUnusable):
    """The server that holds it is down, too slow, or does not do what is asked of it."""


class ArchiveBusy(WenjuError):
    """Another process is changing a large collection."""


class ModelError(WenjuError):
    """An embedding model is missing or cannot be loaded."""
