"""The page's style, script and theme; nothing of them comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import gradio as gr

_FONTS = (
    "system-ui",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
)
_STYLES = ("wenju", "evidence", "drawer")
_SCRIPTS = ("wenju", "evidence", "actions", "drawer")  # in this order: the first makes what the others add to


def page_assets() -> dict[str, Any]:
    """What `launch` takes: the chat's own, and those of an evaluation's result."""
    static, templates = files("app") / "web" / "static", files("eval") / "templates"
    style = [*(static / f"{name}.css" for name in _STYLES), templates / "report.css"]
    script = [*(static / f"{name}.js" for name in _SCRIPTS), templates / "report.js"]
    fonts = [gr.themes.Font(name) for name in _FONTS]
    return {
        "css": _joined(style),
        "head": f"<script>{_joined(script)}</script>",
        "theme": gr.themes.Default(font=fonts, font_mono=["monospace"]),
    }


def _joined(texts: Iterable[Traversable]) -> str:
    return "\n".join(text.read_text(encoding="utf-8") for text in texts)
