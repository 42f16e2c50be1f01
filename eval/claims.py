"""Claims with their evidence: how many of each kind the checker stops.

A claim is `stopped` when no sentence of its evidence is found to bear it. True ones should pass, all others
be stopped. Nothing is tuned on the test half; both were written by who had not seen the checker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Literal

from app.checker import Checker
from app.told import Source
from corpus import simplified
from eval import machine
from eval.statistics import mean_with_interval
from eval.tables import cell, table

Half = Literal["dev", "test"]
ARTICLE_YEAR = "2024"  # of the shipped article, from which the rows of the source `article` are
TRUE = "true"
KINDS = ("number", "date", "amount", "name", "negation", "other-sentence", "invention", TRUE)


@dataclass(frozen=True)
class Claim:
    """A claim over evidence sentences; `bearing` are the places of those that bear it."""

    id: str
    kind: str
    text: str
    evidence: tuple[Source, ...]
    bearing: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """What the checker made of a claim."""

    claim: Claim
    stopped: bool
    cited: tuple[int, ...]


def read_claims(half: Half) -> list[Claim]:
    """The claims of one half, in their order."""
    evidence = {row["evidence_id"]: _evidence(row) for row in _rows(f"evidence-{half}")}
    return [
        Claim(
            id=row["id"],
            kind=row["kind"],
            text=row["claim"],
            evidence=evidence[row["evidence_id"]],
            bearing=tuple(number - 1 for number in row["sentences"]),
        )
        for row in _rows(f"claims-{half}")
    ]


def check_all(claims: Iterable[Claim], checker: Checker) -> Iterator[Verdict]:
    """The verdict on each claim."""
    for claim in claims:
        check = checker.check(claim.text, claim.evidence)
        yield Verdict(claim, check.verdict == "unsupported", check.sources)


def run_claims(
    half: Half, checker: Checker, bar: Callable[[Iterator[Verdict]], Iterable[Verdict]] = iter
) -> dict[str, Any]:
    """The summary of one half: the share stopped of every kind, and how often what is cited is right."""
    verdicts = list(bar(check_all(read_claims(half), checker)))
    passed = [one for one in verdicts if one.claim.kind == TRUE and not one.stopped]
    return {
        "half": half,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "sha256": hashlib.sha256((_folder() / f"claims-{half}.jsonl").read_bytes()).hexdigest(),
        "stopped": {kind: _mean([v.stopped for v in verdicts if v.claim.kind == kind]) for kind in KINDS},
        "cited_right": _mean([set(one.cited) <= set(one.claim.bearing) for one in passed]),
    }


def claims_table(summary: dict[str, Any]) -> str:
    """A row a kind."""
    rows = [
        [kind, summary["stopped"][kind]["n"], cell(summary["stopped"][kind])]
        for kind in KINDS
        if summary["stopped"][kind]
    ]
    rows.append(
        [
            "true, passed: cites right sentences only",
            summary["cited_right"]["n"],
            cell(summary["cited_right"]),
        ]
    )
    return table(["claims", "n", "stopped"], rows)


def _mean(values: Sequence[bool]) -> dict[str, Any]:
    return asdict(mean_with_interval([float(value) for value in values])) if values else {}


def _evidence(row: dict[str, Any]) -> tuple[Source, ...]:
    published = ARTICLE_YEAR if row["source"] == "article" else None
    return tuple(
        Source(simplified(text), published, row["document"], place)
        for place, text in enumerate(row["sentences"])
    )


def _rows(name: str) -> list[dict[str, Any]]:
    text = (_folder() / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _folder() -> Any:
    return files("eval") / "claims"
