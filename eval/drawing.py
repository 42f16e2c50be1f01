"""From matplotlib to SVG for the inside of an HTML page.

Text stays text in the page's own font, and every colour is the page's: `currentColor` or one of its
custom properties. Several drawings on a page have no id in common. Same drawing, same bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 330.0  # points: a plot is about as wide as a phone, so that its text is readable there
SIZE = 10.5  # of text
_TOP = 10.0

# Stand-ins that matplotlib can draw with, and what they become.
INK, SOFT, LINE, ACCENT, SECOND = "#010101", "#020202", "#030303", "#040404", "#050505"
_COLOURS = {
    INK: "currentColor",
    SOFT: "var(--wjr-soft)",
    LINE: "var(--wjr-line)",
    ACCENT: "var(--wjr-accent)",
    SECOND: "var(--wjr-second)",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": SIZE,
    "text.color": INK,
    "path.simplify": False,
}
_STYLE_LOCK = Lock()  # matplotlib's style is one for the whole process


@dataclass(frozen=True)
class Frame:
    """A plot's name, what it says to those who cannot see it, and the room around its axes in points."""

    name: str
    label: str
    height: float = 210.0
    left: float = 36.0
    right: float = 14.0
    named: bool = False  # rows have names: no lines across, and the x axis explains itself


def word(text: str) -> str:
    """A text as letters that matplotlib takes for a word: no font of its own is needed, and no markup."""
    return f"wjr{text.encode().hex()}rjw"


def ems(text: str) -> float:
    """About how wide a text is, whatever the font: a Chinese character is one em."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in text)


def render(frame: Frame, draw: Callable[[Axes], None]) -> str:
    """The SVG of what `draw` puts into the axes."""
    with _STYLE_LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever the user's own style is
        matplotlib.rcParams.update(_STYLE)
        matplotlib.rcParams["svg.hashsalt"] = frame.name
        figure = Figure(figsize=(WIDTH / 72, frame.height / 72))
        draw(_axes(figure, frame))
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return _inline(buffer.getvalue(), frame)


def _axes(figure: Figure, frame: Frame) -> Axes:
    bottom = 22 if frame.named else 36
    width, height = WIDTH - frame.left - frame.right, frame.height - bottom - _TOP
    place = (frame.left / WIDTH, bottom / frame.height, width / WIDTH, height / frame.height)
    axes = figure.add_axes(place)
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    if not frame.named:
        axes.grid(axis="y", color=LINE, linewidth=0.8)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(LINE)
    axes.tick_params(length=0, pad=5, labelcolor=SOFT)
    axes.xaxis.label.set_color(SOFT)
    axes.yaxis.label.set_color(SOFT)
    return axes


def _inline(svg: str, frame: Frame) -> str:
    """What of matplotlib's file belongs into a page: the figure, under names of its own."""
    # Neither the prologue, whose rules would be the whole page's, nor the metadata with their addresses.
    body = svg[svg.index('<g id="figure_1">') : svg.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = body.replace("xlink:href", "href")
    body = re.sub(r'( id="| href="#|url\(#)', rf"\g<1>wjr-{frame.name}-", body)
    body = re.sub(r" font-family: [^;\"]*;", "", body)
    body = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", body)
    body = re.sub(r"\s*\n\s*", " ", body)
    body = re.sub("|".join(_COLOURS), lambda found: _COLOURS[found[0]], body)
    body = re.sub(r"wjr((?:[0-9a-f]{2})+)rjw", lambda found: escape(bytes.fromhex(found[1]).decode()), body)
    box, label = f"0 0 {WIDTH:g} {frame.height:g}", escape(frame.label)
    return f'<svg class="wjr-svg" viewBox="{box}" role="img" aria-label="{label}">{body}</svg>'
