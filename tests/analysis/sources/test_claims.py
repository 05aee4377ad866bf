"""The answer claim by claim: one verdict each, with what differs and where."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

HOUSE = (
    "The warranty of the kettle covers water damage for three years. Pets are not allowed in the hotel. "
    "Maria Lopez leads the Berlin office. Employees must submit receipts. Some plans include phone support. "
    "Acme acquired Globex in 2019. The export runs on Linux and Windows."
)


def claim(answer: str, *texts: str, question: str = "") -> Claim:
    sources = [Source(str(number), text) for number, text in enumerate(texts)]
    (found,) = Examination(sources, question, answer, user=[question] if question else []).claims
    return found


@pytest.mark.parametrize(
    ("answer", "kind", "claimed", "stated"),
    [
        ("Pets are allowed in the hotel.", "negation", "allowed", "not allowed"),
        ("The warranty does not cover water damage.", "negation", "not cover", "covers"),
        ("Tom Chen leads the Berlin office.", "name", "Tom Chen", "Maria Lopez"),
        ("Employees may submit receipts.", "modality", "may", "must"),
        ("Submitting receipts is optional for employees.", "modality", "optional", "must"),
        ("All plans include phone support.", "quantifier", "All", "Some"),
        ("Globex acquired Acme in 2019.", "role", "Globex acquired Acme", "Acme acquired Globex"),
        ("Acme acquired Globex in 2017.", "date", "2017", "2019"),
        ("The warranty covers water damage for five years.", "duration", "five years", "three years"),
    ],
)
def test_a_claim_is_contradicted_in_one_point(answer: str, kind: str, claimed: str, stated: str) -> None:
    found = claim(answer, HOUSE)
    assert found.verdict is ClaimVerdict.CONTRADICTED
    (difference,) = found.differences
    assert (difference.kind, difference.claimed, difference.stated) == (kind, claimed, stated)
    assert answer[difference.start : difference.end] == claimed
    assert difference.spot is not None
    assert HOUSE[difference.spot.start : difference.spot.end] == stated


@pytest.mark.parametrize(
    "answer",
    [
        "Pets are not allowed in the hotel.",
        "No pets are allowed in the hotel.",
        "The kettle's warranty covers water damage for three years.",
        "The Berlin office is led by Maria Lopez.",
        "Globex was acquired by Acme in 2019.",
        "Some of the plans include phone support.",
    ],
)
def test_the_same_in_other_words_is_supported(answer: str) -> None:
    assert claim(answer, HOUSE).verdict is ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Would you like to know more?", "a question"),
        ("The manual does not say how long the warranty is.", "it says that something is not known"),
        ("Let me know if you need anything else.", "an offer"),
    ],
)
def test_what_states_nothing_is_not_examined(answer: str, why: str) -> None:
    found = claim(answer, HOUSE)
    assert (found.verdict, found.why, found.asserts) == (ClaimVerdict.NOT_EXAMINED, why, False)


def test_nothing_given_is_not_examined() -> None:
    found = claim("The notice period is three months.")
    assert (found.verdict, found.open) == (ClaimVerdict.NOT_EXAMINED, True)


def test_a_value_that_no_text_contains_is_unsupported() -> None:
    found = claim("The warranty of the kettle covers water damage for three years and costs £85,000.", HOUSE)
    assert found.verdict is ClaimVerdict.UNSUPPORTED
    assert [one.claimed for one in found.differences] == ["£85,000"]


@pytest.mark.parametrize(
    ("left", "right", "conflict"),
    [
        ("Tom Chen leads the Berlin office.", "Maria Lopez leads the Berlin office.", True),
        ("The parcel is shipped from Hamburg every day.", "The parcel is shipped from Bremen every day.", True),
        ("Employees must submit the form in advance.", "Employees may submit the form in advance.", True),
        ("The Aurora Hotel has a heated pool.", "The Borealis Hotel has a heated pool.", False),
        ("The Team plan includes phone support.", "The Solo plan includes phone support.", False),
        ("The Paris office opens at nine every day.", "The Rome office opens at nine every day.", False),
        ("Ada Stone works in the Paris office.", "Ben Marsh works in the Paris office.", False),
        ("Gate 4 opens at 4:04.", "Gate 5 opens at 5:05.", False),
    ],
)
def test_one_sentence_with_one_name_changed_conflicts_where_only_one_can_be_meant(
    left: str, right: str, conflict: bool
) -> None:
    examined = Examination([Source("a", left), Source("b", right)])
    assert any(one.sure for one in examined.conflicts) is conflict


@pytest.mark.parametrize(
    ("answer", "source", "verdict"),
    [
        ("Yes.", "Pets are not allowed in the rooms.", ClaimVerdict.CONTRADICTED),
        ("No.", "Pets are allowed in the rooms.", ClaimVerdict.CONTRADICTED),
        ("No.", "Pets are not allowed in the rooms.", ClaimVerdict.NOT_EXAMINED),
    ],
)
def test_a_bare_yes_or_no_is_read_with_the_question(answer: str, source: str, verdict: ClaimVerdict) -> None:
    assert claim(answer, source, question="Are pets allowed in the rooms?").verdict is verdict


@pytest.mark.parametrize(
    ("answer", "source", "kind"),
    [
        ("The export runs only on Linux.", "The export runs on Linux and Windows.", "completeness"),
        ("Guests may use the gym.", "Guests may use the gym only with prior approval.", "condition"),
        ("The hotel limit is 100 EUR.", "The hotel limit is 120 EUR per night.", "money"),
    ],
)
def test_what_the_claim_leaves_out_can_contradict(answer: str, source: str, kind: str) -> None:
    assert [one.kind for one in claim(answer, source).differences] == [kind]


def test_a_difference_is_where_the_captured_answer_has_it_with_its_emphasis() -> None:
    answer = "The hotel limit **for Berlin** is **100 EUR** per night."
    found = claim(answer, "The hotel limit for Berlin is 120 EUR per night.")
    (difference,) = found.differences
    assert answer[difference.start : difference.end] == "100 EUR"


@pytest.mark.parametrize(
    ("answer", "source", "verdict"),
    [
        (
            "Members collect two points for every euro spent.",
            "Members collect one point for every euro spent.",
            ClaimVerdict.CONTRADICTED,
        ),
        ("It is open on Sundays.", "It is closed on Sundays.", ClaimVerdict.CONTRADICTED),
        ("The plan covers COVID-19 tests.", "The plan covers COVID tests.", ClaimVerdict.SUPPORTED),
    ],
)
def test_number_words_opposites_and_longer_names(answer: str, source: str, verdict: ClaimVerdict) -> None:
    assert claim(answer, source, question="Is it open on Sundays?").verdict is verdict


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("Harrow Mills wove the cloth of the spring line.", "It wove the cloth of the spring line in the north."),
        ("The mill was founded by Castellane after a visit.", "The mill has woven linen and wool for many years."),
        ("Wool keeps sheep farmers solvent through lean winters.", "The museum opens at nine and closes at five."),
    ],
)
def test_a_missing_subject_name_or_sentence_alone_is_a_side_remark(answer: str, source: str) -> None:
    found = claim(answer, source)
    assert found.verdict is not ClaimVerdict.CONTRADICTED
    assert found.confidence < 0.5


def test_a_missing_value_that_opens_the_sentence_is_more_than_a_side_remark() -> None:
    found = claim("£85,000 is the yearly revenue that the account asks for.", "The account asks for a yearly revenue.")
    assert (found.verdict, found.confidence >= 0.5) == (ClaimVerdict.UNSUPPORTED, True)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("Pia Holm has stopped her account on the forum.", "Pia Holm has shut down her account on the forum."),
        ("The role that they played in the mining industry.", "The display of their role in the mining industry."),
        ("Nils Bergmann wrote some historical novels.", "Bergman wrote some historical novels."),
        ("Holi signifies the victory of light.", "A feast of Hinduism, it signifies the victory of light."),
    ],
)
def test_what_only_looks_opposite_is_not_contradicted(answer: str, source: str) -> None:
    assert claim(answer, source).verdict is not ClaimVerdict.CONTRADICTED


def test_a_verb_that_negates_another_verb_contradicts() -> None:
    assert (
        claim("The firm filed its report.", "The firm failed to file its report.").verdict is ClaimVerdict.CONTRADICTED
    )


def test_a_word_that_no_text_contains_leaves_a_claim_open() -> None:
    assert claim("Employees are required to submit receipts.", HOUSE).verdict is ClaimVerdict.NOT_EXAMINED
