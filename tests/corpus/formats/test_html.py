"""Encodings, boilerplate and hostile pages."""

from __future__ import annotations

import time

import pytest

from corpus import Document, build_document
from corpus.errors import ArticleEmpty, ArticleTooLarge, UnknownEncoding
from corpus.formats import html

SENTENCE = "新禾镇的老茶厂关了二十年，去年春天修成了一座书房。"
TRADITIONAL = "新禾鎮的老茶廠關了二十年，去年春天修成了一座書房。"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.quote(block.start, block.end)) for block in document.blocks]


def read(body: str, head: str = "") -> Document:
    return build_document("page.html", f"<html><head>{head}</head><body>{body}</body></html>".encode())


def meta(charset: str, text: str = SENTENCE) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (meta("utf-8").encode(), SENTENCE),
        (meta("gbk").encode("utf-8"), SENTENCE),  # what the bytes are comes before what they say
        (meta("gb2312").encode("gb18030"), SENTENCE),
        (meta("GBK").encode("gbk"), SENTENCE),
        (meta("big5", TRADITIONAL).encode("big5"), TRADITIONAL),
        (meta("windows-1251", "Книга открыта.").encode("cp1251"), "Книга открыта."),
        (meta("x-nonsense").encode("gb18030"), SENTENCE),
        (f"<html><body><p>{SENTENCE}</p></body></html>".encode("gb18030"), SENTENCE),
        (b"\xff\xfe" + meta("utf-16").encode("utf-16-le"), SENTENCE),
        (meta("utf-8").encode("utf-8-sig"), SENTENCE),
        (meta("windows-1252", "Caf\xe9s \x93open\x94.").encode("latin-1"), "Cafés “open”."),
        (
            f'<?xml version="1.0" encoding="gbk"?><html><body><p>{SENTENCE}</p></body></html>'.encode("gbk"),
            SENTENCE,
        ),
    ],
    ids=[
        "utf-8",
        "lie",
        "gb2312",
        "gbk",
        "big5",
        "short",
        "unknown-name",
        "none",
        "utf-16",
        "bom",
        "1252",
        "xhtml",
    ],
)
def test_the_encoding_is_that_of_the_mark_the_declaration_or_the_bytes(data: bytes, text: str) -> None:
    assert blocks(build_document("page.html", data)) == [("paragraph", text)]


def test_a_page_without_a_declaration_that_fits_no_encoding_is_refused() -> None:
    with pytest.raises(UnknownEncoding, match=r"page\.html"):
        build_document("page.html", b"<html><p>" + bytes(range(128, 256)) + b"</p></html>")


def test_the_first_bytes_make_a_page_of_any_name() -> None:
    data = f"\n<!-- saved -->\n<!DOCTYPE html><p>{SENTENCE}</p>".encode()
    assert build_document("page", data).layout == "html"
    assert build_document("page.md", data).layout == "markdown"
    assert build_document("page.html", data, "plain").layout == "plain"
    assert build_document("page.txt", b"In HTML, <html> opens a page.").layout == "plain"


def test_what_a_browser_does_not_show_is_no_text_and_is_not_counted() -> None:
    document = read(
        "<script>a()</script><style>b{}</style><template>c</template><p hidden>d</p>"
        '<div style="DISPLAY : none">e</div><p>好。</p><textarea>f</textarea><select><option>g</select>'
        '<span style="visibility:hidden">h</span><!-- i --><noscript>j</noscript><iframe>k</iframe>'
    )
    assert blocks(document) == [("paragraph", "好。")]
    assert document.omissions == {}


def test_sections_that_are_called_like_boilerplate_stay_if_they_hold_the_text() -> None:
    prose = "这一节讲的是社会生活，写得很长，长到没有人会把它当成一个分享按钮。" * 4
    document = read(
        f'<h1>镇志</h1><div class="has-sidebar"><section id="social"><p>{prose}</p></section></div>'
    )
    assert blocks(document) == [("title", "镇志"), ("paragraph", prose)]
    assert document.omissions == {}


def test_links_in_running_text_stay_and_lists_of_links_go() -> None:
    text = "见<a href=1>茶厂</a>、<a href=2>书房</a>和<a href=3>码头</a>，三处都在河边，走路只要十分钟就到。"
    menu = "<ul>" + "".join(f"<li><a href={i}>频道{i}</a></li>" for i in range(5)) + "</ul>"
    document = read(f"<p>{text}</p>{menu}")
    assert blocks(document) == [("paragraph", "见茶厂、书房和码头，三处都在河边，走路只要十分钟就到。")]
    assert document.omissions == {"dropped_characters": 15}


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>书房 - 新禾网</title>", "<h1>老茶厂的书房</h1><p>好。</p>", "老茶厂的书房"),
        ("<title>书房 - 新禾网</title>", "<p>好。</p>", "书房"),
        ("<title>书房_新禾网</title>", "<p>好。</p>", "书房"),
        ("<title>snake_case names</title>", "<p>好。</p>", "snake_case names"),
        ("<title>镇志</title>", "<h1>甲</h1><p>好。</p><h1>乙</h1><p>好。</p>", "镇志"),
        ("", "<h1>甲</h1><p>好。</p><h1>乙</h1><p>好。</p>", "甲"),
        ("", "<p>好。</p>", "page"),
    ],
    ids=["heading", "title", "underscore", "snake", "several-headings", "no-title", "nothing"],
)
def test_the_title_is_the_only_first_heading_or_what_the_page_calls_itself(
    head: str, body: str, title: str
) -> None:
    document = read(body, head)
    assert document.title == title
    assert [b.kind for b in document.blocks].count("title") == (title != "page")


def test_preformatted_lines_keep_their_gaps() -> None:
    assert blocks(read("<pre>桥  长\n<b>=</b>\n800</pre>")) == [("paragraph", "桥 长 = 800")]


def test_a_line_break_parts_words_in_a_heading_and_a_cell_and_joins_lines_of_a_paragraph() -> None:
    body = "<h2>抢先布局<br>武汉数字产业</h2><p>工业大<br>模型。</p><table><tr><td>东<br>村<td>西村</table>"
    assert blocks(read(body)) == [
        ("heading", "抢先布局 武汉数字产业"),
        ("paragraph", "工业大模型。"),
        ("item", "东 村 | 西村"),
    ]


def test_control_characters_are_taken_out_before_the_page_is_read() -> None:
    body = "<pre>甲\x0b\x01乙</pre><p>丙\x02<script>x</script>丁&#3;\x04戊</p>"
    assert blocks(read(body)) == [("paragraph", "甲 乙"), ("paragraph", "丙丁戊")]


def test_a_table_that_lays_out_the_page_is_read_as_paragraphs() -> None:
    cell = "很长的一段话。" * 50
    assert blocks(read(f"<table><tr><td>{cell}</td><td>右栏。</td></tr></table>")) == [
        ("paragraph", cell),
        ("paragraph", "右栏。"),
    ]


def test_spans_name_every_row_and_column_they_reach() -> None:
    table = (
        "<table><tr><th>村</th><th colspan=2>亩数</th></tr>"
        "<tr><td rowspan=3>东村</td><td>10</td><td>20</td></tr>"
        "<tr><td>30</td><td>40</td></tr><tr><td>50</td><td>60</td></tr>"
        "<tr><td colspan=999999999>合计100</td></tr></table>"
    )
    assert blocks(read(table)) == [
        ("item", "村：东村；亩数：10；亩数：20"),
        ("item", "村：东村；亩数：30；亩数：40"),
        ("item", "村：东村；亩数：50；亩数：60"),
        ("item", "村：合计100"),
    ]


def test_entities_are_never_fetched_or_unfolded() -> None:
    data = (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">'
        b'<!ENTITY b "&c;&c;"><!ENTITY c "lol">]><html><body><p>' + "好&a;&b;。</p></body></html>".encode()
    )
    text = build_document("page.html", data).text
    assert "root:" not in text
    assert "lol" not in text


@pytest.mark.parametrize("body", ["<div>" * 5000 + "深。", "<p>一。" * 60], ids=["depth", "elements"])
def test_a_page_without_end_is_refused_not_cut_off(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_ELEMENTS", 50)
    with pytest.raises(ArticleTooLarge, match=r"page\.html has more than 50 elements"):
        read(body)


def test_unclosed_tags_of_old_pages_are_read_to_the_end() -> None:
    assert blocks(read("<font><b>" * 150 + "开头。" + "<p>结尾。"))[-1] == ("paragraph", "结尾。")


def test_spans_that_claim_the_world_take_no_time() -> None:
    row = "<td rowspan=60000 colspan=1000></td>" * 500
    start = time.process_time()
    document = read(f"<table><tr>{row}</tr>" + "<tr><td>甲<td>乙" * 5000 + "</table>")
    assert time.process_time() - start < 20
    assert len(document.blocks) == 5000


def test_a_page_without_text_says_so() -> None:
    for body in ("", "<script>x()</script>", "<nav><a href=1>首页</a></nav>"):
        with pytest.raises(ArticleEmpty, match=r"page\.html"):
            read(body)
