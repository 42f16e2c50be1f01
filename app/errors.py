"""What can be wrong with a question, a setting, a collection, a model's file, the conversations or the users.

WenjuError
├── QuestionError       a question cannot be answered as it was typed
├── SettingsError       a setting is unknown or out of range
├── CollectionError     a collection cannot be opened or changed
│   ├── CollectionMissing
│   ├── BadName
│   ├── NameTaken
│   ├── LastDocument
│   ├── CollectionUnwritable
│   └── BuildStopped
├── ReaderError         the reading model cannot be loaded
├── CheckerError        the checking model cannot be loaded
├── ModelFileError      a language model's file cannot be had
│   ├── ModelUnknown
│   ├── ModelMissing
│   ├── ModelDamaged
│   ├── ModelUnavailable
│   ├── ModelUnwritable
│   └── ModelBusy
├── LanguageModelError  a language model gave no whole reply
│   ├── PromptTooLong
│   ├── LanguageModelUnusable
│   ├── ServerUnreachable
│   ├── ServerRefused
│   ├── ReplyGarbled
│   ├── ReplyCut
│   └── OutOfMemory
├── ConversationsError  the stored conversations, or one of them, cannot be used
│   ├── ConversationMissing
│   ├── BadTitle
│   ├── ConversationsTooNew
│   ├── ConversationsDamaged
│   └── ConversationsUnwritable
├── UsersError          who may sign in cannot be told
│   ├── UsersUnreadable
│   ├── UsersDamaged
│   ├── BadUser
│   └── BadPassword
└── PortInUse           the chat's port is taken
"""

from __future__ import annotations

from corpus import WenjuError


class QuestionError(WenjuError):
    """The question is empty or too long."""


class SettingsError(WenjuError):
    """A setting is unknown or has a value that it may not have."""


class CollectionError(WenjuError):
    """There is no such collection, its name is not allowed, or it cannot be read or written."""


class CollectionMissing(CollectionError):
    """There is no collection of that name."""


class BadName(CollectionError):
    """What cannot name a collection."""


class NameTaken(CollectionError):
    """Another collection has the name."""


class LastDocument(CollectionError):
    """A collection holds nothing else."""


class CollectionUnwritable(CollectionError):
    """The place of the collections cannot be written."""


class BuildStopped(CollectionError):
    """Building was given up on request."""


class ReaderError(WenjuError):
    """The reading model is missing, damaged, or was trained on another retriever."""


class CheckerError(WenjuError):
    """The checking model is missing, damaged, or was trained on another reader."""


class ModelFileError(WenjuError):
    """A language model's file cannot be had or removed."""


class ModelUnknown(ModelFileError):
    """The catalogue has no model of that name."""


class ModelMissing(ModelFileError):
    """The model has not been fetched."""


class ModelDamaged(ModelFileError):
    """A file is not the publisher's: its size or its SHA-256 is another."""


class ModelUnavailable(ModelFileError):
    """The model hub or the package index does not give the model."""


class ModelUnwritable(ModelFileError):
    """The place of the models cannot be written, or has no room."""


class ModelBusy(ModelFileError):
    """The model is being fetched by another process."""


class LanguageModelError(WenjuError):
    """A language model cannot be loaded, or gave no whole reply."""


class PromptTooLong(LanguageModelError):
    """The prompt and the reply do not fit into what the model reads at a time."""


class LanguageModelUnusable(LanguageModelError):
    """The model's files, or the package that runs it, are missing or of another kind."""


class ServerUnreachable(LanguageModelError):
    """The model's server is down, or too slow."""


class ServerRefused(LanguageModelError):
    """The model's server wants another key, another model or another request."""


class ReplyGarbled(LanguageModelError):
    """What came is no reply of a chat model."""


class ReplyCut(LanguageModelError):
    """The reply broke off in the middle."""


class OutOfMemory(LanguageModelError):
    """The machine has too little memory for the model."""


class ConversationsError(WenjuError):
    """The stored conversations, or one of them, cannot be used."""


class ConversationMissing(ConversationsError):
    """The owner has no conversation of this id."""


class BadTitle(ConversationsError):
    """A conversation's new title is empty or too long."""


class ConversationsTooNew(ConversationsError):
    """The file was written by a newer version."""


class ConversationsDamaged(ConversationsError):
    """The file is no file of conversations, or is broken. It is left as it is."""


class ConversationsUnwritable(ConversationsError):
    """The file cannot be made or written."""


class UsersError(WenjuError):
    """Who may sign in cannot be told."""


class UsersUnreadable(UsersError):
    """The file of users is missing or cannot be read."""


class UsersDamaged(UsersError):
    """A line of the file is none, a name stands there twice, or nobody does."""


class BadUser(UsersError):
    """A name that nobody can sign in by."""


class BadPassword(UsersError):
    """A new password is too short or too long."""


class PortInUse(WenjuError):
    """Another program listens on the port."""
