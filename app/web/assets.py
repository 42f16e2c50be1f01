"""The page's style, script and theme; nothing of them comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import gradio as gr

# The system's own; where text is marked as Chinese, wenju.css puts the Chinese fonts first.
_FONTS = ("system-ui", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_STYLES = ("wenju", "evidence", "drawer", "shelf")
# In this order: the first makes what the others add to.
_SCRIPTS = ("wenju", "access", "evidence", "actions", "drawer", "shelf", "session")


def page_assets() -> dict[str, Any]:
    """What `launch` takes: the chat's own, and those of an evaluation's result."""
    static, templates = files("app") / "web" / "static", files("eval") / "templates"
    style = [*(static / f"{name}.css" for name in _STYLES), templates / "report.css"]
    script = [*(static / f"{name}.js" for name in _SCRIPTS), templates / "report.js"]
    return {
        "css": _joined(style),
        "head": f"<script>{_joined(script)}</script>",
        "theme": _theme(),
    }


def _theme() -> gr.themes.Base:
    """Gradio's, in the colour of our links, with white words on a button that can be read (4.5:1)."""
    fonts = [gr.themes.Font(name) for name in _FONTS]
    theme = gr.themes.Default(primary_hue="blue", font=fonts, font_mono=["monospace"])
    return theme.set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_700",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
    )


def _joined(texts: Iterable[Traversable]) -> str:
    return "\n".join(text.read_text(encoding="utf-8") for text in texts)
