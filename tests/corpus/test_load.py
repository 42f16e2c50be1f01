"""Files of any encoding become documents; files that cannot say why."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from corpus import ArticleError, Limits, build_document, load_document
from corpus.errors import ArticleEmpty, ArticleNotFound, ArticleTooLarge, NotText, UnknownEncoding

TEXT = "新禾镇的老茶厂关了二十年。\n去年春天，镇里把它修成了一座书房，晒场上摆着三百个书架。\n"
TRADITIONAL = "新禾鎮的老茶廠關了二十年。\n去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架。\n"


@pytest.fixture
def article_file(tmp_path: Path) -> Path:
    path = tmp_path / "茶厂.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (TEXT, TEXT.encode("utf-8")),
        (TEXT, TEXT.encode("utf-8-sig")),
        (TEXT, TEXT.encode("gb18030")),
        (TRADITIONAL, TRADITIONAL.encode("big5")),
        (TEXT, b"\xff\xfe" + TEXT.encode("utf-16-le")),
        (TEXT, b"\xfe\xff" + TEXT.encode("utf-16-be")),
        (TEXT, TEXT.replace("\n", "\r\n").encode("utf-8")),
        (TEXT, TEXT.replace("\n", "\r\n").encode("gb18030")),
        (TEXT, TEXT.replace("\n", "\r").encode("utf-8")),
    ],
    ids=["utf-8", "bom", "gb18030", "big5", "utf-16-le", "utf-16-be", "crlf", "gb18030-crlf", "cr"],
)
def test_encodings_and_line_ends_give_one_text(text: str, data: bytes) -> None:
    document = build_document("茶厂", data)
    assert document.text == text.rstrip("\n")
    assert document.language == "zh"
    assert document.source_sha256 == hashlib.sha256(data).hexdigest()
    assert document.sha256 == hashlib.sha256(text.rstrip("\n").encode()).hexdigest()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", ArticleEmpty),
        (b" \r\n\t\n", ArticleEmpty),
        (b"\xef\xbb\xbf", ArticleEmpty),
        (b"\xff\xfe", ArticleEmpty),
        ("\u3000\u200b\u202e".encode(), ArticleEmpty),
        ("……。\n***\n".encode(), ArticleEmpty),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", NotText),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", NotText),
        (TEXT.encode("utf-16-le"), NotText),  # without a byte order mark its line ends hold zeros
        (bytes(range(128, 256)), UnknownEncoding),
        (b"\xff\xfe\x00\xd8", UnknownEncoding),
        ("IT之家8月".encode()[:-1], UnknownEncoding),  # GB18030, if half a word may be a private sign
    ],
    ids=[
        "empty",
        "blank",
        "only-bom",
        "only-utf-16-bom",
        "invisible",
        "marks",
        "png",
        "zip",
        "utf-16-no-bom",
        "no-encoding",
        "half-surrogate",
        "private",
    ],
)
def test_what_holds_no_text_is_refused_by_name(data: bytes, error: type[ArticleError]) -> None:
    with pytest.raises(error, match="scan-7"):
        build_document("scan-7", data)


def test_a_missing_file_and_a_folder_name_their_path(tmp_path: Path) -> None:
    with pytest.raises(ArticleNotFound, match="nowhere.txt"):
        load_document(tmp_path / "nowhere.txt")
    with pytest.raises(ArticleNotFound, match=tmp_path.name):
        load_document(tmp_path)


def test_a_file_over_the_limit_is_not_read(article_file: Path) -> None:
    filled = TEXT.encode() + b" " * (1_000_000 - len(TEXT.encode()))
    article_file.write_bytes(filled)
    assert load_document(article_file, limits=Limits(megabytes=1)).id == "茶厂"
    article_file.write_bytes(filled + b" ")
    with pytest.raises(ArticleTooLarge, match=r"1,000,001 bytes; .* 1,000,000\. .* articles\.megabytes"):
        load_document(article_file, limits=Limits(megabytes=1))


def test_hidden_characters_are_gone_from_text_and_offsets() -> None:
    clean = build_document("a", "武汉的光城。人很多。".encode())
    dirty = build_document("a", "武\u200b汉\u202e的\u2066光\ufeff城\x07。\u00ad人很多。\x1b".encode())
    assert dirty.text == clean.text
    assert dirty.sentences == clean.sentences
    assert dirty.source_sha256 != clean.source_sha256


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("武" * 333_333, 834),
        ("甲。”" * 111_111, 111_111),
        ("“" * 100_000 + "a", 251),
        ("b " * 500_000, 2500),
        ("甲（乙）。" * 200_000, 200_000),
    ],
    ids=["no-stops", "unopened-quotations", "unclosed-quotations", "words", "brackets"],
)
def test_a_line_of_a_megabyte_takes_seconds_not_minutes(line: str, pieces: int) -> None:
    begin = time.perf_counter()
    document = build_document("a", line.encode())
    # Quadratic splitting takes minutes here; the bound leaves ten times what the slowest takes.
    assert time.perf_counter() - begin < 20
    assert len(document.sentences) == pieces


def test_metadata_names_title_month_and_suggestions(article_file: Path) -> None:
    article_file.with_suffix(".toml").write_text(
        'title = "茶厂变书房"\npublished = "2024-12"\n'
        '[suggestions]\nzh = ["花了多少钱？"]\nen = ["How much?", "Who?"]\n',
        encoding="utf-8",
    )
    document = load_document(article_file)
    assert document.title == "茶厂变书房"
    assert document.published == "2024-12"
    assert document.suggestions == {"zh": ("花了多少钱？",), "en": ("How much?", "Who?")}


def test_metadata_says_which_line_of_the_head_is_the_title(article_file: Path) -> None:
    head = "盘活闲置厂房\n\n茶厂变书房\n\n本报记者\n\n"
    article_file.write_text(head + TEXT, encoding="utf-8")
    kinds = [block.kind for block in load_document(article_file).blocks][:3]
    assert kinds == ["title", "subtitle", "subtitle"]

    article_file.with_suffix(".toml").write_text('title = "茶厂变书房"', encoding="utf-8")
    document = load_document(article_file)
    assert [block.kind for block in document.blocks][:3] == ["subtitle", "title", "subtitle"]
    assert document.title == "茶厂变书房"


def test_a_title_that_is_not_in_the_text_renames_no_block(article_file: Path) -> None:
    article_file.write_text("茶厂变书房\n\n" + TEXT, encoding="utf-8")
    article_file.with_suffix(".toml").write_text('title = "另一个题目"', encoding="utf-8")
    document = load_document(article_file)
    assert document.title == "另一个题目"  # the metadata knows better than the first line
    assert [block.kind for block in document.blocks] == ["title", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "metadata",
    [
        b"title = ",
        b"title = \xff\xfe",
        b"title = 3",
        b"published = 2024-12-01",
        b'suggestions = "why?"',
        b'suggestions = ["why?"]',
        b'suggestions = {zh = "why?"}',
        b"suggestions = {zh = [1]}",
    ],
    ids=["cut", "bytes", "number", "date", "text", "list", "no-list", "numbers"],
)
def test_broken_metadata_is_an_error_that_names_its_file(article_file: Path, metadata: bytes) -> None:
    article_file.with_suffix(".toml").write_bytes(metadata)
    with pytest.raises(ArticleError, match="茶厂.toml"):
        load_document(article_file)


def test_a_text_without_a_head_is_called_by_its_file(article_file: Path) -> None:
    document = load_document(article_file)
    assert document.id == document.title == "茶厂"


def test_the_language_is_that_of_a_tenth_of_the_letters() -> None:
    assert build_document("a", b"The river rose. It fell.").language == "en"
    assert build_document("a", "The word 茶 means tea, and 茶馆 means teahouse.".encode()).language == "en"
    assert build_document("a", "用 PyTorch 和 TensorFlow 训练模型。".encode()).language == "zh"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("你好。", "gb18030"),
        ("It’s a good day. We don’t know.", "cp1252"),
        ("PDF文件共3页。", "gb18030"),
        ("也未起到监督", "gb18030"),
    ],
)
def test_a_short_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    assert build_document("a.txt", text.encode(encoding), "plain").text == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff" + TEXT.encode(), "\ufffd" + TEXT),
        (TEXT.encode("utf-8-sig")[:-3], TEXT[:-2] + "\ufffd"),
        ("今天下雨。".encode() + b"\x92", "今天下雨。\ufffd"),
        ((TEXT * 3 + "\ue5e5").encode("gb18030"), TEXT * 3 + "\ue5e5"),  # a space, to whoever wrote it
    ],
    ids=["stray", "cut", "short", "private"],
)
def test_a_broken_character_does_not_hide_the_encoding(data: bytes, text: str) -> None:
    assert build_document("a.txt", data, "plain").text == text.rstrip("\n")


@pytest.mark.parametrize("declared", ["utf-8", "gbk", "nonsense"])
def test_a_page_with_a_cut_character_is_read(declared: str) -> None:
    page = f'<html><meta charset="{declared}"><p>{TEXT}'.encode().replace("晒".encode(), "晒".encode()[:2])
    assert build_document("a.html", page).text == TEXT.replace("\n", "").replace("晒", "\ufffd")
