"""The wheel that a user installs works outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tracked files so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).symlink_to(ROOT / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    return next(folder.glob("wenju-*.whl"))


def test_the_wheel_holds_the_rooms_with_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for data in (
        "corpus/articles/wuhan-digital-economy.txt",
        "corpus/articles/wuhan-digital-economy.toml",
        "index/models/retriever/model.safetensors",
        "index/models/retriever/1_Pooling/config.json",
        "app/web/static/wenju.js",
        "eval/sets/article-dev.jsonl",
        "eval/sets/ronsway-tidal-power.md",
    ):
        assert data in names
    rooms = {"app", "index", "corpus", "prompts", "eval"}
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == rooms


def test_the_installed_wheel_answers_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    code = f"import app.cli as c; assert c.__file__.startswith({str(target)!r}), c.__file__; c.main()"
    environment = {**os.environ, "PYTHONPATH": str(target), "WENJU_HOME": str(tmp_path / "home")}
    run = subprocess.run(
        [sys.executable, "-c", code, "ask", "武汉市数据局是什么时候成立的？"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "今年2月29日正式挂牌成立" in run.stdout
