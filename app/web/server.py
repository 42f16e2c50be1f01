"""Serving the page: on loopback unless another host is named, while the models load behind it."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.conversations import Conversations
from app.errors import PortInUse
from app.settings import ChatSettings
from app.users import Users
from app.writers import Writers
from eval.workbench import Workbench
from index import make_private

_HOUR = 3600  # seconds


def check_port(settings: ChatSettings) -> None:
    """Raise PortInUse before any slow work when the page could not be served."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PortInUse(f"cannot listen on {settings.host}: {error.strerror}.") from error
            raise PortInUse(
                f"port {settings.port} is in use. Stop the other program or choose another: "
                f"wenju chat --port {settings.port + 1 if settings.port < 65535 else 7861}"
            ) from error


def _writable(folder: Path) -> Path:
    """The folder, or a temporary one where it cannot be made."""
    try:
        make_private(folder)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="wenju-"))
    return folder


def _swept(folder: Path) -> Path:
    """The folder without uploads that a killed server left; those of the last hour may be another's."""
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < time.time() - _HOUR:
            path.unlink(missing_ok=True)
    return folder


async def _fetch_nothing(url: str, cache_dir: str) -> str:
    raise ValueError("Files of other hosts are not fetched.")


@dataclass(frozen=True)
class Served:
    """What the page shows. `conversations` None: none are kept; `users` None: nobody signs in."""

    bench: Workbench
    writers: Writers
    conversations: Conversations | None
    users: Users | None


def serve(served: Served, settings: ChatSettings, open_browser: bool, ready: Callable[[], None]) -> None:
    """Serve the chat until interrupted; `ready` is called once the page can be opened."""
    # Gradio reads these when it is imported: no analytics, no files outside the user's folder.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(_swept(_writable(served.bench.home / "tmp")))
    from gradio import processing_utils
    from starlette.middleware import Middleware

    from app.web.assets import page_assets
    from app.web.dialogue import Dialogue
    from app.web.door import Address, Door
    from app.web.page import build_page
    from app.web.signin import SignIn

    # Gradio downloads whatever address stands where a file may be named, for whoever asks.
    processing_utils.async_ssrf_protected_download = _fetch_nothing
    dialogue = Dialogue(served.bench.library, served.conversations, served.writers)
    page = build_page(served.bench, dialogue, signed_in=served.users is not None)
    page.launch(
        server_name=settings.url_host,
        server_port=settings.port,
        inbrowser=open_browser,
        auth=SignIn(served.users).check if served.users else None,  # type: ignore[arg-type] # is awaited
        app_kwargs={"middleware": [Middleware(Door, address=Address(settings))]},
        share=False,
        run_history=False,  # Gradio would keep what is asked in the browser, and offer to send it to a hub
        enable_monitoring=False,
        mcp_server=False,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        ssr_mode=False,
        max_file_size=f"{served.bench.library.shelf.limits.megabytes}mb",
        **page_assets(),
    )
    ready()
    page.block_thread()
