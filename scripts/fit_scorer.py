"""Fit the sentence scorer on a development set and print its coefficients.

    python scripts/fit_scorer.py eval/sets/article-dev.jsonl

Every sentence of a question's retrieved passages is an example, positive when it is evidence.
The reported figures are cross-validated by question; the coefficients are of all questions.
"""

from __future__ import annotations

import sys
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from app.collection_names import SHIPPED
from app.engine import make_pipeline, make_shelf
from app.questions import resolve
from app.reader import candidates
from app.scorer import Features, SentenceScorer
from app.settings import load_settings
from eval.formats import read_set
from eval.matching import covers
from index import SentenceEmbedder

# As strong as keeps the coefficients of nine overlapping features from trading off wildly.
_REGULARISATION = 1.0


def main() -> None:
    """Print the coefficients and how well they tell evidence apart."""
    settings = load_settings()
    pipeline = make_pipeline(settings, make_shelf(settings, SentenceEmbedder()), SHIPPED)
    reader = pipeline.reader
    assert isinstance(reader, SentenceScorer)
    rows: list[tuple[float, ...]] = []
    labels: list[int] = []
    groups: list[int] = []
    for number, gold in enumerate(read_set(Path(sys.argv[1])).questions):
        query = resolve(gold.question, gold.history).queries[-1]
        hits = pipeline.retriever.retrieve(query)[: settings.reader.passages]
        found = candidates(pipeline.retriever.index, hits)
        evidence = [sentence for one in gold.evidence for sentence in one]
        for candidate, features in zip(found, reader.features(query, found), strict=True):
            rows.append(astuple(features))
            labels.append(int(any(covers(candidate.text, sentence) for sentence in evidence)))
            groups.append(number)
    x, y, g = np.array(rows), np.array(labels), np.array(groups)
    model = LogisticRegression(C=_REGULARISATION, max_iter=10_000)
    held_out = cross_val_predict(model, x, y, groups=g, cv=GroupKFold(10), method="predict_proba")[:, 1]
    best = {number: held_out[g == number].argmax() for number in set(groups)}
    answerable = [n for n in best if y[g == n].any()]
    right = [n for n in answerable if y[g == n][best[n]]]
    top = np.array([held_out[g == n].max() for n in best])
    is_answerable = np.array([n in answerable for n in best])
    auc = np.mean([[a > b for b in top[~is_answerable]] for a in top[is_answerable]])
    print(f"questions {len(best)}, examples {len(y)}, evidence among the candidates for {len(answerable)}")
    print(f"held out: best sentence is evidence {len(right)}/{len(answerable)}, answerable AUC {auc:.3f}")
    model.fit(x, y)
    print(f"INTERCEPT = {model.intercept_[0]:.2f}")
    for field, weight in zip(fields(Features), model.coef_[0], strict=True):
        print(f"  {field.name:20} {weight:6.2f}")


if __name__ == "__main__":
    main()
