"""The zip archive that a Word file is, checked before anything is unpacked."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from corpus.errors import ArticleDamaged, ArticleProtected, ArticleTooLarge, NotText

MAX_XML = 60_000_000  # bytes of text and marks, ten times that in memory; 3,000 pages are about 20 MB
_SHRINKS = 1.5  # text shrinks to a tenth; pictures hardly do, and what a part is called proves nothing
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0"


def damaged(name: str, error: Exception) -> ArticleDamaged:
    """What to raise for a package that is not as it should be."""
    return ArticleDamaged(f"{name} cannot be read as a Word file ({error}). Save it anew.")


def check_package(name: str, data: bytes) -> None:
    """Refuse what is no zip archive of a bearable size.

    Raises ArticleProtected, ArticleDamaged, ArticleTooLarge, or NotText for a Word file of old.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise ArticleProtected(f"{name} is protected by a password. Save it without one.")
        raise NotText(f"{name} is an Office file of before 2007 (.doc, .xls, .ppt). Save it as .docx or PDF.")
    try:
        parts = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, ValueError, OSError) as error:
        raise damaged(name, error) from error
    if any(part.flag_bits & 1 for part in parts):
        raise ArticleProtected(f"{name} is protected by a password. Save it without one.")
    # Reading stops at these sizes: an archive that lies about them is damaged.
    unpacked = sum(part.file_size for part in parts if part.file_size > _SHRINKS * part.compress_size)
    if unpacked > MAX_XML:
        raise ArticleTooLarge(
            f"{name} unpacks to {unpacked:,} bytes of text and marks; it may hold {MAX_XML:,}. Split it."
        )
