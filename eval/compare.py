"""Two runs of the same questions, side by side: what got better, what got worse, and whether by chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import LABELS, LOWER_IS_BETTER, PRIMARY
from eval.records import Record, RunFolder, RunFolderError
from eval.statistics import paired_p_value, sign_change_p_value
from eval.tables import TOPICS, table

SIGNIFICANT = 0.05
_LEAST = 10  # questions drawn; from fewer the bootstrap draws the same few again and again
_SHOWN = 20  # questions listed on either side
# More statements are neither better nor worse.
_COMPARED = [metric for topic in TOPICS for metric in topic if metric != "statements"] + ["latency_ms"]


@dataclass(frozen=True)
class Change:
    """A metric's means over the questions that have it in both runs."""

    metric: str
    questions: int
    before: float
    after: float


@dataclass(frozen=True)
class Comparison:
    """How run B differs from run A, over the questions that both answered."""

    changes: tuple[Change, ...]
    better: tuple[Record, ...]  # B's records of the questions that became right
    worse: tuple[Record, ...]
    p_value: float  # of the difference in `grounded`; 1.0 where no question has it
    signs_p_value: float  # the same by changes of signs
    left_out: int  # questions of only one run, or with an error in either
    drawn: int  # questions that have `grounded`; the conditions of one are drawn together

    @property
    def fell(self) -> bool:
        """Whether `grounded` is lower by more than chance explains."""
        grounded = [change for change in self.changes if change.metric == PRIMARY]
        lower = any(change.after < change.before for change in grounded)
        return lower and max(self.p_value, self.signs_p_value) < SIGNIFICANT and self.drawn >= _LEAST

    @property
    def text(self) -> str:
        """For the terminal: the table, then the questions whose `grounded` changed."""
        rows = [
            [LABELS[c.metric], c.questions, f"{c.before:.3f}", f"{c.after:.3f}", _signed(c)]
            for c in self.changes
        ]
        parts = [table(["", "questions", "A", "B", "B - A"], rows)]
        parts += [_listed("better", self.better), _listed("worse", self.worse)]
        if self.left_out:
            parts.append(f"{self.left_out} questions are left out: in one run only, or with an error.")
        verdict = "fell significantly" if self.fell else "did not fall significantly"
        by_signs = f"by changes of signs, p = {self.signs_p_value:.3f}"
        parts.append(f"{PRIMARY} {verdict} (paired bootstrap, p = {self.p_value:.3f}; {by_signs}).")
        return "\n\n".join(parts)


def compare_runs(before: Path, after: Path) -> Comparison:
    """Compare run B with run A. Raises RunFolderError when they have no question in common."""
    a, b = (_by_id(RunFolder(path)) for path in (before, after))
    common = sorted(a.keys() & b.keys())
    other = [i for i in common if a[i].gold != b[i].gold]
    if other:
        raise RunFolderError(f"question {other[0]!r} is not the same in both runs; run both on one set.")
    pairs = [(a[i], b[i]) for i in common if a[i].metrics is not None and b[i].metrics is not None]
    if not pairs:
        raise RunFolderError(f"{before} and {after} have no answered question in common.")
    return compare(pairs, left_out=len(a.keys() | b.keys()) - len(pairs))


def compare(pairs: Sequence[tuple[Record, Record]], left_out: int = 0) -> Comparison:
    """The comparison of answered records, A's and B's of each question."""
    metrics = [(a.metrics or {}, b.metrics or {}) for a, b in pairs]
    moves = [
        (b[PRIMARY] - a[PRIMARY], after)
        for (a, b), (_, after) in zip(metrics, pairs, strict=True)
        if PRIMARY in a
    ]
    drawn: defaultdict[str, float] = defaultdict(float)
    for move, after in moves:
        drawn[after.gold.base] += move
    return Comparison(
        changes=tuple(change for metric in _COMPARED if (change := _change(metric, metrics))),
        better=tuple(after for move, after in moves if move > 0),
        worse=tuple(after for move, after in moves if move < 0),
        p_value=paired_p_value([*drawn.values()]) if drawn else 1.0,
        signs_p_value=sign_change_p_value([*drawn.values()]),
        left_out=left_out,
        drawn=len(drawn),
    )


def _by_id(folder: RunFolder) -> dict[str, Record]:
    """The records by id, without their answers: thousands of them are held."""
    return {r.id: r.model_copy(update={"answer_record": None}) for r in folder.records()}


def _change(metric: str, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> Change | None:
    both = [(a[metric], b[metric]) for a, b in pairs if metric in a and metric in b]
    if not both:
        return None
    before, after = (math.fsum(side) / len(both) for side in zip(*both, strict=True))
    return Change(metric, len(both), before, after)


def _signed(change: Change) -> str:
    difference = change.after - change.before
    if abs(difference) < 0.0005:
        return "0.000"
    better = (difference > 0) != (change.metric in LOWER_IS_BETTER)
    return f"{difference:+.3f} {'better' if better else 'worse'}"


def _listed(name: str, records: Sequence[Record]) -> str:
    lines = [f"{name} ({len(records)}):"]
    lines += [f"  {record.id}  {record.gold.question}" for record in records[:_SHOWN]]
    if len(records) > _SHOWN:
        lines.append(f"  … and {len(records) - _SHOWN} more")
    return "\n".join(lines)
