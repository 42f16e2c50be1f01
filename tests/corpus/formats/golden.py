"""Files of every format with their blocks, written by hand before any reader had seen them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.corpus.formats import golden_docx as word
from tests.corpus.formats import golden_html as html
from tests.corpus.formats import golden_pdf as pdf


@dataclass(frozen=True)
class Golden:
    """A file's name, how its bytes are made, its blocks (kind, text, page), and the characters dropped."""

    name: str
    make: Callable[[], bytes]
    blocks: Sequence[tuple[str, str, int | None]]
    dropped: int = 0


def _pageless(blocks: Sequence[tuple[str, str]]) -> list[tuple[str, str, int | None]]:
    return [(kind, text, None) for kind, text in blocks]


def _encoded(text: str, encoding: str) -> Callable[[], bytes]:
    return lambda: text.encode(encoding)


# ARTICLE: TheHarbourTimesNewsSport 24, First! 6, Signupforournewsletter. 23. OLD: 首页新闻论坛 6.
GOLDEN = [
    Golden("news.html", _encoded(html.NEWS, "utf-8"), _pageless(html.NEWS_BLOCKS), html.NEWS_DROPPED),
    Golden("article.htm", _encoded(html.ARTICLE, "utf-16"), _pageless(html.ARTICLE_BLOCKS), 24 + 6 + 23),
    Golden("old.html", _encoded(html.OLD, "gb18030"), _pageless(html.OLD_BLOCKS), 6),
    Golden("traditional.html", _encoded(html.TRADITIONAL, "big5"), _pageless(html.TRADITIONAL_BLOCKS)),
    Golden("report.docx", word.report, _pageless(word.REPORT_BLOCKS)),
    Golden(
        "chinese_styles.docx",
        word.chinese_styles,
        _pageless(word.CHINESE_STYLES_BLOCKS),
        word.CHINESE_STYLES_DROPPED,
    ),
    Golden("english.docx", word.english, _pageless(word.ENGLISH_BLOCKS)),
    Golden("two_pages.pdf", pdf.two_pages, pdf.TWO_PAGES_BLOCKS, pdf.TWO_PAGES_DROPPED),
    Golden("two_columns.pdf", pdf.two_columns, pdf.TWO_COLUMNS_BLOCKS, len("17")),
    Golden("table_and_list.pdf", pdf.table_and_list, pdf.TABLE_AND_LIST_BLOCKS),
    Golden("newspaper.pdf", pdf.newspaper, pdf.NEWSPAPER_BLOCKS),
]
