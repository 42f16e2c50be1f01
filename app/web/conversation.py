"""What a page holds of its conversation: the turns shown, and a question on its way."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from app.answer import Answer
from app.settings import EXTRACTIVE


@dataclass(frozen=True)
class ShownTurn:
    """A turn on the page; `id` is None where it is not stored."""

    answer: Answer
    id: int | None = None


@dataclass
class Within:
    """The documents that the next question is asked over; none: all of them.

    A conversation shares it with what becomes of it: it may be chosen anew while a question is answered,
    whose end puts a conversation on the page that was made when it began.
    """

    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenConversation:
    """The conversation on the page, over a collection; `id` is None until a turn of it is stored.

    `token` stays the same from turn to turn, stored or not.
    """

    collection: str
    within: Within = field(default_factory=Within, compare=False)
    id: str | None = None
    turns: tuple[ShownTurn, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def answers(self) -> list[Answer]:
        """What was answered, in order."""
        return [turn.answer for turn in self.turns]

    def until(self, turn: int | None) -> OpenConversation:
        """The conversation before a turn; None: all of it."""
        return replace(self, turns=self.turns[:turn])

    @property
    def unstored(self) -> OpenConversation:
        """The conversation as if none of it were stored."""
        return replace(self, id=None, turns=tuple(replace(turn, id=None) for turn in self.turns))

    def shows(self, answer: Answer, turn: int | None = None) -> OpenConversation:
        """The conversation with one turn more."""
        return replace(self, turns=(*self.turns, ShownTurn(answer, turn)))


@dataclass(frozen=True)
class Ask:
    """A question on its way, in the conversation of a token.

    `since` is the first turn that it takes the place of; None: it comes last. `typed`: in the page's box.
    """

    text: str
    writer: str = EXTRACTIVE
    since: int | None = None
    conversation: str = ""
    typed: bool = False
    token: str = field(default_factory=lambda: secrets.token_hex(8))
