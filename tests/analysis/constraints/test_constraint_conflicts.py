from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints import Constraint, conflicting, conflicts, extract, infeasible
from ctxdebug.analysis.constraints.conflicting import RULES
from tests.analysis.constraints.constraint_phrasings import clash, pairs


@pytest.mark.parametrize(("higher", "lower"), [(a, b) for bad, a, b in pairs() if bad])
def test_a_contradiction_is_seen(higher: str, lower: str) -> None:
    assert clash(higher, lower)


@pytest.mark.parametrize(("higher", "lower"), [(a, b) for bad, a, b in pairs() if not bad])
def test_what_goes_together_is_left_alone(higher: str, lower: str) -> None:
    assert not clash(higher, lower)


def test_one_sentence_does_not_contradict_itself() -> None:
    assert conflicts(extract("Use at least 3 words in caps, or at most 2 words in caps.")) == []


def test_a_conflict_names_both_sides() -> None:
    (found,) = conflicts(extract("Write at most 20 words. Write at least 50 words."))
    assert (found.rule, found.reason) == ("range", "at most 20 words against at least 50 words")


def test_the_users_language_settles_a_language_conflict() -> None:
    user, english = (
        Constraint("language", {"language": "user"}, "a", 0, 0),
        Constraint("language", {"language": "en"}, "b", 0, 0),
    )
    assert conflicting(user, english)
    assert conflicting(user, english, user_language="en") is None


def test_twenty_sentences_do_not_fit_forty_tokens() -> None:
    (found,) = infeasible(extract("Write at least 20 sentences."), 40)
    assert found.tokens == 60


def test_ten_words_do_not_hold_twenty_sentences() -> None:
    (found,) = conflicts(extract("Write at least 20 sentences. Use at most 10 words."))
    assert (found.rule, found.reason) == ("size", "at least 20 sentences against at most 10 words")


@pytest.mark.parametrize("limit", [None, 4096])
def test_what_fits_is_feasible(limit: int | None) -> None:
    assert infeasible(extract("Write at least 20 sentences. Use at most 500 words."), limit) == []


def test_no_rule_has_a_reason_for_a_type_that_it_does_not_name() -> None:
    """The table of types only saves time: every rule is asked about every pair of the phrasings here."""
    constraints = [one for _, higher, lower in pairs() for one in (*extract(higher), *extract(lower))]

    def named(left: Constraint, right: Constraint, lefts: frozenset[str], rights: frozenset[str] | None) -> bool:
        return left.type in lefts and (left.type == right.type if rights is None else right.type in rights)

    kinds = {one.type: one for one in constraints}
    for left in kinds.values():
        for right in constraints:
            said = [
                rule
                for rule, lefts, rights in RULES
                if not named(left, right, lefts, rights) and rule(left, right, None)
            ]
            assert said == [], f"{left.type} against {right.type}"
