"""The page's style, script and theme; nothing of them comes from elsewhere."""

from __future__ import annotations

from importlib.resources import files
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


def page_assets() -> dict[str, Any]:
    """What `launch` takes: the chat's own, and those of an evaluation's result."""
    static, templates = files("app") / "web" / "static", files("eval") / "templates"
    style = [path.read_text(encoding="utf-8") for path in (static / "wenju.css", templates / "report.css")]
    script = [path.read_text(encoding="utf-8") for path in (static / "wenju.js", templates / "report.js")]
    fonts = [gr.themes.Font(name) for name in _FONTS]
    return {
        "css": "\n".join(style),
        "head": f"<script>{''.join(script)}</script>",
        "theme": gr.themes.Default(font=fonts, font_mono=["monospace"]),
    }
