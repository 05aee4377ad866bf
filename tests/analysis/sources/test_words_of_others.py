"""Quotations, citations, and where an expected fact is."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.citations import citations
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.localisation import Place, localise
from ctxdebug.analysis.sources.quotations import quotations
from ctxdebug.analysis.sources.source import Source

LEAFLET = "Patients must not drive for six hours – at least – after the first dose. Don't mix it with alcohol."
CORPUS = Corpus(
    [
        Source("leaflet", LEAFLET),
        Source("kettle-1", "Descale the Kestrel kettle with vinegar twice a year, and rinse it with cold water."),
    ]
)


@pytest.mark.parametrize(
    "quote",
    [
        "Patients must not drive for six hours",
        "patients must not drive for six hours - at least - after the first dose",
        "Patients  must\u00a0not drive for six hours",
        "Patients must not drive … after the first dose",
        "Patients must not drive [...] after the first dose.",
        "[They] must not drive for six hours",
        "Don’t mix it with alcohol",
    ],
)
def test_an_exact_quotation_is_kept(quote: str) -> None:
    assert [one.exact for one in quotations(f"It says “{quote}”.", CORPUS)] == [True]


@pytest.mark.parametrize(
    "quote",
    [
        "Patients should not drive for six hours",
        "Patients must not drive for two hours",
        "Patients must drive for six hours",
        "Patients must not drive for six hour",
    ],
)
def test_one_changed_word_makes_it_altered(quote: str) -> None:
    (found,) = quotations(f'It says "{quote}".', CORPUS)
    assert not found.exact
    assert found.altered
    assert "six hours" in found.nearest


@pytest.mark.parametrize(
    "answer",
    [
        'Press "OK".',
        'Say "thank you".',
        '```\nprint("Patients should never ever drive")\n```',
        "It's the patient's choice",
    ],
)
def test_short_or_coded_quotes_are_not_quotations(answer: str) -> None:
    assert quotations(answer, CORPUS) == ()


def test_a_quotation_of_nothing_near_is_not_called_altered() -> None:
    (found,) = quotations('He said "the moon is made of green cheese and honey".', CORPUS)
    assert not found.altered


CITED = "Descale the Kestrel kettle with vinegar twice a year and rinse it with cold water"


@pytest.mark.parametrize(
    "label",
    ["[kettle-1]", "【kettle-1†source】", "(source: kettle-1)", "[2]", "[doc 2]", "[^2]", '<cite id="kettle-1">'],
)
def test_a_citation_is_resolved(label: str) -> None:
    assert [one.source for one in citations(f"{CITED} {label}.", CORPUS)] == [1]


@pytest.mark.parametrize("label", ["[kettle-7]", "[9]", "【9†source】", "[^5]"])
def test_an_unknown_citation_has_no_source(label: str) -> None:
    assert [one.source for one in citations(f"{CITED} {label}.", CORPUS)] == [None]


@pytest.mark.parametrize(
    "answer",
    [
        "See [the manual](https://a.example).",
        "Use items[0] here.",
        "- [ ] buy vinegar",
        "- [x] done",
        "Write [your name] here.",
        "`[7]`",
        f"{CITED} [3].\n\nReferences\n[3] A web page about kettles",
    ],
)
def test_brackets_that_cite_nothing_are_left_alone(answer: str) -> None:
    assert [one for one in citations(answer, CORPUS) if one.source is None] == []


def test_a_citation_of_the_wrong_source_names_the_better_one() -> None:
    (found,) = citations(f"{CITED} [leaflet].", CORPUS)
    assert (found.source, found.better) == (0, "kettle-1")
    assert found.share < 0.35 < found.better_share


FILLER = "The garden is open in summer and the path leads along the river to the old mill. " * 150


@pytest.mark.parametrize(
    ("fact", "texts", "place"),
    [
        ("30 days", ["Returns are free for 30 days."], Place.PLAIN),
        ("30 days", ["Returns are free for thirty days."], Place.PLAIN),
        ("30 days", ["Returns are free for 720 hours."], Place.PLAIN),
        ("30 days", ["Returns are free for one month."], Place.NEVER),
        ("30 days", ["Returns are free for 130 days."], Place.NEVER),
        ("30 days", [FILLER, "Returns are free for 30 days.", FILLER], Place.OVERLOOKED),
        ("30 days", ["Returns are free for 30 days.", FILLER, FILLER], Place.PLAIN),
        ("the code is blue whale nine", ["He wrote down that the code is blue whale"], Place.CUT),
    ],
)
def test_a_fact_is_found_where_it_is(fact: str, texts: list[str], place: Place) -> None:
    assert localise(fact, Corpus([Source(str(n), text) for n, text in enumerate(texts)])).place is place


def test_a_fact_that_was_dropped_before_sending_was_cut() -> None:
    gone = Corpus([Source("m1.s0", "Returns are free for 30 days.")])
    found = localise("30 days", Corpus([Source("a", "Returns are free.")]), cut=gone)
    assert found.place is Place.CUT
    assert found.retrieval
