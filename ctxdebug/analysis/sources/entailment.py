"""An entailment model that the user supplies, for the claims that words alone do not decide (extra `onnx`).

`[tool.ctxdebug.sources] nli = "path/model.onnx"`: a classifier of pairs (premise, claim), with its `tokenizer.json` and its
`config.json`, whose `id2label` names the classes, in the same folder. It decides claims that are open and claims whose words are
in no source; it disputes no claim that a source says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.onnx_classifier import OnnxClassifier
from ctxdebug.analysis.sources.citations import uncited
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.near_statements import FIELD, nearest_statements
from ctxdebug.errors import UsageError
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.evidence import Evidence
    from ctxdebug.analysis.sources.examination import Examination

_PREMISES = 4
"""Sentences, the nearest ones, that a claim is held against; each alone, and with its neighbours."""
_FEW = 8
"""Sentences of all sources together that are all tried: the words of a claim may be in none of them."""
_MOST = 60
"""Claims of one answer that the model is asked about."""
_LEAN = 0.5
"""Share of entailment from which another sentence speaks for a claim, so that no contradiction is told."""
_CONFIDENCE = 0.8
"""Of what a model says, however sure it is."""


@record(frozen=True, slots=True)
class Judgement:
    """How likely a premise entails a claim, and contradicts it; each 0 to 1."""

    entails: float
    contradicts: float


class Entailment:
    """An entailment model in memory. Raises `UsageError` when it or what runs it is missing or does not fit."""

    def __init__(self, model: Path) -> None:
        config = model.parent / "config.json"
        if not config.is_file():
            raise UsageError(f"the entailment model needs {config}, which is not there")
        self._entails, self._contradicts = _classes(config)
        self._classifier = OnnxClassifier(model, "the entailment model")
        self.name = self._classifier.name

    def judge(self, premise: str, claim: str) -> Judgement:
        """Return what the model says of a pair."""
        shares = self._classifier.shares(premise, claim)
        if max(self._entails, -1 if self._contradicts is None else self._contradicts) >= len(shares):
            raise UsageError(
                f"the entailment model {self.name} has {len(shares)} classes, and its config.json names more"
            )
        return Judgement(shares[self._entails], 0.0 if self._contradicts is None else shares[self._contradicts])


def _classes(config: Path) -> tuple[int, int | None]:
    """Return the numbers of the classes *entailment* and *contradiction* (None where the model has no such class)."""
    try:
        labels = json.loads(config.read_text("utf-8"))["id2label"]
        named = {str(label).lower().replace("-", "_"): int(number) for number, label in labels.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{config} does not name the classes of the entailment model (`id2label`)") from error
    entails = named.get("entailment", named.get("entailed", named.get("support")))
    if entails is None:
        raise UsageError(f"{config} names no class `entailment`: {', '.join(sorted(named))}")
    return entails, named.get("contradiction")


@lru_cache(maxsize=1)
def entailment(model: str) -> Entailment:
    """Return the entailment model at a path, loaded once."""
    return Entailment(Path(model))


def decided(
    claims: Sequence[Claim], examination: Examination, model: Entailment, threshold: float
) -> tuple[Claim, ...]:
    """Return the claims, those decided that are open or whose words are in no source."""
    found, asked = list(claims), 0
    for at, claim in enumerate(claims):
        wanted = (claim.open and not FIELD.match(claim.text)) or claim.verdict is ClaimVerdict.UNSUPPORTED
        if wanted and asked < _MOST:
            asked += 1
            found[at] = _decided(claim, examination, model, threshold)
    return tuple(found)


def _decided(claim: Claim, examination: Examination, model: Entailment, threshold: float) -> Claim:
    evidence, own = examination.evidence, statement(uncited(claim.text))
    judged = [(one, _judged(model, evidence, one, own.text)) for one in _premises(own, examination)]
    if not judged:
        return claim
    best, said = max(judged, key=lambda row: row[1].entails)
    if said.entails >= threshold:
        origin = evidence.origins[best.source]
        text = "a source" if origin is Origin.SOURCE else f"the {origin}"
        return replace(
            claim,
            verdict=ClaimVerdict.SUPPORTED,
            why=f"follows from {text}, says the entailment model {model.name} ({said.entails:.2f})",
            passage=evidence.corpus.passage(best),
            origin=origin,
            differences=(),
            confidence=0.0,
        )
    worst, said_against = max(judged, key=lambda row: row[1].contradicts)
    if said_against.contradicts < threshold or said.entails >= _LEAN:
        return claim
    spot = evidence.corpus.passage(worst)
    return replace(
        claim,
        verdict=ClaimVerdict.CONTRADICTED,
        why=f"contradicted, says the entailment model {model.name} ({said_against.contradicts:.2f})",
        passage=spot,
        origin=evidence.origins[worst.source],
        differences=(Difference("meaning", claim.text, evidence.corpus.words(spot), claim.start, claim.end, spot),),
        confidence=_CONFIDENCE,
    )


def _premises(own: Statement, examination: Examination) -> list[Statement]:
    """Return the sentences to hold a claim against: those nearest to its words, those nearest to the question, of few sources all."""
    evidence = examination.evidence
    near = [one.whole for one in nearest_statements(own, evidence, examination.question)][:_PREMISES]
    if examination.question is not None:
        near += evidence.corpus.nearest(examination.question.stems, _PREMISES // 2)
    sources = [one for number in range(len(examination.sources)) for one in evidence.corpus.of(number)]
    near += sources if len(sources) <= _FEW else []
    stated = [one for one in near if not one.text.rstrip().endswith("?")]
    return list({(one.source, one.start): one for one in stated}.values())[:_FEW]


def _judged(model: Entailment, evidence: Evidence, one: Statement, claim: str) -> Judgement:
    """Judge a claim by a sentence alone, and by it with its neighbours, which may name what it speaks of."""
    alone = model.judge(one.text, claim)
    beside = evidence.corpus.beside(one)
    if len(beside) < 2:
        return alone
    together = model.judge(" ".join(each.text for each in beside), claim)
    return Judgement(max(alone.entails, together.entails), max(alone.contradicts, together.contradicts))
