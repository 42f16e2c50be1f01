"""Which requests come in: those for this page's own address, from this page, and for nothing of other hosts.

Starlette's TrustedHostMiddleware looks at no port and at no origin, and Gradio's CustomCORSMiddleware lets
any site read a page that is served on another name than localhost; hence these lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import ChatSettings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")
_SAFE = ("GET", "HEAD")
# Gradio fetches these for whoever asks, after a look-up at dns.google; the page has no use for them.
_FETCHING = ("/gradio_api/file=http", "/gradio_api/file/http", "/gradio_api/proxy=")


@dataclass(frozen=True)
class Address:
    """The names that the page goes by: what a browser sends as Host."""

    settings: ChatSettings

    def has(self, host: str) -> bool:
        """Whether a Host header names the page."""
        settings = self.settings
        hosts = [name for name in settings.hosts.lower().replace(" ", "").split(",") if name]
        if host in hosts:  # as it is written there: a proxy has a port of its own
            return True
        name, port = _parted(host)
        # No name of another site, pointed here, is an address in digits (DNS rebinding).
        digits = settings.host in _EVERYWHERE and _is_digits(name)
        named = digits or name in (*_LOOPBACK, settings.host.lower(), *hosts)
        return named and port == str(settings.port)


@dataclass(frozen=True)
class Door:
    """Middleware that answers 403, with the reason, to what does not come from the page itself."""

    app: ASGIApp
    address: Address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or refuse it."""
        refused = self._refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if refused:
            await PlainTextResponse(refused, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why a request stays outside; empty where it does not."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", "").lower(), headers.get("origin", "").lower()
        if not self.address.has(host):
            return (
                f"这里不是 {host[:100]}。 / This is not {host[:100]}. "
                "Use the address that `wenju chat` prints, or add the name to the setting chat.hosts.\n"
            )
        # A link from elsewhere is welcome; it comes without an Origin.
        foreign = headers.get("sec-fetch-site") == "cross-site" and scope.get("method") not in _SAFE
        if foreign or (origin and not self.address.has(origin.partition("://")[2])):
            return "不接受其他网站的请求。 / Requests from other sites are refused.\n"
        if scope["path"].lower().startswith(_FETCHING):
            return "不替人取别处的文件。 / Files of other hosts are not fetched.\n"
        return ""


def _parted(host: str) -> tuple[str, str]:
    """The name, without the brackets of IPv6, and the port.

    >>> _parted("[::1]:7860"), _parted("localhost")
    (('::1', '7860'), ('localhost', '80'))
    """
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, "80"  # what a browser leaves out
    return name.removeprefix("[").removesuffix("]"), port


def _is_digits(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
