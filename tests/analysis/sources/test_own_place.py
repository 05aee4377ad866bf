"""A value is held against what is said of the same thing: of the cited document, of its subject, of the line of its event."""

from __future__ import annotations

from ctxdebug.analysis.sources.citations import citations
from ctxdebug.analysis.sources.claim import ClaimVerdict
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

_TERMS = {
    "t-1": "Parking starts after nine months with the company.",
    "t-2": "Bicycles can be leased through the company after the trial period.",
    "t-3": "The trial period lasts five months.",
}
_LOG = {"log": "06:02 alarm in mill C\n06:09 first engine on site\n06:11 power to mill C cut\n06:31 fire out"}
_LAKE = {"lake": '{"capacity_m3": 3480000, "volume_m3": 1712000, "pct": 49.2}'}
_LEASE = "How soon can I lease a bike? And when does parking start with the company?"
_FIRE = "When was the first engine on site? And when was the fire out?"
_FULL = "How full is the lake?"
_CASES = [
    (_TERMS, _LEASE, "It starts after the trial period [t-2], which is five months [t-3].", None),
    (_TERMS, _LEASE, "It starts after the trial period, which is five months.", None),
    (_TERMS, _LEASE, "Parking starts after five months with the company [t-1].", ClaimVerdict.CONTRADICTED),
    (_LOG, _FIRE, "The first engine was on site at 06:09, and the power was cut soon after.", None),
    (_LOG, _FIRE, "The first engine was on site at 06:19.", ClaimVerdict.CONTRADICTED),
    (_LAKE, _FULL, "It holds roughly 1.7 million (rounded).", None),
    (_LAKE, _FULL, "It holds roughly 1.9 million (rounded).", ClaimVerdict.UNSUPPORTED),
]  # fmt: skip


def test_a_value_is_held_against_what_is_said_of_its_own_thing() -> None:
    wrong = {ClaimVerdict.CONTRADICTED, ClaimVerdict.UNSUPPORTED}
    for texts, question, answer, expected in _CASES:
        sources = [Source(name, text, name, "", True) for name, text in texts.items()]
        verdicts = {claim.verdict for claim in Examination(sources, question, answer, user=[question]).claims}
        assert (expected in verdicts) if expected else verdicts.isdisjoint(wrong), (answer, verdicts)


def test_elements_of_any_name_with_ids_can_be_cited() -> None:
    rules = (
        '<sheet id="loft-1">Mineral wool is laid in two layers, the second across the first.</sheet>\n'
        '<sheet id="loft-2">Vapour barriers are taped at all joints before plastering.</sheet>'
    )
    wool = "Mineral wool is laid in two layers, the second across the first"
    for label, better in (("loft-2", "loft-1"), ("loft-1", "")):
        found = citations(f"{wool} [{label}].", Corpus([]), [rules], asked=True)
        assert [(one.label, one.known, one.better) for one in found] == [(label, True, better)]
