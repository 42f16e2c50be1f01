"""The prompts: whole, checked by name, and taken from a user's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import DECLINED, PLACEHOLDERS, PromptError, load_prompt, prompt_path

GOOD = "Say only {declined}\n---\n{evidence}\n{question}"


@pytest.mark.parametrize("task", PLACEHOLDERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_prompts_are_whole(task: str, language: str) -> None:
    prompt = load_prompt(task, language)  # type: ignore[arg-type]
    values = {name: f"<{name}>" for name in PLACEHOLDERS[task]}  # type: ignore[index]
    told = "\n".join(prompt.fill(**values))
    assert all(value in told for value in values.values())
    assert "{" not in told


def test_the_refusal_is_one_phrase() -> None:
    system, _ = load_prompt("answer", "zh").fill(evidence="", question="", declined=DECLINED["zh"])
    assert "只写：文章中没有提到。" in system


def test_braces_of_an_article_stay(tmp_path: Path) -> None:
    (tmp_path / "answer.zh.txt").write_text(GOOD, encoding="utf-8")
    _, user = load_prompt("answer", "zh", tmp_path).fill(
        evidence="{question} {0}", question="q", declined="d"
    )
    assert user == "{question} {0}\nq"


def test_a_users_file_takes_the_place_of_one_prompt(tmp_path: Path) -> None:
    (tmp_path / "answer.zh.txt").write_text(GOOD, encoding="utf-8")
    assert prompt_path("answer", "zh", tmp_path) == tmp_path / "answer.zh.txt"
    assert prompt_path("answer", "en", tmp_path) == prompt_path("answer", "en")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (GOOD.replace("{question}", ""), r"lacks \{question\}"),
        (GOOD + "{history}", r"has \{history\}, which nothing fills"),
        (GOOD + "{question.__class__}", r"has \{question.__class__\}"),
        (GOOD + "{", "Double a brace"),
        (GOOD.replace("---", ""), "a line '---'"),
    ],
)
def test_a_wrong_prompt_is_named(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "answer.zh.txt").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=wrong) as caught:
        load_prompt("answer", "zh", tmp_path)
    assert "answer.zh.txt" in str(caught.value)


def test_a_prompt_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "answer.zh.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(PromptError, match="UTF-8"):
        load_prompt("answer", "zh", tmp_path)
