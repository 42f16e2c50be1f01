"""Documents and answers as HTML: escaped, and linked by structure."""

from __future__ import annotations

from app.answer import Answer, Citation, Statement
from app.web.render import anchor, render_answer, render_article, render_question
from app.web.words import WORDS
from corpus import build_document

HOSTILE = "<script>alert(1)</script>是一句话。<img src=x onerror=alert(2)>也是\u202e一句。"


def answer(text: str) -> Answer:
    """An answer of one statement that quotes `text`."""
    citation = Citation("d", "d", "ab" * 32, "s1", 0, len(text), text, "<b>节</b>", None, 1.0, (), number=1)
    statement = Statement(text, (1,), "supported", 1.0)
    reply = text[:-1] + "[1]" + text[-1]
    return Answer(
        "问", ("问",), "answered", 0.9, reply, None, (statement,), (citation,), (), (), "extractive", (), {}
    )


def test_a_hostile_article_is_text() -> None:
    html = render_article([build_document("a", HOSTILE.encode(), "plain")])
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;是一句话。" in html
    assert "\u202e" not in html


def test_every_sentence_of_the_article_can_be_reached() -> None:
    document = build_document("a", "一句。二句！\n\n三句？".encode(), "plain")
    html = render_article([document])
    for sentence in document.sentences:
        assert html.count(f'id="{anchor(document.id, sentence.id)}"') == 1


def test_a_hostile_quote_and_section_are_text() -> None:
    html = render_answer(answer('<img src=x onerror="alert(1)">是。'), WORDS["zh"])
    assert "<img" not in html and "<b>节" not in html
    assert "&lt;b&gt;节&lt;/b&gt;" in html


def test_only_the_marker_links_where_the_quote_itself_holds_one() -> None:
    html = render_answer(answer("据文献[1]所载如此。"), WORDS["zh"])
    reply = html.split('<div class="wj-evidence">')[0]
    assert reply.count('<a class="wj-cite"') == 1
    assert "据文献[1]所载如此<a" in reply


def test_a_question_keeps_its_lines_and_marks() -> None:
    assert render_question("a < b\n**c**") == '<div class="wj-question">a &lt; b<br>**c**</div>'
