"""Paragraphs among news: what is counted, on a handful of documents."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from eval.bench_archive import measure_archive

FIRMS = {"甲": ("水泵", "西区"), "乙": ("粮食", "南区"), "丙": ("钢铁", "北区"), "丁": ("玻璃", "东区")}


@pytest.mark.model
def test_paragraphs_are_found_alone_and_among_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path))
    articles = [
        {
            "title": firm,
            "paragraphs": [
                {
                    "context": (text := f"{firm}公司在{place}存放{goods}。"),
                    "qas": [
                        {
                            "id": firm,
                            "question": f"{firm}公司的{goods}存放在哪里？",
                            "answers": [{"text": place, "answer_start": text.index(place)}],
                        }
                    ],
                }
            ],
        }
        for firm, (goods, place) in FIRMS.items()
    ]
    cmrc, news = tmp_path / "cmrc.json", tmp_path / "news.jsonl.xz"
    cmrc.write_text(json.dumps({"data": articles}), encoding="utf-8")
    with lzma.open(news, "wt", encoding="utf-8") as lines:
        for number in range(3):
            lines.write(json.dumps({"id": f"n{number}", "text": f"第{number}条：今天下了小雨。"}) + "\n")
    head, _, alone, among = measure_archive(cmrc, news, 2).splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in (head, alone, among)]
    assert cells[0][:3] == ["", "documents", "passages"] and cells[0][6:8] == ["R@1", "R@10"]
    assert cells[1][:3] == ["paragraphs alone", "4", "4"]
    assert cells[2][:3] == ["and news", "6", "6"]  # two of the three documents of news are asked for
    assert cells[1][6:8] == cells[2][6:8] == ["1.000", "1.000"]
    assert all(float(row[n].split()[0]) > 0 for row in cells[1:] for n in (4, 8, 9))
