"""Memories in a prompt, in the forms in which stores and apps put them there, and what the answer makes of them."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.memories import memories
from ctxdebug.analysis.sources.user_facts import disagree, remembered, said_of_user
from ctxdebug.api.calls import inspect
from ctxdebug.model import Kind, Piece, Role, Segment

HAMBURG, LISBON = "User lives in Hamburg", "User lives in Lisbon"
ITEM = "Item(namespace=['m'], key='k', value={{'content': '{}'}}, created_at='{}T10:00:00+00:00', updated_at='{}T10:00:00+00:00')"
JSON = '{{"id": "1", "memory": "{}", "hash": "x", "created_at": "{}", "updated_at": "{}"}}'
OLD, NEW = "2024-03-01", "2025-06-10"


def segment(text: str) -> Segment:
    """A system prompt."""
    return Segment("m0.s0", Role.SYSTEM, Kind.TEXT, text, (Piece(0, len(text), ()),))


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (f"You help.\n- {OLD}: {HAMBURG}.", [(OLD, HAMBURG + ".")]),
        (f"# Model Set Context\n\n1. [{OLD}]. {HAMBURG}.\n\n2. [{NEW}]. {LISBON}.", [(OLD, HAMBURG + "."), (NEW, LISBON + ".")]),
        (f"<memories>\n{HAMBURG}.\n{LISBON}.\n</memories>\nBe brief.", [("", HAMBURG + "."), ("", LISBON + ".")]),
        (f"User Memories:\n- {HAMBURG}\n- Name is Ana\n\nRules:\n- Be brief.", [("", HAMBURG), ("", "Name is Ana")]),
        (f"## What you know about the user\n* {HAMBURG} (updated {OLD})", [(OLD, HAMBURG)]),
        (f"You help.\n- {HAMBURG}\n- Be brief", [("", HAMBURG)]),
        ("Memories:\n[" + ITEM.format(HAMBURG, OLD, OLD) + ", " + ITEM.format(LISBON, OLD, NEW) + "]", [(OLD, HAMBURG), (NEW, LISBON)]),
        ("Relevant memories:\n[" + JSON.format(HAMBURG, OLD, NEW) + "]", [(NEW, HAMBURG)]),
        ("Rules:\n- Be brief.\n- The user is always right.\n", [("", "The user is always right.")]),
        ("You have a memory of 4 GB.\n- Be brief.", []),
    ],
)  # fmt: skip
def test_memories_of_a_prompt(prompt: str, expected: list[tuple[str, str]]) -> None:
    """Dated lines anywhere; others under a heading, in a tag, in a store's records, or where the line is about the user."""
    text = segment(prompt)
    found = memories([text])
    assert [(one.date, one.said.text) for one in found] == expected
    assert all(prompt[one.start :].startswith(one.said.text) for one in found)


@pytest.mark.parametrize(
    ("memory", "answer", "differ"),
    [
        ("User lives in Oslo.", "You live in Bergen.", True),
        ("User lives in Oslo.", "You live in Oslo, Norway.", False),
        ("User lives in Oslo.", "You live in Norway.", False),
        ("User lives in Oslo.", "You live in a flat.", False),
        ("User works at a bakery in Lyon.", "You work at a bakery in Nantes.", True),
        ("User works at a bakery in Lyon.", "You work at a bakery.", False),
        ("User works at Acme.", "You work at night.", False),
        ("Works as a nurse at the clinic", "You work as a teacher.", True),
        ("User is 34 years old.", "You are 43 years old.", True),
        ("User prefers window seats.", "You prefer aisle seats.", True),
        ("User prefers window seats.", "You prefer short answers.", False),
        ("Favourite drink is oolong tea", "Your favourite drink is green tea.", True),
        ("User's dog is named Rex.", "Your dog is named Max.", True),
        ("User's budget is 500 EUR.", "Your budget is tight.", False),
        ("User's budget is 500 EUR.", "Your budget is 800 EUR.", True),
        ("User's name is Ana.", "Your name is important to us.", False),
    ],
)
def test_a_point_of_the_user_has_one_value(memory: str, answer: str, differ: bool) -> None:
    """Two values of one point disagree; more and fewer words of one value, a country and its city, and two kinds of things do not."""
    pairs = [(a, b) for a in remembered(memory) for b in said_of_user(answer)]
    assert any(disagree(a, b) for a, b in pairs) is differ


@pytest.mark.parametrize(
    "answer",
    ["Do you live in Rome?", "If you live in Rome, go there.", "You don't live in Rome.", "You used to live in Rome.", "Your favourite drink is not tea.",
     'Max said: "You live in Rome."', "I live in Rome.", "Your sister lives in Rome.", "You might live in Rome."],
)  # fmt: skip
def test_what_is_not_stated_is_nothing(answer: str) -> None:
    """Questions, conditions, denials, what was, and other people."""
    assert said_of_user(answer) == ()


def codes(prompt: str, asked: str, answer: str) -> set[str]:
    """Return what the rules on sources say of an answer."""
    messages = [{"role": "system", "content": prompt}, {"role": "user", "content": asked}]
    response = {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    found = inspect({"request": {"model": "gpt-4o-mini", "messages": messages}, "response": response})
    return {one.code for one in found.findings if one.code.startswith("MEM4")}


LIST = f"You help.\n\nUser memories:\n- {HAMBURG}.\n- User prefers window seats.\n- User's dog is named Rex."
LOG = "Log:\n- 2024-01-01: Deployed version 1.2 to production.\n- 2024-02-01: Deployed version 1.3 to production."
PLANS = "Notes:\n- 2024-01-01: The plan of the user is Basic.\n- 2025-02-01: The plan of the user is Pro."
DATED = f"You help.\n<memories>\n[{OLD}] User prefers window seats.\n[{NEW}] User prefers aisle seats.\n</memories>"


@pytest.mark.parametrize(
    ("prompt", "asked", "answer", "expected"),
    [
        (LIST, "Where do I live?", "You live in Bremen.", {"MEM410"}),
        (LIST, "What is my dog called?", "Your dog is named Max.", {"MEM410"}),
        (LIST, "Where do I live?", "You live in Hamburg.", set()),
        (LIST, "I moved to Bremen last week. Where do I live?", "You live in Bremen.", set()),
        (LIST, "Book a seat.", "I booked a window seat for you.", set()),
        (LIST, "Tell me a joke.", "A dog walks into a bar in Rome.", set()),
        (DATED, "Which seat should you book for me?", "I will book a window seat for you.", {"MEM403"}),
        (DATED, "Which seat should you book for me?", "I will book an aisle seat for you.", set()),
        (f"{LIST}\n- {LISBON}.", "Where do I live?", "You live in Hamburg.", {"MEM402"}),
        (f"{LIST}\n- {LISBON}.", "Tell me a joke.", "A dog walks into a bar.", set()),
        (f"{LIST}\n- User's brother lives in Lisbon.", "Where do I live?", "You live in Hamburg.", set()),
        (f"{LIST}\n- User has a cat named Tom.\n- User likes tea.\n- User likes coffee.", "What do I drink?", "You like tea and coffee.", set()),
        (ITEM.format("User prefers dark mode", OLD, OLD) + "\n" + DATED, "Which mode do I prefer?", "You prefer dark mode.", set()),
        (LOG, "What happened in January 2024?", "In January we deployed version 1.2 to production.", set()),
        (PLANS, "Which plan do I have?", "The plan of the user is Basic.", {"MEM403"}),
        (PLANS, "Which plan did I have in 2024?", "In 2024, the plan of the user was Basic.", set()),
        (PLANS, "When was I on the plan Basic?", "The plan of the user is Basic since January.", set()),
    ],
)  # fmt: skip
def test_answers_from_memories(prompt: str, asked: str, answer: str, expected: set[str]) -> None:
    """Another value than the memory is MEM410, the older of two dated ones MEM403, one of two undated ones MEM402."""
    assert codes(prompt, asked, answer) == expected
