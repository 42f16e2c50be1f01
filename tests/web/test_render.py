"""Documents and answers as HTML: escaped, and linked by structure."""

from __future__ import annotations

from dataclasses import replace

from app.answer import Answer, Citation, Statement, Unfinished
from app.web.render import anchor, render_answer, render_article, render_question, render_writing
from app.web.words import WORDS
from corpus import Document, build_document

HOSTILE = "<script>alert(1)</script>是一句话。<img src=x onerror=alert(2)>也是\u202e一句。"


def document(text: str) -> Document:
    """A document that begins with the text."""
    return build_document("d", text.encode(), "plain")


def answer(text: str) -> Answer:
    """An answer of one statement that quotes `text`."""
    citation = Citation(
        "d", "d", document(text).sha256, "s1", 0, len(text), text, "<b>节</b>", None, 1.0, (), number=1
    )
    statement = Statement(text, (1,), "supported", 1.0)
    reply = text[:-1] + "[1]" + text[-1]
    return Answer(
        "问", ("问",), "answered", 0.9, reply, None, (statement,), (citation,), (), (), "extractive", (), {}
    )


def rendered(text: str) -> str:
    """The answer that quotes a text, over the document that begins with it."""
    return render_answer(answer(text), {"d": document(text)}, WORDS["zh"])


def test_a_hostile_article_is_text() -> None:
    html = render_article(build_document("a", HOSTILE.encode(), "plain"), "{page}")
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;是一句话。" in html
    assert "\u202e" not in html


def test_every_sentence_of_the_article_can_be_reached() -> None:
    document = build_document("a", "一句。二句！\n\n三句？".encode(), "plain")
    html = render_article(document, "{page}")
    for sentence in document.sentences:
        assert html.count(f'id="{anchor(document.id, sentence.id)}"') == 1


def test_a_hostile_quote_and_section_are_text() -> None:
    html = rendered('<img src=x onerror="alert(1)">是。')
    assert "<img" not in html and "<b>节" not in html
    assert "&lt;b&gt;节&lt;/b&gt;" in html


def test_only_the_marker_links_where_the_quote_itself_holds_one() -> None:
    html = rendered("据文献[1]所载如此。")
    reply = html.split('<div class="wj-evidence">')[0]
    assert reply.count('<a class="wj-cite"') == 1
    assert "据文献[1]所载如此<a" in reply


def test_a_number_leads_nowhere_when_its_document_is_another_one_or_gone() -> None:
    for documents in ({"d": document("是。也是。")}, {}):
        html = render_answer(answer("是。"), documents, WORDS["zh"])
        assert "<a " not in html and "href" not in html
        assert html.count('<span class="wj-cite wj-stale"') == 2
        assert '<q lang="zh">是。</q>' in html and "原文已更改" in html
    assert "wj-stale" not in rendered("是。") and "原文已更改" not in rendered("是。")


def test_a_question_keeps_its_lines_and_marks() -> None:
    html = render_question("a < b\n**c**")
    assert html == '<div class="wj-question" lang="zh">a &lt; b<br>**c**</div>'


def test_what_nothing_bears_out_looks_like_it_with_the_words_behind_it() -> None:
    one = answer("是。")
    unborne = Statement("<b>也是</b>。", (), "unsupported", 0.1)
    told = replace(one, statements=(*one.statements, unborne), answer="是[1]。\n<b>也是</b>。（未经证实）")
    html = render_answer(told, {"d": document("是。")}, WORDS["en"])
    grey = '<br><span lang="zh" class="wj-unborne">&lt;b&gt;也是&lt;/b&gt;。（未经证实）</span></div>'
    assert grey in html
    assert html.count("wj-unborne") == 1


def test_a_reply_that_is_written_shows_what_it_is_written_of_and_links_into_it() -> None:
    text = "是<img src=x>。"
    one = answer(text)
    (place,) = one.citations
    html = render_writing(Unfinished((place,)), "问", {"d": document(text)}, WORDS["zh"])
    assert "wj-reply" not in html and "wj-cite" not in html
    assert '<div class="wj-text" lang="zh"></div>' in html
    assert ">是&lt;img src=x&gt;。</q> " in html
    assert f'<a class="wj-near" href="#{anchor("d", "s1")}">在文中看</a>' in html


def test_words_that_are_not_checked_yet_have_no_number_and_are_text() -> None:
    one = answer("是。")
    step = Unfinished(one.citations, one.statements, one.citations, "又<script>[1]")
    html = render_writing(step, "Is it?", {"d": document("是。")}, WORDS["en"])
    written, _, evidence = html.partition('<div class="wj-evidence">')
    assert f'是<a class="wj-cite" href="#{anchor("d", "s1")}">[1]</a>。</span><br>' in written
    assert '<span class="wj-tail">又&lt;script&gt;[1]</span>' in written
    assert written.count("<a ") == 1
    assert "Sentences being read" in evidence and "wj-cite" not in evidence


def test_what_is_written_of_a_text_that_has_changed_leads_nowhere() -> None:
    one = answer("是。")
    html = render_writing(Unfinished(one.citations, one.statements, one.citations), "问", {}, WORDS["zh"])
    assert "<a " not in html and "[1]" in html
