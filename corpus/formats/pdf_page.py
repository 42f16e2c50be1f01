"""A page of a PDF as its letters were read, before they are put in order."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Run:
    """Letters on one line. `y` is the baseline and grows upwards; `size` is of the largest letter."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool


@dataclass
class Page:
    """The runs of a page in the order of the file, and what is known of the page as a whole."""

    number: int  # from 1
    height: float
    runs: list[Run] = field(default_factory=list)
    is_picture: bool = False  # something is drawn, and none of it is text
    n_letters: int = 0
    n_unreadable: int = 0  # letters that the file gives no meaning
    n_turned: int = 0  # letters of watermarks and stamps, not upright

    @property
    def weight(self) -> int:
        """What a page takes of memory, in letters: a run takes as much as twenty more."""
        return self.n_letters + 20 * len(self.runs)
