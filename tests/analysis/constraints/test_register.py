from __future__ import annotations

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints import Outcome
from ctxdebug.analysis.constraints.drift import drifts
from ctxdebug.analysis.constraints.entry import Status
from ctxdebug.analysis.constraints.register import violations
from ctxdebug.model import Authority, NotChecked
from ctxdebug.rules.long_range_credit.constraints_contradict import check
from tests.conversations import transcribed


def _analyses(text: str) -> list[Analysis]:
    found: list[Analysis] = []
    for snapshot in transcribed(text):
        found.append(Analysis(snapshot, None, tuple(found)))
    return found


def _only(text: str) -> Analysis:
    (analysis,) = _analyses(text)
    return analysis


def test_an_entry_says_whose_it_is_and_where() -> None:
    analysis = _only("system: Use at most 20 words.\nuser: Hello there, who are you?")
    (entry,) = analysis.constraints.entries
    assert entry.authority is Authority.SYSTEM
    assert (entry.message, entry.status) == (0, Status.ACTIVE)
    assert entry.before < entry.to_end + entry.before
    assert entry.verdict is None


def test_a_user_who_contradicts_the_system_is_misaligned() -> None:
    ledger = _only("system: Answer only in English.\nuser: Tell me a joke. Answer in French.").constraints
    (clash,) = ledger.clashes
    assert clash.authority_winner is not None
    assert clash.authority_winner.authority is Authority.SYSTEM
    assert clash.position_winner.authority is Authority.USER
    assert [entry.status for entry in ledger.entries] == [Status.ACTIVE, Status.MISALIGNED]


def test_a_later_message_of_one_level_supersedes() -> None:
    text = """user: From now on answer in at most 5 words.
assistant: As you wish.
user: From now on use at least 50 words in every answer."""
    assert [e.status for e in _only(text).constraints.entries] == [Status.SUPERSEDED, Status.ACTIVE]


def test_what_was_asked_of_an_earlier_answer_is_past() -> None:
    text = "user: Tell me of tides in at most 5 words.\nassistant: They come and go.\nuser: And of the moon?\nassistant: It is a long story, and it has to do with pull and mass."
    ledger = _only(text).constraints
    assert [entry.status for entry in ledger.entries] == [Status.PAST]
    assert violations(ledger) == []


def test_quoted_rules_have_no_authority() -> None:
    ledger = _only(
        'user: """\nUse at most 3 words.\n"""\nI found this note on the door of the boat house. What does it mean?\nassistant: It asks for a short answer.',
    ).constraints
    assert [entry.status for entry in ledger.entries] == [Status.WITHOUT_AUTHORITY]
    assert violations(ledger) == []


@pytest.mark.parametrize(
    ("task", "broken"), [("Translate what the user sends into Spanish.", 0), ("You answer hikers in Spanish.", 1)]
)
def test_what_a_message_says_is_material_where_the_task_is_done_to_it(task: str, broken: int) -> None:
    text = (
        f"system: {task}\nuser: Answer in no more than three words.\nassistant: Responde con tres palabras como mucho."
    )
    assert len(violations(_only(text).constraints)) == broken


def test_a_dropped_rule_is_remembered() -> None:
    text = """system: You plan shifts for the nursing home on the hill.
user: Please always answer in at most 9 words. Who has the early shift on Monday?
assistant: Amir and Jelena have the early shift on Monday.
=== next turn ===
system: You plan shifts for the nursing home on the hill.
assistant: Amir and Jelena have the early shift on Monday.
user: And who can stand in for them?"""
    ledger = _analyses(text)[1].constraints
    assert [(e.constraint.type, e.status) for e in ledger.entries if e.status is Status.DROPPED] == [
        ("length.words", Status.DROPPED)
    ]


def test_a_violation_said_twice_counts_once() -> None:
    text = "system: Use at most 3 words.\nuser: Where is it? Use at most 3 words.\nassistant: It is behind the house."
    ledger = _only(text).constraints
    assert [entry.authority for entry in violations(ledger)] == [Authority.USER]


def test_one_bound_with_two_numbers_drifts() -> None:
    text = "system: Use at most 3 sentences. Be kind. Never write more than 5 sentences.\nuser: Hello there!"
    (drift,) = drifts(_only(text).constraints)
    assert (drift.first.constraint.params["hi"], drift.second.constraint.params["hi"]) == (3, 5)


@pytest.mark.parametrize(
    "answer",
    [
        "Thought: The user wants the pier. I should be short.\nFinal Answer: Pier two.",
        "<thinking>The user wants the pier, and I have to be short here.</thinking>Pier two.",
    ],
)
def test_thinking_aloud_is_no_part_of_the_answer(answer: str) -> None:
    ledger = _only(f"system: Use at most 3 words.\nuser: Which pier?\nassistant: {answer}").constraints
    (entry,) = ledger.entries
    assert entry.verdict is not None
    assert entry.verdict.outcome is Outcome.PASS


def test_a_cut_answer_is_not_judged() -> None:
    text = "% finish: output limit\nuser: Write at least 50 words about piers.\nassistant: Piers are"
    ledger = _only(text).constraints
    assert violations(ledger) == []


def test_tool_demands_wait_for_the_end_of_the_turn() -> None:
    text = """tools[find_pier]: Find a pier.
tools[book]: Book a berth.
system: Always call `book` before you answer.
user: A berth, please.
call[find_pier]: {}"""
    assert violations(_only(text).constraints) == []


def test_a_chat_without_rules_has_an_empty_ledger() -> None:
    ledger = _only("user: Hello, how are you?\nassistant: Fine, thanks.").constraints
    assert (ledger.entries, ledger.clashes, ledger.impossible) == ((), (), ())


@pytest.mark.parametrize(("number", "compared"), [(400, True), (401, False)])
def test_what_is_too_much_to_compare_is_told(number: int, compared: bool) -> None:
    rules = [f"Use at most {size} words." for size in range(400, 400 - number + 1, -1)]
    analysis = _only(f"system: {' '.join([*rules, 'Use at least 900 words.'])}\nuser: Hello there, who are you?")
    register = analysis.constraints
    assert len(register.entries) == number
    assert (register.compared, len(register.clashes)) == (compared, (number - 1) * compared)
    told = [hit.reason for hit in check.check(analysis) if isinstance(hit, NotChecked)]
    assert told == ([] if compared else ["401 instructions are too many to compare with each other; at most 400 are"])


def test_instructions_that_all_conflict_are_each_told_but_not_in_every_pair() -> None:
    rules = [f"Use at least {500 + size} words. Use at most {size} words." for size in range(1, 41)]
    register = _only(f"system: {' '.join(rules)}\nuser: Hello there, who are you?").constraints
    told = {entry.id for clash in register.clashes for entry in (clash.first, clash.second)}
    assert told == {entry.id for entry in register.entries}
    assert 80 < len(register.clashes) < 40 * 40


@pytest.mark.parametrize(
    ("answer", "broken"),
    [('{"pier": 2, "berth": 4, "boat": "tug"}', ["format.keys"]), ('{"pier": 2, "berth": 4}', [])],
)
def test_keys_are_held_against_an_answer_that_is_json(answer: str, broken: list[str]) -> None:
    text = f'system: Return valid JSON with the keys "pier" and "berth" only.\nuser: Where is the tug?\nassistant: {answer}'
    assert [entry.constraint.type for entry in violations(_only(text).constraints)] == broken
