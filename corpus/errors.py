"""The errors a user can cause, one class a cause.

WenjuError
├── ArticleError            an article cannot be used
│   ├── ArticleNotFound
│   ├── ArticleEmpty
│   ├── ArticleTooLarge
│   ├── ArticleProtected
│   ├── ArticleDamaged
│   ├── ArticleScanned
│   ├── ArticleUnread
│   ├── NotText
│   └── UnknownEncoding
└── (index/errors.py and app/errors.py add their own)
"""

from __future__ import annotations


class WenjuError(Exception):
    """A failure whose message says what went wrong, with which value, and the way out."""


class ArticleError(WenjuError):
    """An article cannot be used."""


class ArticleNotFound(ArticleError):
    """No file lies at the given path, or it cannot be opened."""


class ArticleEmpty(ArticleError):
    """The file holds no readable character."""


class ArticleTooLarge(ArticleError):
    """The file, or what it unpacks to, is larger than the limit."""


class ArticleProtected(ArticleError):
    """The file opens with a password only."""


class ArticleDamaged(ArticleError):
    """The file is not what its first bytes or its name say, or is cut short."""


class ArticleScanned(ArticleError):
    """The pages are pictures of text."""


class ArticleUnread(ArticleError):
    """The reader failed on it: a fault of ours, not of the file."""


class NotText(ArticleError):
    """The bytes are not text: an image, an archive, a program."""


class UnknownEncoding(ArticleError):
    """The bytes look like text, but in no encoding that can be told."""
