"""The claims: whole and balanced, and what a checker that is known makes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import pytest

from app.checker import Check
from app.told import Source
from eval.claims import KINDS, TRUE, Half, check_all, claims_table, read_claims, run_claims


class Credulous:
    """Bears everything by the first sentence."""

    def check(self, claim: str, sources: Sequence[Source]) -> Check:
        """Always the first."""
        return Check("supported", (0,), 1.0)


@pytest.mark.parametrize("half", ["dev", "test"])
def test_each_half_is_whole(half: Half) -> None:
    claims = read_claims(half)
    assert Counter(claim.kind for claim in claims) == {
        "true": 100, "number": 30, "date": 25, "amount": 25, "name": 35, "negation": 30, "other-sentence": 25,
        "invention": 30,
    }  # fmt: skip
    assert len({claim.id for claim in claims}) == len({claim.text for claim in claims}) == 300
    for claim in claims:
        assert len(claim.evidence) == 4
        assert bool(claim.bearing) is (claim.kind == TRUE)
        assert all(0 <= place < 4 for place in claim.bearing)


def test_the_halves_share_no_sentence() -> None:
    dev, test = ({s.text for c in read_claims(half) for s in c.evidence} for half in ("dev", "test"))
    assert not dev & test


def test_who_bears_everything_stops_nothing() -> None:
    summary = run_claims("dev", Credulous())  # type: ignore[arg-type]
    assert {kind: summary["stopped"][kind]["mean"] for kind in KINDS} == dict.fromkeys(KINDS, 0.0)
    true = [claim for claim in read_claims("dev") if claim.kind == TRUE]
    right = sum(0 in claim.bearing for claim in true)
    assert summary["cited_right"]["mean"] == pytest.approx(right / 100)
    table = claims_table(summary)
    assert f"| {TRUE} " in table and "0.00 (0.00 to 0.00)" in table
    json.dumps(summary)


def test_every_claim_gets_a_verdict() -> None:
    claims = read_claims("dev")[:3]
    verdicts = list(check_all(claims, Credulous()))  # type: ignore[arg-type]
    assert [verdict.claim for verdict in verdicts] == claims
    assert not any(verdict.stopped for verdict in verdicts)
