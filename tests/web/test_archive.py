"""The chat over a large collection, which the command line fills and whose rows lie in files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import WENJU, Server, Visit, guarded_environment, serving
from tests.web.notes import SCORER

pytestmark = [pytest.mark.browser, pytest.mark.model]

TOWNS = "青石 白沙 红岩 黄桥 黑水 绿洲 蓝田 紫云 金山 银川 铜陵 铁岭".split()
GOODS = "水泵 风机 轴承 电缆 齿轮".split()


def news() -> Iterator[str]:
    """Sixty documents, a line each; each tells where one factory stands and what another town plans."""
    pairs = [(town, goods) for goods in GOODS for town in TOWNS]
    for number, (town, goods) in enumerate(pairs):
        other = TOWNS[(number + 5) % len(TOWNS)]
        text = f"{town}的{goods}厂建在第{number + 1}号码头旁边。\n\n{other}的人明年去看那里的花。"
        yield json.dumps({"id": f"news-{number}", "title": f"{town}{goods}", "text": text})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat over the documents, filled as a user fills them."""
    folder = tmp_path_factory.mktemp("archive")
    file = folder / "news.jsonl"
    file.write_text("\n".join(news()), encoding="utf-8")
    fill(folder, file)
    with serving(folder, "--collection", "news", **SCORER) as server:
        yield server


def fill(folder: Path, file: Path) -> None:
    """Put a file's documents into the collection `news`."""
    command = [str(WENJU), "index", str(file), "--collection", "news"]
    subprocess.run(command, env=guarded_environment(folder), check=True, capture_output=True)


def test_the_number_leads_to_the_sentence_of_one_document_among_many(visit: Visit) -> None:
    visit.ask("蓝田的齿轮厂建在哪里？")
    assert visit.reply() == "蓝田的齿轮厂建在第55号码头旁边[1]。"
    visit.page.click(".wj-reply a.wj-cite")
    visit.wait_marked("蓝田的齿轮厂建在第55号码头旁边")
    expect(visit.page.locator("#wj-document input")).to_have_value("蓝田齿轮")


def test_documents_that_come_in_while_the_page_is_open_are_found(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    more = tmp_path / "more.jsonl"
    text = "湖心岛的船坞建在第99号码头旁边。"
    more.write_text(json.dumps({"id": "late", "title": "湖心岛", "text": text}), encoding="utf-8")
    visit.ask("青石的水泵厂建在哪里？")
    assert visit.reply() == "青石的水泵厂建在第1号码头旁边[1]。"
    fill(server.home.parent, more)
    visit.ask("湖心岛的船坞建在哪里？")
    assert visit.reply() == "湖心岛的船坞建在第99号码头旁边[1]。"
    visit.page.locator(".wj-reply a.wj-cite").last.click()
    visit.wait_marked("第99号码头")
