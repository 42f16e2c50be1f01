"""The checker: the fewest sentences that bear a claim, by scores that are given and by its weights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from app.checker import Check, Checker
from app.checker_weights import CheckerConfig, CheckerWeights
from app.errors import CheckerError
from app.reader_weights import ReaderWeights
from app.told import Source

TEXTS = ("甲建了10家工厂。", "乙修了一条路。", "丙有20家工厂。")
A, B, C = (Source(text, place=place) for place, text in enumerate(TEXTS))
CONFIG = CheckerConfig(
    reader=hashlib.sha256(ReaderWeights().path.read_bytes()).hexdigest(),
    intercept=-1,
    logit=2,
    shared=4,
    further=0.5,
    least=0.5,
)


class Given(Checker):
    """A checker whose model gives each group of sentences the support that is told, else 0."""

    def __init__(self, told: dict[tuple[int, ...], float], least: float = 0.5) -> None:
        super().__init__(CheckerWeights(ReaderWeights()))
        self._weights.__dict__["config"] = CONFIG.model_copy(update={"least": least})
        self._told = told

    def supports(
        self, claim: str, texts: Sequence[str], groups: Sequence[tuple[int, ...]]
    ) -> Iterator[float]:
        """As told."""
        return (self._told.get(group, 0.0) for group in groups)


@pytest.mark.parametrize(
    ("claim", "told", "expected"),
    [
        ("甲有工厂。", {(0,): 0.9, (2,): 0.6}, Check("supported", (0,), 0.9)),
        ("甲有工厂。", {(0,): 0.6, (2,): 0.9}, Check("supported", (2,), 0.9)),
        ("甲有工厂。", {(0,): 0.5}, Check("supported", (0,), 0.5)),
        ("甲有工厂。", {(0,): 0.49}, Check("unsupported", (), 0.49)),
        ("甲有工厂，乙修了路。", {(0, 1): 0.8, (0, 1, 2): 0.9}, Check("supported", (0, 1), 0.8)),
        ("甲有10家工厂。", {(0,): 0.6, (2,): 0.9}, Check("supported", (0,), 0.6)),  # the figure decides
        ("甲有11家工厂。", {(0,): 0.9, (2,): 0.9}, Check("unsupported", (), 0.0)),
        ("甲在丙的旁边。", {(0,): 0.4, (0, 2): 0.9}, Check("unsupported", (), 0.4)),  # another stands between
        ("甲和丙共有30家工厂。", {(0, 2): 0.7}, Check("derived", (0, 2), 0.7)),
        ("甲和丙共有30家工厂。", {(0,): 0.7}, Check("unsupported", (), 0.0)),
    ],
)
def test_the_fewest_and_surest_sentences_bear_a_claim(
    claim: str, told: dict[tuple[int, ...], float], expected: Check
) -> None:
    assert Given(told).check(claim, [A, B, C]) == expected


def test_a_sum_is_looked_for_in_the_nearest_sentences_alone() -> None:
    far = [Source("乙：10家。", place=0), Source("丁：20家。", place=1)]
    near = [Source(f"甲和丙共有工厂，第{n}条。", place=2 + n) for n in range(4)]
    told = dict.fromkeys(combinations(range(6), 2), 0.9)
    assert Given(told).check("甲和丙共有30家。", far) == Check("derived", (0, 1), 0.9)
    assert Given(told).check("甲和丙共有30家。", far + near) == Check("unsupported", (), 0.0)


def test_without_evidence_nothing_is_borne() -> None:
    assert Given({}).check("甲有工厂。", []) == Check("unsupported", (), 0.0)


def test_support_is_the_logistic_function_of_its_features() -> None:
    assert CONFIG.support(0.0, 0.25, 1) == pytest.approx(0.5)  # -1 + 2 * 0 + 4 * 0.25 = 0
    assert CONFIG.support(1.0, 0.0, 1) == pytest.approx(0.7310586)  # -1 + 2 = 1
    assert CONFIG.support(1.0, 0.0, 3) == pytest.approx(0.5)  # -1 + 2 - 0.5 * 2 = 0


def folder_with(tmp_path: Path, config: str, weights: bytes | None = None) -> Path:
    """A checker's folder; its weights are one tensor of the model's, unless bytes are given."""
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    path = tmp_path / "model.safetensors"
    if weights is None:
        save_file({"answerable.bias": torch.tensor([1.0])}, path)
    else:
        path.write_bytes(weights)
    return tmp_path


@pytest.mark.parametrize(
    ("config", "weights", "wrong"),
    [
        ("{", None, "cannot be read"),
        (CONFIG.model_copy(update={"reader": "other"}).model_dump_json(), None, "another reader"),
        (CONFIG.model_dump_json(), b"no tensors", "cannot load the checker"),
    ],
)
def test_what_is_wrong_with_the_weights_is_named(
    tmp_path: Path, config: str, weights: bytes | None, wrong: str
) -> None:
    with pytest.raises(CheckerError, match=rf"(?s){wrong}.*train_checker"):
        CheckerWeights(ReaderWeights(), folder_with(tmp_path, config, weights)).load()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match=r"config\.json is missing.*train_checker"):
        CheckerWeights(ReaderWeights(), tmp_path).load()


@pytest.mark.model
def test_its_weights_lie_over_the_readers(tmp_path: Path) -> None:
    weights = CheckerWeights(ReaderWeights(), folder_with(tmp_path, CONFIG.model_dump_json()))
    weights.load()
    reader = load_file(ReaderWeights().path)
    model = weights.model.state_dict()
    assert model["answerable.bias"].item() == 1.0
    assert torch.equal(model["answerable.weight"], reader["answerable.weight"].float())
