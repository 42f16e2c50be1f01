"""A server's model, against a server on this machine."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import traceback
from collections.abc import Iterator

import pytest

from app.errors import (
    LanguageModelError,
    LanguageModelUnusable,
    PromptTooLong,
    ReplyCut,
    ReplyGarbled,
    ServerRefused,
    ServerUnreachable,
)
from app.language_model import Message
from app.openai_model import OpenAIModel
from app.settings import LanguageModelSettings
from tests.app.chat_server import ChatServer, Reply, chunk, event, good, refusal

KEY = "sk-proj-Ab12Cd34Ef56Gh78"
MESSAGES = (Message("system", "简短。"), Message("user", "武汉在哪里？"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """The server, whose key is set."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ChatServer().served() as served:
        yield served


def model_at(url: str, seconds: float = 30) -> OpenAIModel:
    """The model that the server calls tiny."""
    return OpenAIModel("tiny", LanguageModelSettings(url=url, seconds=seconds))


def read(server: ChatServer, *replies: Reply, seconds: float = 30) -> list[str]:
    """The pieces of what the model says when the server gives these replies."""
    server.replies = list(replies)
    return [piece for piece in model_at(server.url, seconds).stream(MESSAGES, 64) if piece]


def test_a_good_stream(server: ChatServer) -> None:
    assert read(server, good("在湖北", "省。")) == ["在湖北", "省。"]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.asked == [
        {
            "model": "tiny",
            "messages": [
                {"role": "system", "content": "简短。"},
                {"role": "user", "content": "武汉在哪里？"},
            ],
            "temperature": 0,
            "max_tokens": 64,
            "stream": True,
        }
    ]


def test_a_server_without_a_key(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert read(server, good("在湖北。")) == ["在湖北。"]
    assert server.headers[0]["Authorization"] == "Bearer none"


def test_the_name_says_nothing_of_the_server() -> None:
    assert model_at("http://intranet.example:8080/v1").name == "openai:tiny"


def test_a_reply_that_the_limit_ends_is_whole(server: ChatServer) -> None:
    assert read(server, good("在湖", reason="length")) == ["在湖"]


def test_characters_that_are_cut_between_two_packets(server: ChatServer) -> None:
    whole = b"".join(good("武汉😀").parts)
    middle = whole.index("汉".encode()) + 1
    assert read(server, Reply(parts=(whole[:middle], whole[middle:]))) == ["武汉😀"]


def test_events_without_text_are_passed_over(server: ChatServer) -> None:
    parts = (b": ping\n\n", event({"choices": []}), chunk(), chunk("好"), chunk(reason="stop"))
    assert read(server, Reply(parts=parts)) == ["好"]


def test_half_a_character_is_sent_as_a_question_mark(server: ChatServer) -> None:
    server.replies = [good("好")]
    assert "".join(model_at(server.url).stream([Message("user", "a\ud83d")], 8)) == "好"
    assert server.asked[0]["messages"] == [{"role": "user", "content": "a?"}]


def test_closing_the_stream_hangs_up(server: ChatServer) -> None:
    hold = threading.Event()
    more = tuple(chunk("很长" * 500_000) for _ in range(4))  # more than the socket's buffers take
    server.replies = [Reply(parts=(chunk("一"), *more), hold=hold, held=1)]
    stream = model_at(server.url).stream(MESSAGES, 64)
    assert next(filter(None, stream)) == "一"
    stream.close()  # type: ignore[attr-defined]  # a generator
    hold.set()
    assert server.gone.wait(30)


def test_closing_hangs_up_on_a_server_that_has_not_begun(server: ChatServer) -> None:
    server.replies = [Reply(hold=threading.Event())]
    stream = model_at(server.url, seconds=3600).stream(MESSAGES, 64)
    while not server.asked:
        assert next(stream) == ""  # nothing yet
    stream.close()
    assert server.gone.wait(30)


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_passing_failure_is_tried_again(server: ChatServer, status: int) -> None:
    assert read(server, refusal(status, message="busy"), good("好")) == ["好"]
    assert len(server.asked) == 2


def test_a_failing_server(server: ChatServer) -> None:
    with pytest.raises(ServerUnreachable, match="answers 500: model crashed.") as caught:
        read(server, refusal(500, message="model crashed."))
    assert len(server.asked) == 3
    assert "asked 3 times" in str(caught.value)


def test_a_server_that_is_down(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServerUnreachable, match=f"cannot reach the server at http://127.0.0.1:{port}/v1"):
        list(model_at(f"http://127.0.0.1:{port}/v1").stream(MESSAGES, 64))


def test_a_server_that_does_not_begin(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    with pytest.raises(ServerUnreachable, match=r"sent nothing for 1 seconds.*language_model\.seconds"):
        read(server, Reply(hold=threading.Event()), seconds=1)
    assert len(server.asked) == 3


def test_a_server_that_does_not_go_on(server: ChatServer) -> None:
    parts = (chunk("好"), chunk(reason="stop"))
    server.replies = [Reply(parts=parts, hold=threading.Event(), held=1)]
    stream = model_at(server.url, seconds=1).stream(MESSAGES, 64)
    assert next(filter(None, stream)) == "好"
    with pytest.raises(ServerUnreachable, match="sent nothing for 1 seconds"):
        next(filter(None, stream))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (401, "Set OPENAI_API_KEY to its key"),
        (403, "Set OPENAI_API_KEY to a key that may use the model"),
        (404, "It was asked for tiny"),
        (400, "It was asked for tiny"),
        (422, "It was asked for tiny"),
    ],
)
def test_what_a_server_refuses(server: ChatServer, status: int, way: str) -> None:
    with pytest.raises(ServerRefused) as caught:
        read(server, refusal(status, message="No such thing.", code="nothing"))
    assert str(caught.value) == f"the server at {server.url} answers {status}: No such thing. {way}."
    assert len(server.asked) == 1


def test_what_a_reasoning_model_does_not_support_is_asked_for_otherwise(server: ChatServer) -> None:
    server.replies = [
        refusal(400, message="Unsupported parameter: 'max_tokens' is not supported with this model."),
        refusal(400, message="Unsupported value: 'temperature' does not support 0 with this model."),
        good("好"),
    ]
    model = model_at(server.url)
    for _ in range(2):
        assert "".join(model.stream(MESSAGES, 64)) == "好"
    names = ("max_tokens", "max_completion_tokens", "temperature")
    assert [{name: asked[name] for name in names if name in asked} for asked in server.asked] == [
        {"max_tokens": 64, "temperature": 0},
        {"max_completion_tokens": 64, "temperature": 0},
        {"max_completion_tokens": 64},
        {"max_completion_tokens": 64},  # the next reply
    ]


def test_who_goes_on_refusing_is_not_asked_for_ever(server: ChatServer) -> None:
    with pytest.raises(ServerRefused, match="answers 400: Unsupported parameter: 'max_tokens'"):
        read(server, refusal(400, message="Unsupported parameter: 'max_tokens' is not supported."))
    assert len(server.asked) == 2


def test_a_limit_of_requests_that_does_not_pass(server: ChatServer) -> None:
    with pytest.raises(ServerRefused, match="answers 429: quota"):
        read(server, refusal(429, message="quota"))
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "quoted",
    [KEY, f"Bearer {KEY}", "sk-proj-********Gh78", "sk-p***", "'sk-proj-Ab12'", "****Gh78", f"key={KEY}!"],
)
def test_the_key_is_in_no_message(server: ChatServer, quoted: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ServerRefused) as caught:
        read(server, refusal(401, message=f"Incorrect API key provided: {quoted}. Find it in your account."))
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    for part in (KEY, "sk-p", "Gh78", "Ab12"):
        assert part not in told
    assert "Find it in your account" in str(caught.value)


def test_a_word_in_place_of_a_key_hides_nothing_else(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "ollama")
    with pytest.raises(ServerRefused, match=r"answers 404: no llama3 for \*\*\*, llama-cache"):
        read(server, refusal(404, message="no llama3 for ollama, llama-cache"))


def test_a_key_that_no_header_takes(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-密\n钥")
    with pytest.raises(ServerRefused, match="OPENAI_API_KEY holds characters") as caught:
        model_at(server.url).load()
    assert "密" not in "".join(traceback.format_exception(caught.value))


def test_a_long_message_is_shortened(server: ChatServer) -> None:
    with pytest.raises(ServerRefused) as caught:
        read(server, refusal(400, message="no " * 1000))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "body",
    [b'{"detail": "Not Found"}', b'{"error": "Not Found"}', b'{"object": "error", "message": "Not Found"}'],
    ids=["FastAPI", "Ollama", "vLLM"],
)
def test_other_shapes_of_a_refusal(server: ChatServer, body: bytes) -> None:
    with pytest.raises(ServerRefused, match="answers 404: Not Found. It"):
        read(server, Reply(404, "application/json", (body,)))


def test_a_page_of_an_error(server: ChatServer) -> None:
    with pytest.raises(ServerRefused, match="answers 404: Not Found, with a page. It"):
        read(server, Reply(404, "text/html", (b"<html><body>nginx</body></html>",)))


@pytest.mark.parametrize(
    "error",
    [
        {
            "message": "Input tokens exceed the configured limit of 272000 tokens.",
            "code": "context_length_exceeded",
        },
        {"message": "The decoder prompt (length 8357) is longer than the maximum model length of 8192."},
        {"message": "max_tokens must be at least 1, got -186.", "type": "BadRequestError", "code": 400},
        {
            "message": "request (5029 tokens) exceeds the available context size (4096 tokens)",
            "type": "exceed_context_size_error",
        },
        {"message": "prompt too long; exceeded max context length by 17 tokens"},
    ],
    ids=["OpenAI", "vLLM, the prompt", "vLLM, the reply", "llama-server", "Ollama"],
)
def test_a_prompt_that_is_too_long(server: ChatServer, error: dict[str, object]) -> None:
    with pytest.raises(PromptTooLong, match="writer.evidence"):
        read(server, refusal(400, **error))
    with pytest.raises(PromptTooLong):  # vLLM and llama-server may find out when the stream has begun
        read(server, Reply(parts=(event({"error": error}),)))


def test_an_error_in_the_middle_of_a_stream(server: ChatServer) -> None:
    with pytest.raises(ReplyCut, match="broke the reply off: out of blocks"):
        read(server, Reply(parts=(chunk("好"), event({"error": {"message": "out of blocks"}}))))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(kind="text/html; charset=utf-8", parts=(b"<html>Sign in</html>",)),
        Reply(kind="application/json", parts=(b'{"choices": [{"message": {"content": "x"}}]}',)),
        Reply(parts=(b"data: {\n\n",)),
        Reply(parts=(b"data: \xff\xfe\n\n",)),
        Reply(parts=(b"data: 5\n\n",)),
        Reply(parts=(event({"choices": {}}),)),
        Reply(parts=(event({"choices": [{"delta": {"content": [1]}}]}),)),
        Reply(parts=(b"data: [DONE]\n\n",)),
        Reply(parts=(chunk("好"), b"data: {\n\n")),
    ],
    ids=["page", "no stream", "half JSON", "no UTF-8", "number", "no list", "no text", "empty", "later"],
)
def test_what_is_no_reply(server: ChatServer, reply: Reply) -> None:
    with pytest.raises(ReplyGarbled, match=r"language_model\.url"):
        read(server, reply)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(parts=(chunk("在湖"),), cut=True),
        Reply(parts=(chunk("在湖"),)),
        Reply(parts=(chunk("在湖"), b"data: [DONE]\n\n")),
        Reply(parts=(chunk("在湖"), chunk(reason="content_filter"))),
    ],
    ids=["hangs up", "no end", "done without a reason", "filter"],
)
def test_a_reply_that_is_cut(server: ChatServer, reply: Reply) -> None:
    server.replies = [reply]
    stream = model_at(server.url).stream(MESSAGES, 64)
    assert next(filter(None, stream)) == "在湖"
    with pytest.raises(ReplyCut):
        next(filter(None, stream))


def test_what_comes_behind_the_end_is_not_waited_for(server: ChatServer) -> None:
    parts = (chunk("好"), chunk(reason="stop"), chunk("more"))
    assert read(server, Reply(parts=parts, cut=True, hold=threading.Event(), held=2)) == ["好"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server: ChatServer, status: int) -> None:
    with ChatServer([good("好")]).served() as elsewhere:
        with pytest.raises(ServerRefused, match=f"points elsewhere \\({status}\\)"):
            read(server, Reply(status, location=f"{elsewhere.url}/chat/completions"))
        assert elsewhere.asked == []


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    model = model_at("http://127.0.0.1:9/v1")
    with pytest.raises(LanguageModelUnusable, match=r"pip install 'wenju\[openai\]'"):
        list(model.stream(MESSAGES, 8))
    with pytest.raises(LanguageModelError):
        model.load()
