"""What comes in from elsewhere: other names, other sites, other files, too much."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from app.settings import ChatSettings
from app.web.door import Address
from app.web.server import _writable
from tests.web.conftest import Server
from tests.web.notes import notes

served = pytest.mark.model
SECRET = "nobody outside reads this"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat as a proxy serves it under a name of its own."""
    with notes(tmp_path_factory.mktemp("proxied"), WENJU_CHAT__HOSTS="a.example, Wenju.example") as server:
        yield server


def port(server: Server) -> int:
    return urlsplit(server.url).port or 0


# --- Host and Origin ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "host", "has"),
    [
        (ChatSettings(), "127.0.0.1:7860", True),
        (ChatSettings(), "localhost:7860", True),
        (ChatSettings(), "[::1]:7860", True),
        (ChatSettings(), "localhost:7861", False),
        (ChatSettings(), "localhost", False),
        (ChatSettings(port=80), "localhost", True),
        (ChatSettings(), "", False),
        (ChatSettings(), "evil.example:7860", False),
        (ChatSettings(), "localhost.evil.example:7860", False),
        (ChatSettings(), "192.168.1.5:7860", False),
        (ChatSettings(host="Box.lan"), "box.lan:7860", True),
        (ChatSettings(host="Box.lan"), "192.168.1.5:7860", False),
        (ChatSettings(host="0.0.0.0"), "192.168.1.5:7860", True),
        (ChatSettings(host="::"), "[fd00::5]:7860", True),
        (ChatSettings(host="0.0.0.0"), "evil.example:7860", False),
        (ChatSettings(host="0.0.0.0"), "1.evil.example:7860", False),
        (ChatSettings(hosts="a.example, Wenju.example"), "wenju.example", True),
        (ChatSettings(hosts="wenju.example"), "wenju.example:7860", True),
        (ChatSettings(hosts="wenju.example"), "wenju.example:8443", False),
        (ChatSettings(hosts="wenju.example:8443"), "wenju.example:8443", True),
    ],
)
def test_the_names_of_the_page(settings: ChatSettings, host: str, has: bool) -> None:
    assert Address(settings).has(host) is has


@served
def test_a_request_for_another_host_is_refused(small_server: Server) -> None:
    assert small_server.fetch("/")[0] == 200
    assert small_server.fetch("/", Host=f"LOCALHOST:{port(small_server)}")[0] == 200
    for path in ("/", "/config", "/gradio_api/info", "/static/x", "/nowhere"):
        status, text = small_server.fetch(path, Host="evil.example")
        assert (status, "chat.hosts" in text) == (403, True)


@served
def test_a_proxys_name_is_a_setting(proxied: Server) -> None:
    assert proxied.fetch("/config", Host="wenju.example")[0] == 200
    assert proxied.fetch("/config", Host="wenju.example", Origin="https://wenju.example")[0] == 200
    assert proxied.fetch("/config", Host="other.example")[0] == 403


@served
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "https://evil.example:{}"]
)
def test_a_request_of_another_site_is_refused(small_server: Server, origin: str) -> None:
    told = origin.format(port(small_server))
    for body in (None, {"session_hash": "x"}):
        status, text = small_server.fetch("/gradio_api/reset", body, Origin=told)
        assert (status, "other sites" in text) == (403, True)


@served
def test_a_form_of_another_site_is_refused_and_a_link_is_not(small_server: Server) -> None:
    body, own = {"event_id": "x"}, small_server.url.rstrip("/")
    assert small_server.fetch("/gradio_api/reset", body, Sec_Fetch_Site="cross-site")[0] == 403
    assert small_server.fetch("/", Sec_Fetch_Site="cross-site")[0] == 200
    assert small_server.fetch("/gradio_api/reset", body, Sec_Fetch_Site="same-origin", Origin=own)[0] == 200


@served
def test_every_address_of_this_machine(tmp_path: Path) -> None:
    with notes(tmp_path, "--host", "0.0.0.0") as server:
        assert server.fetch("/config", Host=f"192.168.7.7:{port(server)}")[0] == 200
        assert server.fetch("/config", Host=f"box.example:{port(server)}")[0] == 403
        assert "whoever reaches 0.0.0.0 may ask" in server.output.read_text(encoding="utf-8")


# --- handlers and files ------------------------------------------------------------------------


@served
def test_no_handler_is_an_api(small_server: Server) -> None:
    config = json.loads(small_server.fetch("/config")[1])
    assert len(config["dependencies"]) > 30
    assert {handler["api_visibility"] for handler in config["dependencies"]} == {"private"}
    for query in ("", "?all_endpoints=true"):
        status, info = small_server.fetch(f"/gradio_api/info{query}")
        assert (status, json.loads(info)) == (200, {"named_endpoints": {}, "unnamed_endpoints": {}})


@served
def test_what_gradio_would_add_is_off(small_server: Server) -> None:
    for path in ("runs", "run-history/buckets", "run-history/records", "mcp/sse", "vibe-code"):
        assert small_server.fetch(f"/gradio_api/{path}")[0] in (403, 404), path
    assert small_server.fetch("/monitoring/summary")[0] == 403
    assert json.loads(small_server.fetch("/config")[1])["run_history"] is False


@served
def test_no_file_outside_the_temporary_folder_is_served(small_server: Server) -> None:
    secret = small_server.home / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    names = [str(secret), str(small_server.home / "tmp" / ".." / "secret.txt"), "/etc/passwd"]
    names += ["../" * 12 + "etc/passwd", str(small_server.home / "conversations.db"), str(secret.parent)]
    names += [f"file://{secret}", "app/cli.py", "/proc/self/environ", "..%2f" * 12 + "etc/passwd"]
    for name in names:
        for told in (name, quote(name, safe="")):
            for route in ("/gradio_api/file=", "/gradio_api/file/", "/static/", "/assets/", "/svelte/"):
                status, text = small_server.fetch(route + told)
                assert status >= 400, route + told
                assert SECRET not in text and "root:" not in text


@served
@pytest.mark.parametrize("route", ["file=", "file/", "proxy="])
def test_no_file_of_another_host_is_fetched(small_server: Server, route: str) -> None:
    for name in ("http://planted.example/x", "HTTPS://planted.example/x", "%68ttp://planted.example/x"):
        assert small_server.fetch(f"/gradio_api/{route}{name}")[0] == 403
    assert small_server.refused() == []


@served
def test_no_file_of_another_host_is_fetched_as_what_is_typed(small_server: Server) -> None:
    planted = {"path": "http://planted.example/x", "meta": {"_type": "gradio.FileData"}}
    listeners = json.loads(small_server.fetch("/config")[1])["dependencies"]
    typed = [one for one in listeners if one["backend_fn"] and len(one["inputs"]) > 1][:5]
    assert typed
    for one in typed:
        asked = {
            "data": [planted] * len(one["inputs"]),
            "fn_index": one["id"],
            "session_hash": f"s{one['id']}",
        }
        assert small_server.fetch("/gradio_api/queue/join", asked)[0] == 200
        told = small_server.fetch(f"/gradio_api/queue/data?session_hash=s{one['id']}")[1]
        assert '"success":false' in told
    assert small_server.refused() == []


def upload(server: Server, content: bytes, name: str = "a.txt") -> tuple[int, Any]:
    """Send a file as Gradio's page would."""
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--b--\r\n"
    headers: dict[str, str] = {"Content_Type": "multipart/form-data; boundary=b"}
    return server.fetch("/gradio_api/upload", body, **headers)


@served
def test_a_file_is_kept_in_the_data_folder_if_it_is_small(small_server: Server) -> None:
    status, text = upload(small_server, b"small", "../../../small.txt")
    assert status == 200
    (place,) = json.loads(text)
    assert Path(place).resolve().is_relative_to(small_server.home / "tmp")
    assert Path(place).read_bytes() == b"small"
    before = set((small_server.home / "tmp").rglob("*"))
    assert upload(small_server, b"x" * 2_100_000)[0] == 413
    assert set((small_server.home / "tmp").rglob("*")) == before


def test_uploads_lie_where_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = _writable(tmp_path / "home" / "tmp")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700] * 2
