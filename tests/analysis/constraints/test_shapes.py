"""Strict shapes: each loud on an answer that breaks it, silent on one that keeps it, and given up where a qualifier is not read."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints import Constraint, Outcome, extract, verify
from ctxdebug.analysis.constraints.constraint import SHAPES

CASES = (
    ("list.separator", "List five boats separated by semicolons.", "tug; kayak; ferry; raft; dinghy", "tug, kayak, ferry, raft, dinghy"),
    ("list.separator", "Name three piers, separated by slashes.", "North/South/West", "North; South; West"),
    ("list.separator", "Give me three knots as a comma-separated list.", "bowline, reef, hitch", "bowline; reef; hitch"),
    ("list.separator", "List three ports, one per line.", "Emden\nKiel\nHusum", "Emden, Kiel, Husum"),
    ("lines.edge", "Every line must end with a comma.", "The tide comes in,\nthe boats go out,", "The tide comes in\nthe boats go out,"),
    ("lines.edge", "Start each line with '>'.", "> tide\n> boat", "> tide\nboat"),
    ("list.marked", 'Give exactly three tips, each on its own line starting with "-".', "- coat\n- boots\n- lamp", "- coat\n- boots"),
    ("format.choice", "Answer with yes or no only: is the harbour open?", "Yes.", "Yes, the harbour is open."),
    ("format.choice", 'Reply with only "open" or "shut".', "shut", "The harbour is shut today."),
    ("format.choice", "Just answer A, B or C: which pier is longest?", "B", "The answer is B, because it has six berths."),
    ("format.keys", 'Return valid JSON with the keys "pier" and "berth" only.', '{"pier": 2, "berth": 4}', '{"pier": 2, "berth": 4, "boat": "tug"}'),
    ("format.keys", 'Allowed keys: "pier" and "berth".', '{"pier": 2, "berth": 4}', '{"pier": 2, "boat": "tug"}'),
    ("list.separator", "Give me three verbs as a comma-separated list.", "sail, row, dive", "sail; row; dive"),
    ("format.keys", "Return a JSON object containing only the keys `pier` and `berth`.", '{"pier": 2, "berth": 4}', '```json\n{"pier": 2, "berth": 4, "boat": "tug"}\n```'),
    ("keywords.forbid", "Never mention rivals such as Nordsee or Kaltura.", "Our ferry sails at nine.", "Our ferry is faster than Kaltura."),
    ("questions.none", "Never ask the user questions.", "The ferry sails at nine.", "Gladly. Where would you like to sail?"),
    ("lists.every", "Use bullet points for every list.", "- tug\n- ferry", "1. tug\n2. ferry"),
    ("lists.every", "Always use numbered lists, never bullets.", "1. tug\n2. ferry", "- tug\n- ferry"),
    ("position.bracket", "Start every answer with the date in brackets, like [2024-01-05].", "[2026-11-30] Open.", "Open today."),
)  # fmt: skip


def _strict(instruction: str) -> list[Constraint]:
    found = extract(instruction, standing=True)
    return [c for c in found if c.type in SHAPES or c.params.get("only") or c.params.get("names")]


@pytest.mark.parametrize(("kind", "instruction", "good", "bad"), CASES)
def test_a_strict_shape_is_held_against_the_answer(kind: str, instruction: str, good: str, bad: str) -> None:
    (found,) = [c for c in _strict(instruction) if c.type == kind]
    assert (verify(found, good).outcome, verify(found, bad).outcome) == (Outcome.PASS, Outcome.FAIL)


@pytest.mark.parametrize(
    ("instruction", "answer", "question"),
    [
        ("Separate the items with a pipe.", "Good day, dear guest, and welcome on board, all of you.", ""),
        ("List three ports, one per line.", "Here they are:\n- Emden\n- Kiel\n- Husum", ""),
        ("Every line must end with a comma.", "Here is your poem:\n\nThe tide comes in,\nthe boats go out,", ""),
        ("Every line must end with a comma.", "**Tide**\nThe tide comes in,\nthe boats go out,", ""),
        ('Give exactly three tips, each on its own line starting with "-".', "- a\n- b\n  - c\n- d", ""),
        ("Answer with yes or no only.", "1. Yes\n2. No", "Is it open, and is it free?"),
        ("Just answer A, B or C: which pier is longest?", "B) the north pier", ""),
        ('Return JSON with the keys "pier" and "berth" only.', "No berth is free.", ""),
        ("Never mention rivals such as Nordsee or Kaltura.", "Sorry, I cannot compare us with Kaltura.", "And Kaltura?"),
        ("Do not talk about topics like religion or Bitcoin.", "Your Bitcoin note is no ticket.", "Is a Bitcoin a ticket?"),
        ("Never ask the user questions.", "Why does the tide turn? Because of the moon.", ""),
        ("Never ask the user questions.", "O tide, where have you gone?", "Write a poem about the tide."),
        ("Use bullet points for every list.", "The ferry sails at nine.", ""),
        ("Use bullet points for every list.", "- tug\n  1. small\n  2. red\n- ferry", ""),
        ("Start every answer with the ticket number in brackets, like [77].", "We open at nine.", "When do you open?"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_no_violation(instruction: str, answer: str, question: str) -> None:
    found = _strict(instruction)
    assert found
    assert all(verify(c, answer, question=question).outcome is not Outcome.FAIL for c in found)


@pytest.mark.parametrize(
    "instruction",
    [
        "List five boats separated by semicolons, and explain each.",
        "List five boats in alphabetical order separated by semicolons.",
        "Name five boats in reverse alphabetical order, each on a new line.",
        "Give two tips separated by ******.",
        "Fields in the input are separated by semicolons.",
        "Write two paragraphs separated by commas.",
        "Every line must end with a comma or a full stop.",
        "Every line but the last must end with a comma.",
        "Every line of the input ends with a comma.",
        "Answer yes or no, then explain why.",
        'Return JSON with the keys "pier" and "berth".',
        'Return JSON with at least the keys "pier" and "berth".',
        "Never mention rivals such as Nordsee or Kaltura unless asked.",
        "Mention partners such as Nordsee or Kaltura.",
        "Never ask the user questions about their password.",
        "Do not ask questions unless the request is unclear.",
        "Never ask the user for a password.",
        "Use bullet points for lists of more than three items.",
        "Use numbered lists for steps.",
        "If a ticket number is given, start every answer with it in brackets.",
    ],
)
def test_with_words_that_are_not_read_it_is_no_strict_shape(instruction: str) -> None:
    assert not [c for c in _strict(instruction) if c.verifiable]
