"""Fit the reader's confidence and write its config.json: python scripts/calibrate_reader.py --data DIR.

Platt scaling (Platt 1999): the probability that the best sentence answers the question, from the logit of
its passage and the share of the answer that lies in it. Fitted on the tune splits of CMRC 2018 and
SQuAD 2.0 over their own paragraphs and on article-dev over the article, each set with the same weight.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from app.collections import SHIPPED
from app.engine import make_shelf
from app.questions import resolve
from app.settings import home, load_settings
from app.span_reader import ReaderConfig, ReadSentence, SpanReader, retriever_sha256
from corpus import Document
from eval.formats import find_set, read_set
from eval.formats.squad import GIVEN
from eval.matching import covers
from eval.questions import GoldQuestion
from index import Hit, Index, PassageRules, Retriever, SentenceEmbedder, split_passages
from index.dense import DenseIndex
from index.lexical import LexicalIndex

READER = Path(__file__).parents[1] / "app" / "models" / "reader"
SAMPLE = 300  # questions of each set
UNFITTED = ReaderConfig(retriever=retriever_sha256(), intercept=0.0, logit=1.0, mass=1.0)


@dataclass(frozen=True)
class Point:
    """The best sentence of a question: what the model says of it, and whether it is right."""

    logit: float
    mass: float
    right: bool


def main() -> None:
    """Fit, print how well it separates, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the SQuAD-like files")
    data = parser.parse_args().data
    (READER / "config.json").write_text(UNFITTED.model_dump_json(indent=1) + "\n", encoding="utf-8")
    sets = {
        "article-dev": list(_article()),
        "cmrc tune": list(_squad(data / "cmrc2018_dev.json.gz")),
        "squad 2.0 tune": list(_squad(data / "squad2_zh_dev.json.gz")),
    }
    rows = [(p.logit, math.log(p.mass + 1e-6), p.right, 1 / len(s)) for s in sets.values() for p in s]
    x, y, weight = np.array([r[:2] for r in rows]), np.array([r[2] for r in rows]), [r[3] for r in rows]
    model = LogisticRegression(C=1e3).fit(x, y, sample_weight=np.array(weight) * len(rows) / len(sets))
    for name, points in sets.items():
        right = [p.right for p in points]
        scores = model.decision_function([(p.logit, math.log(p.mass + 1e-6)) for p in points])
        area = roc_auc_score(right, scores) if len(set(right)) == 2 else math.nan
        print(f"{name}: {len(points)} questions, best sentence right {np.mean(right):.3f}, AUC {area:.3f}")
    config = ReaderConfig(
        retriever=retriever_sha256(),
        intercept=round(float(model.intercept_[0]), 3),
        logit=round(float(model.coef_[0][0]), 3),
        mass=round(float(model.coef_[0][1]), 3),
    )
    (READER / "config.json").write_text(config.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(config)


def _article() -> Iterator[Point]:
    settings = load_settings()
    embedder = SentenceEmbedder(settings.models.embedder, settings.models.threads)
    index = make_shelf(settings, embedder).open(SHIPPED)
    retriever, reader = Retriever(index, embedder, settings.retrieval), SpanReader(index)
    for gold in read_set(find_set("article-dev", home() / "sets")).questions:
        query = resolve(gold.question, gold.history).queries[-1]
        yield _point(reader, gold, query, retriever.retrieve(query)[: settings.reader.passages])


def _squad(path: Path) -> Iterator[Point]:
    questions = [q for q in read_set(path, "squad", "tune").questions if q.type == GIVEN]
    documents = {d.id: d for d in read_set(path, "squad", "tune").documents}
    reader = SpanReader(_bare(list(documents.values())))
    for gold in random.Random(5).sample(questions, min(SAMPLE, len(questions))):
        hits = _hits(documents[gold.within[0]])
        if hits:
            yield _point(reader, gold, gold.question, hits)


def _point(reader: SpanReader, gold: GoldQuestion, query: str, hits: list[Hit]) -> Point:
    found = [c for passage in reader.read_passages(query, hits) for c in reader.sentences(passage)]
    best: ReadSentence = max(found, key=UNFITTED.confidence)
    text = best.document.quote(best.sentence.start, best.sentence.end)
    right = any(covers(text, sentence) for one in gold.evidence for sentence in one)
    return Point(best.read.logit, best.mass, right)


def _hits(document: Document) -> list[Hit]:
    passages = split_passages(document, PassageRules())
    return [
        Hit(rank, p, document.quote(p.start, p.end), 0.0, None, None)
        for rank, p in enumerate(passages, start=1)
    ]


def _bare(documents: list[Document]) -> Index:
    """An index to look documents up in, not to search."""
    nothing = np.zeros((0, 1), np.float32)
    return Index(
        tuple(documents), (), DenseIndex.build(nothing), LexicalIndex.build([]), nothing.astype(np.float16)
    )


if __name__ == "__main__":
    main()
