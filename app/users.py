"""Who may sign in: names with scrypt hashes of their passwords, in a file of the one who serves the page.

A line is `name:scrypt$N$r$p$salt$hash`, salt and hash in base64; `wenju password NAME` makes one. Empty
lines and those that begin with # say nothing. Neither a password nor a hash is ever logged or shown.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.conversations import LOCAL
from app.errors import BadPassword, BadUser, UsersDamaged, UsersUnreadable

log = logging.getLogger(__name__)

MIN_PASSWORD = 8  # characters; NIST SP 800-63B, 5.1.1.2
_MAX_PASSWORD = 1024  # nobody types more; what comes in is hashed
_MAX_NAME = 64
_SALT, _DIGEST = 16, 64  # bytes
_FORM = "name:scrypt$N$r$p$salt$hash"
_MAKE = "wenju password NAME makes a line."


@dataclass(frozen=True)
class Cost:
    """What one guess costs: 128 * n * r bytes of memory, p times.

    The defaults are the first choice of the OWASP Password Storage Cheat Sheet:
    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
    """

    n: int = 2**17
    r: int = 8
    p: int = 1

    def __post_init__(self) -> None:
        # No weaker than the weakest choice of that page, and not so strong that it would stop this machine.
        strong = 10 * 2**13 <= self.n * self.p and 2**13 <= self.n
        if not (strong and self.n <= 2**20 and self.n & (self.n - 1) == 0 and self.r == 8 and self.p <= 16):
            raise ValueError(f"scrypt cannot have N={self.n}, r={self.r}, p={self.p} here")


@dataclass(frozen=True)
class Password:
    """A password as it is kept. Its hash does not show when it is printed."""

    cost: Cost
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Password:
        """The password that is to be kept, with a salt of its own."""
        cost, salt = Cost(), secrets.token_bytes(_SALT)
        return cls(cost, salt, _scrypt(text, salt, cost))

    def matches(self, text: str) -> bool:
        """Whether it is this text, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(_scrypt(text, self.salt, self.cost), self.hash)

    def __str__(self) -> str:
        salt, digest = (b64encode(part).decode() for part in (self.salt, self.hash))
        return f"scrypt${self.cost.n}${self.cost.r}${self.cost.p}${salt}${digest}"


@dataclass(frozen=True)
class Users:
    """The names that may sign in, each with its password."""

    passwords: Mapping[str, Password]

    def admit(self, name: str, text: str) -> bool:
        """Whether the password is that of the name. An unknown name takes as long as a known one."""
        known = self.passwords.get(name)
        other = next(iter(self.passwords.values()))
        return (known or other).matches(text[:_MAX_PASSWORD]) and known is not None


def user_line(name: str, text: str) -> str:
    """The line that lets a name sign in. Raises BadUser or BadPassword."""
    _check_name(name)
    if not MIN_PASSWORD <= len(text) <= _MAX_PASSWORD:
        raise BadPassword(
            f"密码要有 {MIN_PASSWORD} 到 {_MAX_PASSWORD} 个字符，现在有 {len(text)} 个。 / "
            f"A password has {MIN_PASSWORD} to {_MAX_PASSWORD} characters; this one has {len(text)}."
        )
    return f"{name}:{Password.of(text)}"


def read_users(path: Path) -> Users:
    """The users of a file. Raises UsersUnreadable or UsersDamaged; warns of a file that others may open."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        others = path.stat().st_mode & 0o066
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsersUnreadable(
            f"cannot read {path}: {reason}. Give a file of lines {_FORM}; {_MAKE}"
        ) from error
    if others:
        log.warning("%s is open to other users of this machine: chmod 600 %s", path, path)
    passwords: dict[str, Password] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, password = _parsed(line)
        except (ValueError, BadUser) as error:
            # Of the line itself nothing is told: it may hold a password in plain text.
            reason = str(error) if isinstance(error, BadUser) else f"it is not {_FORM}."
            raise UsersDamaged(f"{path}, line {number}: {reason} {_MAKE}") from None
        if name in passwords:
            raise UsersDamaged(f"{path}, line {number}: {name} stands there a second time. Remove one line.")
        passwords[name] = password
    if not passwords:
        raise UsersDamaged(f"{path} names nobody, so nobody could sign in. {_MAKE}")
    return Users(passwords)


def _parsed(line: str) -> tuple[str, Password]:
    name, _, rest = line.strip().partition(":")
    scheme, n, r, p, salt, digest = rest.split("$")
    _check_name(name)
    if scheme != "scrypt":
        raise ValueError(scheme)
    kept = Password(
        Cost(int(n), int(r), int(p)), *(b64decode(part, validate=True) for part in (salt, digest))
    )
    if len(kept.salt) < _SALT or len(kept.hash) != _DIGEST:
        raise ValueError("too short")
    return name, kept


def _check_name(name: str) -> None:
    fits = 1 <= len(name) <= _MAX_NAME and name == name.strip() and name.isprintable()
    if not fits or ":" in name or name.startswith("#"):
        raise BadUser(
            f"{name!r} cannot be a user's name: 1 to {_MAX_NAME} characters that can be seen, "
            "no colon, no # at the beginning."
        )
    if name == LOCAL:
        raise BadUser(f"{LOCAL!r} cannot be a user's name: it owns the conversations held without sign-in.")


def _scrypt(text: str, salt: bytes, cost: Cost) -> bytes:
    # OpenSSL refuses what needs more than `maxmem`, and needs a little beside the 128 * n * r.
    memory = 128 * cost.r * (cost.n + cost.p + 2)
    password = text.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(password, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=_DIGEST)
