"""Fit the checker's support and write its config.json: python scripts/calibrate_checker.py.

Support by the model's logit and the share of the claim's character pairs in the text (Platt 1999), fitted on
the dev half of eval/claims over each claim's surest sentences. What each further sentence costs, and the
least support, are then chosen together: so that at most a tenth of the true claims are stopped, figures and
names included, and of the other kinds as many as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from app.checker import Checker
from app.checker_weights import CheckerConfig, CheckerWeights
from app.file_hash import sha256_of
from app.pairs import shared
from app.reader_weights import ReaderWeights
from app.told import verdict
from eval.claims import TRUE, Claim, read_claims

FOLDER = Path(__file__).parents[1] / "app" / "models" / "checker"
STOPPED = 0.09  # of the true ones
FURTHER = (0.0, 0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Score:
    """Sentences beside a claim."""

    sentences: int
    logit: float
    shared: float
    tells: bool  # the figures and names of the claim


def main() -> None:
    """Fit, print what is stopped of each kind, and write the file."""
    weights = CheckerWeights(ReaderWeights())
    reader = sha256_of(weights.reader.path)
    raw = CheckerConfig(reader=reader, intercept=0, logit=1, shared=0, further=0, least=0)
    weights.__dict__["config"] = raw  # there may be no file yet
    checker, claims = Checker(weights), read_claims("dev")
    scored = [_scores(checker, claim) for claim in claims]
    true = np.array([claim.kind == TRUE for claim in claims])
    best = [max(scores, key=lambda score: score.logit) for scores in scored]
    x = np.array([[score.logit, score.shared] for score in best])
    print(f"area under ROC by the logit {roc_auc_score(true, x[:, 0]):.3f}")
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(x, true)
    intercept, logit, share = (round(float(v), 3) for v in (model.intercept_[0], *model.coef_[0]))
    fitted = raw.model_copy(update={"intercept": intercept, "logit": logit, "shared": share})
    tried = [_with_least(fitted.model_copy(update={"further": further}), scored, true) for further in FURTHER]
    config = max(tried, key=lambda one: _print(one, scored, claims))
    (FOLDER / "config.json").write_text(config.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(config)


def _scores(checker: Checker, claim: Claim) -> list[Score]:
    """Of each group of up to three sentences."""
    groups = [g for size in (1, 2, 3) for g in combinations(range(len(claim.evidence)), size)]
    texts = [source.text for source in claim.evidence]
    supports = checker.supports(claim.text, texts, groups)
    return [
        Score(
            sentences=len(group),
            logit=float(np.log(support / (1 - support))),
            shared=shared(claim.text, " ".join(texts[i] for i in group)),
            tells=verdict(claim.text, [claim.evidence[i] for i in group]) != "unsupported",
        )
        for group, support in zip(groups, supports, strict=True)
    ]


def _with_least(config: CheckerConfig, scored: Sequence[list[Score]], true: np.ndarray) -> CheckerConfig:
    least = np.quantile(_highest(config, scored)[true], STOPPED)
    return config.model_copy(update={"least": round(float(least), 3)})


def _print(config: CheckerConfig, scored: Sequence[list[Score]], claims: Sequence[Claim]) -> float:
    """The mean over the untrue kinds of what is stopped; printed with each kind's own."""
    stopped = _highest(config, scored) < config.least
    kinds = dict.fromkeys(claim.kind for claim in claims)
    shares = {kind: float(np.mean(stopped[[claim.kind == kind for claim in claims]])) for kind in kinds}
    mean = float(np.mean([share for kind, share in shares.items() if kind != TRUE]))
    told = ", ".join(f"{kind} {share:.2f}" for kind, share in shares.items())
    print(f"a further sentence costs {config.further}: {told}; mean of the untrue {mean:.3f}")
    return mean


def _highest(config: CheckerConfig, scored: Sequence[list[Score]]) -> np.ndarray:
    """Of each claim the surest sentences that tell its figures and names; 0 where there are none."""
    return np.array(
        [
            max((config.support(s.logit, s.shared, s.sentences) for s in scores if s.tells), default=0.0)
            for scores in scored
        ]
    )


if __name__ == "__main__":
    main()
