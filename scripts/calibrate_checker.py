"""Fit the checker's support and write its config.json: python scripts/calibrate_checker.py.

Support by the model's logit and the share of the claim's character pairs in the text (Platt 1999), fitted on
the dev half of eval/claims: of a true claim the sentences that bear it, of the others all. `least` is the
highest threshold that stops at most a tenth of the true ones, figures and names included.
"""

from __future__ import annotations

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


def main() -> None:
    """Fit, print what each threshold does, and write the file."""
    weights = CheckerWeights(ReaderWeights())
    reader = sha256_of(weights.reader.path)
    raw = CheckerConfig(reader=reader, intercept=0, logit=1, shared=0, least=0)
    weights.__dict__["config"] = raw  # there may be no file yet
    checker, claims = Checker(weights), read_claims("dev")
    scored = {claim.id: _scores(checker, claim) for claim in claims}
    best = [max(scored[claim.id], key=lambda one: one[1]) for claim in claims]
    true = np.array([claim.kind == TRUE for claim in claims])
    x = np.array([[logit, share] for _, logit, share in best])
    print(f"area under ROC by the logit {roc_auc_score(true, x[:, 0]):.3f}")
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(x, true)
    intercept, logit, share = (round(float(v), 3) for v in (model.intercept_[0], *model.coef_[0]))
    config = raw.model_copy(update={"intercept": intercept, "logit": logit, "shared": share})
    highest = np.array([_highest(config, scored[claim.id], claim) for claim in claims])
    least = float(np.quantile(highest[true], STOPPED))
    for kind in dict.fromkeys(claim.kind for claim in claims):
        of = highest[[claim.kind == kind for claim in claims]]
        print(f"{kind}: {np.mean(of < least):.2f} of {len(of)} stopped")
    config = config.model_copy(update={"least": round(least, 3)})
    (FOLDER / "config.json").write_text(config.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(config)


def _scores(checker: Checker, claim: Claim) -> list[tuple[tuple[int, ...], float, float]]:
    """Of each group of up to three sentences the logit and the share of pairs."""
    groups = [g for size in (1, 2, 3) for g in combinations(range(len(claim.evidence)), size)]
    texts = [source.text for source in claim.evidence]
    supports = checker.supports(claim.text, texts, groups)
    return [
        (group, float(np.log(s / (1 - s))), shared(claim.text, " ".join(texts[i] for i in group)))
        for group, s in zip(groups, supports, strict=True)
    ]


def _highest(
    config: CheckerConfig, scores: list[tuple[tuple[int, ...], float, float]], claim: Claim
) -> float:
    """The surest group whose figures and names bear the claim; 0 where there is none."""
    return max(
        (
            config.support(logit, share)
            for group, logit, share in scores
            if verdict(claim.text, [claim.evidence[i] for i in group]) != "unsupported"
        ),
        default=0.0,
    )


if __name__ == "__main__":
    main()
