"""Own articles in the page: brought in every format, looked at, indexed, asked, kept, deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from playwright.sync_api import Browser, Page, expect

from app.conversations import Conversations
from tests.corpus.formats.make_pdf import Pdf
from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import CENTRE, notes

pytestmark = [pytest.mark.browser, pytest.mark.model]

TITLE = "绿洲公司月报"
MADE, WHERE = "绿洲公司在五月生产了水泵。", "绿洲公司的工厂在苏州。"
ASKED = "绿洲公司的工厂在哪里？"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A chat over the small article; each test makes collections of its own."""
    with notes(tmp_path_factory.mktemp("articles")) as server:
        yield server


def word_file() -> bytes:
    word, data = WordDocument(), BytesIO()
    word.add_heading(TITLE, 0)
    word.add_paragraph(MADE + WHERE)
    word.save(data)
    return data.getvalue()


def pdf_file() -> bytes:
    pdf = Pdf()
    pdf.put(72, 770, TITLE, size=20)
    pdf.put(72, 700, MADE)
    pdf.new_page()
    pdf.put(72, 770, WHERE)
    return pdf.bytes()


FILES = {
    "月报.txt": f"{TITLE}\n\n{MADE}{WHERE}\n\n谢谢阅读。\n".encode(),
    "月报.md": f"# {TITLE}\n\n{MADE}{WHERE}\n".encode("utf-16"),
    "月报.html": f"<html><title>x</title><nav>首页</nav><h1>{TITLE}</h1><p>{MADE}{WHERE}</p></html>".encode(),
    "月报.docx": word_file(),
    "月报.pdf": pdf_file(),
}


def go_to(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click()


def put(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files and wait until they were read."""
    go_to(page, "资料")
    page.set_input_files(
        "#wj-files input[type=file]",
        [{"name": name, "mimeType": "", "buffer": data} for name, data in files],
    )


def build(page: Page, name: str) -> None:
    """Make a collection of what was read, and wait until it is open."""
    expect(page.locator("#wj-build")).to_be_enabled(timeout=20_000)
    page.locator("#wj-name :is(input, textarea)").fill(name)
    page.click("#wj-build")
    expect(page.locator("#wj-build-progress")).to_contain_text(f"“{name}”可以提问了", timeout=30_000)
    expect(page.locator("#wj-question textarea")).to_be_visible()  # where its maker waited for it


def choose(page: Page, dropdown: str, option: str) -> None:
    page.locator(f"#{dropdown} input").click()
    page.get_by_role("option", name=option, exact=True).click()


def row(page: Page, name: str) -> str:
    return f'#wj-shelf li[data-id="{name}"]'


def delete(page: Page, name: str) -> None:
    go_to(page, "资料")
    page.locator(f"{row(page, name)} .wj-more summary").click()
    page.locator(f"{row(page, name)} .wj-delete").click()
    page.locator(f"{row(page, name)} .wj-delete-it").click()
    expect(page.locator(row(page, name))).to_have_count(0)


def indexes(server: Server) -> set[str]:
    """The collections on disk, finished or not."""
    return {path.name for path in (server.home / "indexes").iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", FILES, ids=lambda name: name.rpartition(".")[2])
def test_every_format_is_read_asked_checked_and_deleted(visit: Visit, server: Server, name: str) -> None:
    page, collection = visit.page, f"我的{name.rpartition('.')[2]}"
    put(page, (name, FILES[name]))
    # Seen before it is indexed: the kind of each block, the sentences parted.
    expect(page.locator(".wj-preview li.wj-title")).to_contain_text(TITLE, timeout=20_000)
    spans = page.locator(".wj-preview li.wj-paragraph span")
    assert {MADE, WHERE} <= set(spans.all_inner_texts())
    assert collection not in indexes(server)
    build(page, collection)
    assert collection in indexes(server)
    visit.ask(ASKED)
    assert "苏州" in visit.reply()
    page.locator(".wj-text a.wj-cite").first.click()
    visit.wait_marked("苏州")
    if name.endswith(".pdf"):
        assert page.locator(".wj-page").all_inner_texts() == ["第 1 页", "第 2 页"]
        assert "第 2 页" in page.locator(".wj-where").first.inner_text()
    page.locator(".wj-judge summary").click()
    page.get_by_role("button", name="句子不对").click()
    expect(page.locator("#wj-judging")).to_be_visible()
    delete(page, collection)
    expect(page.locator(".toast-body").last).to_contain_text(f"已删除“{collection}”")
    assert collection not in indexes(server)
    go_to(page, "对话")
    expect(page.locator(".wj-pane")).to_contain_text("东区与西区")  # the first collection again
    expect(page.locator("#wj-judging")).to_be_hidden()
    expect(page.locator("body.wj-picking")).to_have_count(0)
    visit.ask(CENTRE)
    assert "东区" in visit.reply()


def test_several_documents_are_told_apart_and_may_be_asked_alone(visit: Visit) -> None:
    page = visit.page
    other = "蓝湖公司年报\n\n蓝湖公司的研发中心在杭州。\n\n全文完。\n"
    put(page, ("月报.txt", FILES["月报.txt"]), ("年报.txt", other.encode()))
    expect(page.locator("#wj-read-which")).to_be_visible(timeout=20_000)
    choose(page, "wj-read-which", "蓝湖公司年报")
    expect(page.locator(".wj-preview")).to_contain_text("研发中心")
    build(page, "两家公司")
    expect(page.locator(".wj-pane")).to_contain_text(TITLE)
    visit.ask("蓝湖公司的研发中心在哪里？")
    visit.wait_marked("杭州")  # the pane went to the other document by itself
    expect(page.locator(".wj-pane .wj-title")).to_have_text("蓝湖公司年报")
    assert page.locator(".wj-where").first.inner_text().startswith("蓝湖公司年报 · ")
    visit.ask(ASKED)
    visit.wait_marked("苏州")
    page.locator(".wj-reply").first.locator(".wj-text a.wj-cite").click()
    visit.wait_marked("杭州")
    choose(page, "wj-document", TITLE)
    expect(page.locator(".wj-pane .wj-title")).to_have_text(TITLE)
    # How it was found names the documents, and leads to their passages.
    last = page.locator(".wj-search").last
    last.locator("summary").click()
    last.locator("a.wj-passage", has_text="蓝湖公司年报").first.click()
    expect(page.locator(".wj-found").first).to_contain_text("蓝湖公司")
    # Over one of them only.
    choose(page, "wj-within", TITLE)
    page.keyboard.press("Escape")
    visit.ask("蓝湖公司的研发中心在哪里？")
    assert "杭州" not in visit.reply()
    visit.ask(ASKED)
    expect(page.locator(".wj-note").last).to_contain_text(f"只在这些文章里查找：{TITLE}")


def test_a_stored_conversation_opens_beside_what_it_cites(visit: Visit, server: Server) -> None:
    page = visit.page
    for collection, city in (("南方", "杭州"), ("北方", "北京")):
        other = f"蓝湖公司年报\n\n蓝湖公司的研发中心在{city}。\n\n全文完。\n"
        put(page, ("月报.txt", FILES["月报.txt"]), ("年报.txt", other.encode()))
        build(page, collection)
        expect(page.locator(".wj-reply")).to_have_count(0)
        visit.ask("蓝湖公司的研发中心在哪里？")
        visit.wait_marked(city)
        page.wait_for_url(re.compile("c="))
    page.reload()
    visit.wait_marked("北京")
    page.goto(server.url)  # over the first collection
    for at, city in ((1, "杭州"), (0, "北京")):  # then over one whose documents have the same ids
        page.click("#wj-toggle")
        page.locator(".wj-entry", has_text="蓝湖公司").nth(at).click()
        visit.wait_marked(city)
        expect(page.locator(".wj-pane .wj-title")).to_have_text("蓝湖公司年报")


def test_of_two_quick_clicks_the_last_one_stays(visit: Visit) -> None:
    page, cities = visit.page, {"年报": "杭州", "季报": "成都", "月报": "苏州"}
    others = {name: f"{name}公司\n\n{name}公司的工厂在{city}。\n" for name, city in cities.items()}
    put(page, *((f"{name}.txt", text.encode()) for name, text in others.items()))
    build(page, "三家公司")
    for name, city in cities.items():
        visit.ask(f"{name}公司的工厂在哪里？")
        visit.wait_marked(city)
    numbers = (
        "turns => turns.forEach((i) => document.querySelectorAll('.wj-text')[i].querySelector('a').click())"
    )
    page.evaluate(numbers, [0, 1])  # neither is shown
    visit.wait_marked("成都")
    page.evaluate(numbers, [0, 1])  # the second one is shown, until the first one comes
    page.wait_for_timeout(1_500)
    visit.wait_marked("成都")
    for name in cities:
        choose(page, "wj-document", f"{name}公司")
    expect(page.locator(".wj-pane .wj-title")).to_have_text("月报公司")
    visit.rest_on(page.locator(".wj-text a.wj-cite").first)
    expect(page.locator("#wj-card .wj-card-where")).not_to_contain_text("原文已更改")  # though not shown


def test_another_document_opens_at_its_top_and_the_same_in_another_language_where_it_was(
    visit: Visit,
) -> None:
    page, pane = visit.page, visit.page.locator(".wj-pane")
    texts = {
        name: "\n\n".join([f"{name}站月报", *(f"{name}站在{i}月里抽了{i}吨水。" for i in range(1, 60))])
        for name in ("东泵", "西泵")
    }
    put(page, *((f"{name}.txt", text.encode()) for name, text in texts.items()))
    build(page, "两座泵站")
    expect(pane.locator(".wj-title")).to_have_text("东泵站月报")
    pane.evaluate("pane => { pane.scrollTop = 300; }")
    page.click("#wj-switch")
    expect(page.locator("#wj-document")).to_contain_text("Article")
    page.wait_for_timeout(1_000)
    assert pane.evaluate("pane => pane.scrollTop") == 300
    choose(page, "wj-document", "西泵站月报")
    expect(pane.locator(".wj-title")).to_have_text("西泵站月报")
    expect(pane).to_have_js_property("scrollTop", 0)


def test_the_layout_is_switched_and_seen(visit: Visit) -> None:
    put(visit.page, ("notes.txt", "# 一号线\n\n产量是2,600台。\n".encode()))
    heading = visit.page.locator(".wj-preview li").first
    expect(heading).to_contain_text("# 一号线", timeout=20_000)
    visit.page.locator("#wj-layout").get_by_text("Markdown").click()
    expect(heading).to_have_class(re.compile("wj-title|wj-heading"), timeout=20_000)
    expect(heading).not_to_contain_text("#")


def test_pasted_text_is_an_article(visit: Visit) -> None:
    page = visit.page
    go_to(page, "资料")
    page.fill("#wj-pasted textarea", f"{TITLE}\n\n{MADE}{WHERE}\n\n谢谢阅读。")
    page.click("#wj-take")
    expect(page.locator(".wj-preview")).to_contain_text(WHERE, timeout=20_000)
    box = page.locator("#wj-name :is(input, textarea)")
    expect(box).to_have_attribute("placeholder", TITLE)
    page.click("#wj-build")  # by the name that is proposed
    expect(page.locator("#wj-build-progress")).to_contain_text(f"“{TITLE}”可以提问了", timeout=30_000)
    visit.ask(ASKED)
    assert "苏州" in visit.reply()


def test_what_comes_in_while_others_are_read_is_read_too(visit: Visit) -> None:
    page = visit.page
    put(page, *((f"第{i}期.pdf", pdf_file()) for i in range(8)))
    page.fill("#wj-pasted textarea", "蓝湖公司的研发中心在杭州。")
    page.click("#wj-take")
    put(page, ("月报.txt", FILES["月报.txt"]))
    page.locator("#wj-read-which input").click(timeout=40_000)
    for title in ("绿洲公司月报 (月报)", "绿洲公司月报 (第0期)", "蓝湖公司的研发中心在杭州。"):
        expect(page.get_by_role("option", name=title)).to_be_visible(timeout=40_000)


def test_bad_files_are_named_and_the_good_one_is_used(visit: Visit, server: Server) -> None:
    page, before = visit.page, indexes(server)
    scanned = Pdf()
    scanned.new_page()
    put(
        page,
        ("空.txt", b""),
        ("照片.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("扫描.pdf", scanned.bytes()),
        ("坏.docx", b"PK\x03\x04word/"),
        ("<img src=x onerror=alert(1)>.txt", b""),
        ("月报.txt", FILES["月报.txt"]),
        ("同一篇.txt", FILES["月报.txt"]),
    )
    expect(page.locator(".wj-preview")).to_contain_text(WHERE, timeout=40_000)
    told = page.locator("#wj-read-status")
    expect(told.locator(".wj-failure")).to_have_count(5)
    for words in ("空.txt", "照片.txt", "扫描.pdf", "坏.docx", "同一篇.txt 和前面的一个文件内容相同"):
        expect(told).to_contain_text(words)
    assert told.locator("img").count() == 0
    assert indexes(server) == before
    for name in ("../x", ".hidden", "长" * 65):
        page.locator("#wj-name :is(input, textarea)").fill(name)
        page.click("#wj-build")
        expect(page.locator("#wj-build-progress .wj-failure")).to_contain_text(
            f"“{name}”不能作资料集的名称", timeout=20_000
        )
    assert indexes(server) == before


def test_a_build_is_stopped_and_leaves_nothing(visit: Visit, server: Server) -> None:
    page, before = visit.page, indexes(server)
    long = "".join(f"第{i}号泵站在{i}号路的北边，{i}月里抽了{i}吨水。\n" for i in range(4000))
    put(page, ("泵站.txt", long.encode()))
    expect(page.locator("#wj-build")).to_be_enabled(timeout=40_000)
    page.click("#wj-build")
    expect(page.locator("#wj-build-progress progress")).to_be_visible(timeout=20_000)
    # Meanwhile whoever asks is answered.
    go_to(page, "对话")
    visit.ask(CENTRE)
    assert "东区" in visit.reply()
    go_to(page, "资料")
    page.click("#wj-build-stop")
    expect(page.locator("#wj-build-progress")).to_contain_text("已取消", timeout=40_000)
    assert {name for name in indexes(server) if not name.startswith(".")} == before


def test_what_comes_in_while_a_collection_is_built_stays(visit: Visit) -> None:
    page = visit.page
    put(page, ("泵站.txt", "".join(f"第{i}号泵站在{i}号路的北边。\n" for i in range(600)).encode()))
    expect(page.locator("#wj-build")).to_be_enabled(timeout=20_000)
    page.click("#wj-build")
    expect(page.locator("#wj-build-progress progress")).to_be_visible(timeout=20_000)
    put(page, ("乙.txt", "乙厂在西区。".encode()))
    expect(page.locator("#wj-preview")).to_contain_text("乙厂", timeout=20_000)
    expect(page.locator("#wj-build-progress")).to_contain_text("可以提问了", timeout=60_000)
    expect(page.locator("#wj-read-which")).to_be_hidden()  # of what was built nothing is left
    expect(page.locator("#wj-preview")).to_contain_text("乙厂在西区")
    build(page, "乙厂")
    visit.ask("乙厂在哪里？")
    assert "西区" in visit.reply()
    go_to(page, "资料")
    expect(page.locator("#wj-preview")).to_be_empty()


def test_two_add_to_one_collection_at_once(visit: Visit, server: Server, browser: Browser) -> None:
    for other in open_page(server, browser, 1280, 800):
        for page, name in ((visit.page, "甲.txt"), (other.page, "乙.txt")):
            put(page, (name, f"{name}的工厂在{name}区。{name}年底完工。".encode()))
            expect(page.locator("#wj-build")).to_be_enabled(timeout=20_000)
            page.locator("#wj-name :is(input, textarea)").fill("一起")
        for page in (visit.page, other.page):
            page.click("#wj-build")
        for page in (visit.page, other.page):
            expect(page.locator("#wj-build-progress")).to_contain_text("可以提问了", timeout=40_000)
    visit.page.reload()
    go_to(visit.page, "资料")
    expect(visit.page.locator(row(visit.page, "一起"))).to_contain_text("2 篇", timeout=15_000)


def test_a_new_name_keeps_conversations_and_a_deleted_collection_their_quotes(
    visit: Visit, server: Server
) -> None:
    page = visit.page
    put(page, ("月报.txt", FILES["月报.txt"]))
    build(page, "旧名")
    visit.ask(ASKED)
    page.wait_for_url(re.compile("c="))
    go_to(page, "资料")
    page.locator(f"{row(page, '旧名')} .wj-more summary").click()
    page.locator(f"{row(page, '旧名')} .wj-rename").click()
    page.locator(f"{row(page, '旧名')} .wj-retitle").fill("新名")
    page.locator(f"{row(page, '旧名')} .wj-retitle").press("Enter")
    expect(page.locator(row(page, "新名"))).to_be_visible()
    go_to(page, "对话")
    visit.ask("绿洲公司在五月生产了什么？")
    store = Conversations(server.home / "conversations.db")
    assert store.count("新名") == 1
    page.reload()
    expect(page.locator(".wj-reply")).to_have_count(2, timeout=15_000)
    page.locator(".wj-reply").first.locator(".wj-text a.wj-cite").click()
    visit.wait_marked("苏州")
    go_to(page, "资料")
    page.locator(f"{row(page, '新名')} .wj-more summary").click()
    page.locator(f"{row(page, '新名')} .wj-delete").click()
    expect(page.locator(f"{row(page, '新名')} .wj-sure")).to_contain_text("它的 1 个对话会保留")
    page.locator(f"{row(page, '新名')} .wj-delete-it").click()
    expect(page.locator(row(page, "新名"))).to_have_count(0)
    go_to(page, "对话")
    page.click("#wj-toggle")
    page.locator(".wj-entry", has_text=ASKED).first.click()
    expect(page.locator(".wj-pane")).to_contain_text("已经删除")
    expect(page.locator(".wj-evidence q").first).to_have_text(WHERE)
    expect(page.locator("span.wj-cite.wj-stale").first).to_be_visible()
    page.fill("#wj-question textarea", ASKED)
    page.press("#wj-question textarea", "Enter")
    expect(page.locator(".wj-failure")).to_contain_text("没有资料集 新名")


def test_a_document_is_added_and_taken_out(visit: Visit) -> None:
    page = visit.page
    put(page, ("月报.txt", FILES["月报.txt"]))
    build(page, "增减")
    go_to(page, "资料")
    page.locator(f"{row(page, '增减')} .wj-add").click()
    assert page.locator("#wj-name :is(input, textarea)").input_value() == "增减"
    put(page, ("年报.txt", "蓝湖公司的研发中心在杭州。".encode()))
    expect(page.locator("#wj-build")).to_have_text("添加到“增减”", timeout=20_000)
    page.click("#wj-switch")
    expect(page.locator("#wj-build")).to_have_text("Add to “增减”")
    page.click("#wj-switch")
    expect(page.locator("#wj-build")).to_have_text("添加到“增减”")
    build(page, "增减")
    expect(page.locator("#wj-document")).to_be_visible()  # there is a choice now
    visit.ask("蓝湖公司的研发中心在哪里？")
    visit.wait_marked("杭州")
    go_to(page, "资料")
    expect(page.locator(row(page, "增减"))).to_contain_text("2 篇")
    page.locator(f"{row(page, '增减')} .wj-more summary").click()
    out = page.locator(f"{row(page, '增减')} .wj-take-out[data-document='年报']")
    sure = page.locator(f"{row(page, '增减')} .wj-sure-out")
    out.click()
    expect(sure).to_contain_text("移出“年报”？它的正文会从这个资料集里删除")
    sure.get_by_role("button", name="保留").click()
    expect(sure).to_be_hidden()
    expect(out).to_be_focused()
    out.click()
    sure.get_by_role("button", name="移出").click()
    expect(page.locator(row(page, "增减"))).to_contain_text("1 篇")
    go_to(page, "对话")
    expect(page.locator("span.wj-cite.wj-stale").first).to_be_visible()
    expect(page.locator(".wj-pane")).to_contain_text(TITLE)


def test_the_address_opens_collections_and_no_files(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit.page
    put(page, ("月报.txt", FILES["月报.txt"]))
    build(page, "地址 一")
    page.wait_for_url(re.compile("in="))
    page.goto(f"{server.url}?in=地址 一")
    expect(page.locator(".wj-pane")).to_contain_text(TITLE, timeout=15_000)
    secret = tmp_path / "secret.txt"
    secret.write_text("机密在这里。", encoding="utf-8")
    (tmp_path / "地址").write_text("机密在这里。", encoding="utf-8")
    for name in (str(secret), "../indexes", "没有"):
        page.goto(f"{server.url}?in={name}")
        page.wait_for_selector("#wj-question textarea")
        visit.ask(CENTRE)
        assert "机密" not in page.content()
        expect(page.locator(".wj-pane")).to_contain_text("东区与西区")
