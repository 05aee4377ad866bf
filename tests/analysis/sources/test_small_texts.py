"""Wrong answers about short texts are contradicted, right ones are not: the rows of small_texts.txt, turned_texts.txt and spoken_texts.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.analysis.sources.claim import ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source
from tests.bench.claim_probes import Probe, probes


def _contradicted(one: Probe) -> bool:
    claims = Examination([Source("text", one.text)], one.question, one.answer, user=[one.question]).claims
    return any(claim.verdict is ClaimVerdict.CONTRADICTED for claim in claims)


@pytest.mark.parametrize("name", ["small_texts.txt", "turned_texts.txt", "spoken_texts.txt"])
def test_only_wrong_answers_are_contradicted(name: str) -> None:
    rows = list(probes(Path(__file__).with_name(name)))
    assert sum(bool(one.kind) for one in rows) < sum(not one.kind for one in rows)
    assert [(one.kind, one.answer) for one in rows if _contradicted(one) != bool(one.kind)] == []
