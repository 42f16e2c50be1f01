"""Which document the pane shows, without a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.library import Library
from app.opening import Opening
from app.settings import OutcomeSettings
from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue
from app.web.pane import Pane, _Shown
from tests.app.conftest import EAST, WEST, make_pipeline
from tests.fakes import Choice

REPLY = make_pipeline([EAST, WEST], OutcomeSettings(0.0, 0.0)).answer("乙厂在哪里？")
OLDER = replace(REPLY, citations=(replace(REPLY.citations[0], document_sha256="older"),))
ASKED = OpenConversation("both")


class Both(Library):
    """A library of one collection of two documents."""

    def __init__(self) -> None:
        self.one = Opening({"east": EAST, "west": WEST})

    def opening(self, name: str, again: bool = False) -> Opening:
        """The one."""
        return self.one

    def names(self) -> list[str]:
        """Its name, and that of another."""
        return ["first", "both"]

    @property
    def first(self) -> str:
        """The other's name."""
        return "first"


@pytest.fixture
def pane() -> Pane:
    """Without its components, which would need a page."""
    pane = Pane.__new__(Pane)
    pane._dialogue = Dialogue(Both(), None, Choice())
    return pane


def shown(pane: Pane, past: OpenConversation, before: _Shown) -> Any:
    """The document that the pane goes to."""
    _, _, choice, _, _, now = pane._follow(past, before, "zh")
    assert choice["value"] == now.document_id
    return now.document_id


@pytest.mark.parametrize(
    ("past", "before", "expected"),
    [
        (ASKED, ("first", "west", WEST.sha256), "east"),
        (ASKED.shows(REPLY), ("first", "other", "its"), "west"),
        (ASKED.shows(REPLY), ("first", "east", EAST.sha256), "west"),  # of the same id, in both
        (ASKED.shows(REPLY), ("both", "gone", "its"), "west"),
        (ASKED.shows(REPLY), ("both", "east", "older"), "east"),
        (ASKED.shows(OLDER), ("first", "other", "its"), "east"),  # its number leads nowhere
    ],
)
def test_another_collection_begins_with_what_the_last_reply_cites(
    pane: Pane, past: OpenConversation, before: tuple[str, str, str], expected: str
) -> None:
    assert shown(pane, past, _Shown(*before, "zh")) == expected
