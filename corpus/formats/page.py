"""Which parts of a saved web page are its article, and which are menus, banners and links elsewhere.

Three signs, each of which may be wrong alone: the element's own role (nav, footer), what its class
or id is called, and how much of its text is links. A part that holds half of the page's text
outside links, or its main heading, is never boilerplate, whatever it is called.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from corpus.formats.reading import n_letters

# No reader of the page sees these as text.
_UNSEEN = frozenset(
    "script style noscript template svg iframe object audio video canvas button input select textarea "
    "datalist dialog map rp rt head title".split()
)
_HIDING = re.compile(r"display:none|visibility:hidden")
_NEVER = frozenset("nav footer menu".split())
_OUTSIDE = frozenset("header aside form".split())  # boilerplate unless they stand inside the article
_ROLES = frozenset("navigation contentinfo banner complementary search menu menubar dialog alert".split())
_CALLED = frozenset(
    "advertisement breadcrumb breadcrumbs comments consent cookie cookies copyright crumb crumbs editsection "
    "footer footnav gdpr headerlink modal navbar navbox newsletter pager pagination permalink popup "
    "sidebar".split()
)
# Names that an article's own section may have: they count for what is short or full of links.
_MAYBE_CALLED = frozenset(
    "ad ads banner comment feedback header login menu nav navigation promo recommend recommended related "
    "share sharing skip social sponsor subscribe toc toolbar topbar".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SHORT = 100  # characters
_MANY_LINKS = 3  # so many links and hardly anything else: a menu, or "read more"
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CONTAINERS = frozenset("div ul ol dl section p td center".split())
_LINKED = 0.6  # of the text


class _Measures:
    """The characters of text, and of text in links, inside every element; white space aside."""

    def __init__(self, body: HtmlElement) -> None:
        self.text: dict[HtmlElement, int] = {}
        self.linked: dict[HtmlElement, int] = {}
        self.links: dict[HtmlElement, int] = {}
        for element in reversed(list(body.iter())):  # children first
            inner = list(element)
            own = n_letters(element.text or "") + sum(n_letters(child.tail or "") for child in inner)
            self.text[element] = own + sum(self.text[child] for child in inner)
            is_link = element.tag == "a"
            self.linked[element] = (
                self.text[element] if is_link else sum(self.linked[child] for child in inner)
            )
            self.links[element] = is_link + sum(self.links[child] for child in inner)

    def is_most(self, element: HtmlElement, body: HtmlElement) -> bool:
        """Whether an element holds half of the body's text outside links."""
        return 2 * (self.text[element] - self.linked[element]) > self.text[body] - self.linked[body]

    def link_share(self, element: HtmlElement) -> float:
        """The part of an element's text that is links, 0 to 1."""
        return self.linked[element] / max(1, self.text[element])


def remove_unseen(body: HtmlElement) -> None:
    """Take out what a browser does not show as text: scripts, forms, hidden elements, comments."""
    for element in list(body.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _UNSEEN or _is_hidden(element):
            element.drop_tree()  # and keep the text behind it


def remove_boilerplate(body: HtmlElement) -> int:
    """Take out what is not the article; the number of characters that went."""
    measures = _Measures(body)
    article = _article(body, measures)
    protected = {article, *article.iterancestors()}
    for heading in body.xpath(".//h1[1]")[:1]:
        protected |= {heading, *heading.iterancestors()}
    within = set(article.iterdescendants())
    for element in list(body.iterdescendants()):
        if element in protected or measures.is_most(element, body):
            continue
        if element not in within or _is_boilerplate(element, measures, in_article=article is not body):
            element.drop_tree()
    return measures.text[body] - _Measures(body).text[body]


def _article(body: HtmlElement, measures: _Measures) -> HtmlElement:
    """The element that says it is the article, if it holds half of the text, otherwise the body."""
    for path in (".//article", ".//main", ".//*[@role='main']"):
        found: list[HtmlElement] = body.xpath(path)
        if len(found) == 1 and measures.is_most(found[0], body):
            return found[0]
    return body


def _is_boilerplate(element: HtmlElement, measures: _Measures, in_article: bool) -> bool:
    tag, role = element.tag, element.get("role", "")
    if tag in _NEVER or role in _ROLES or (tag in _OUTSIDE and not in_article):
        return True
    if tag in _HEADINGS:
        return False
    share = measures.link_share(element)
    names = f"{element.get('class', '')} {element.get('id', '')}"
    words = {word.lower() for word in _WORD.findall(names)}
    if words & _CALLED or (words & _MAYBE_CALLED and (measures.text[element] < _SHORT or share > 0.3)):
        return True
    return tag in _CONTAINERS and measures.links[element] >= _MANY_LINKS and share >= _LINKED


def _is_hidden(element: HtmlElement) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return "hidden" in element.attrib or element.get("aria-hidden") == "true" or bool(_HIDING.search(style))
