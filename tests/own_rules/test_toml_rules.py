"""Every demand that a rule in TOML can make, loud and silent."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.engine.selection import Selection
from ctxdebug.errors import UsageError
from ctxdebug.model import Hit, NotChecked, Snapshot
from ctxdebug.own_rules.load import own_rules
from ctxdebug.rules import Rule
from tests.conversations import chat_response, exchanged, transcribed

HEAD = '[[rule]]\ncode = "ACM101"\nname = "a-rule"\ntitle = "A rule."\nwhy = "Because."\nfix = "Mend it."\n'
ASKED = "user: How long may I keep it?\n"
DOCUMENTS = 'tool[search_manuals]: <document id="kettle-1">The warranty of the kettle is three years.</document>\n'
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Weather", "parameters": {"type": "object"}},
}


def rule(folder: Path, demand: str) -> Rule:
    """Write a rule with one demand, and load it."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "a.toml").write_text(f"{HEAD}{demand}\n")
    (found,) = own_rules(["rules"], folder, run_python=False)
    return found


def said(one: Rule, snapshot: Snapshot) -> list[str]:
    """Return what an engine with this rule alone says of an exchange."""
    seen = Engine(RunOptions(own_rules=(one,), selection=Selection((one.code,)))).examine(
        snapshot, Source(snapshot.path)
    )
    assert not seen.problems
    return [finding.message for finding in seen.findings] + [f"not checked: {reason}" for _, reason in seen.not_checked]


@pytest.mark.parametrize(
    ("demand", "conversation", "expected"),
    [
        ('require = "14 days"', f"{ASKED}assistant: Keep it 14\u00a0days.", []),
        ('require = "14 days"', f"{ASKED}assistant: Keep it 14 Days.", []),
        ('require = "14 days"', f"{ASKED}assistant: Keep it 114 days.", ["“14 days” is not in the answer"]),
        ('require = "14 days"', ASKED, ["not checked: needs a recorded response"]),
        ('require = ["14 days", "free"]', f"{ASKED}assistant: Keep it 14 days.", ["“free” is not in the answer"]),
        ("require = { regex = '\\b1[0-9] days' }", f"{ASKED}assistant: Keep it 14 days.", []),
        ("require = { regex = '\\b1[0-9] days' }", f"{ASKED}assistant: Keep it.", ["/\\b1[0-9] days/ is not in the answer"]),
        ('in = "system"\nrequire = "be kind"', f"system: Be kind.\n{ASKED}", []),
        ('in = "system"\nrequire = "be kind"', f"system: Be short.\n{ASKED}", ["“be kind” is not in the system message"]),
        ('in = "system"\nrequire = "be kind"', ASKED, ["“be kind” is not in the system message"]),
        ('in = "documents"\nrequire = "warranty"', ASKED, []),
        ('in = "documents"\nrequire = "warranty"', f"{ASKED}{DOCUMENTS}", []),
        ('in = "documents"\nrequire = "price"', f"{ASKED}{DOCUMENTS}", ["“price” is not in the documents"]),
        ('forbid = "competitor"', f"{ASKED}assistant: A Competitor sells it.", ["“competitor” is in the answer, where it must not be"]),
        ('forbid = "competitor"', f"{ASKED}assistant: We sell it.", []),
        ('in = "user"\nforbid = { regex = "(?i)social security" }', "user: My Social Security number is here.\n", ["/(?i)social security/ is in the user's messages, where it must not be"]),
        ('in = "user"\nforbid = "warranty"', f"{ASKED}{DOCUMENTS}", []),
        ('in = "tool"\nforbid = "warranty"', f"{ASKED}{DOCUMENTS}", ["“warranty” is in the tool results, where it must not be"]),
        ('when = { contains = "keep it" }\nforbid = "years"', f"{ASKED}assistant: Three years.", ["“years” is in the answer, where it must not be"]),
        ('when = { contains = "refund" }\nforbid = "years"', f"{ASKED}assistant: Three years.", []),
        ('when = { in = "system", regex = "kettles?" }\nforbid = "years"', f"system: You sell kettles.\n{ASKED}assistant: Three years.", ["“years” is in the answer, where it must not be"]),
        ('when = { model = "gpt-*" }\nforbid = "years"', f"% model: gpt-4o\n{ASKED}assistant: Three years.", ["“years” is in the answer, where it must not be"]),
        ('when = { model = ["claude-*", "o3"] }\nforbid = "years"', f"% model: gpt-4o\n{ASKED}assistant: Three years.", []),
        ("must-cite = true", f"{ASKED}{DOCUMENTS}assistant: The warranty is three years.", ["the answer cites none of its sources"]),
        ("must-cite = true", f"{ASKED}{DOCUMENTS}assistant: The warranty is three years [kettle-1].", []),
        ("must-cite = true", f"{ASKED}{DOCUMENTS}assistant: The documents do not say that.", []),
        ("must-cite = true", f"{ASKED}assistant: Three years.", []),
    ],
)  # fmt: skip
def test_a_demand(tmp_path: Path, demand: str, conversation: str, expected: list[str]) -> None:
    assert said(rule(tmp_path, demand), transcribed(conversation)[-1]) == expected


def chat(*said: tuple[str, str], response: Any = None, **more: Any) -> Snapshot:
    messages = [{"role": role, "content": text} for role, text in said]
    return exchanged({"model": "gpt-4o", "messages": messages, **more}, response)


def test_tools_are_looked_at_where_they_are_offered_and_where_they_are_called(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "run_shell", "arguments": "{}"}}
    answer = chat_response(None)
    answer["choices"][0]["message"] = {"role": "assistant", "content": None, "tool_calls": [call]}
    snapshot = chat(("user", "Hi there."), response=answer, tools=[WEATHER])
    allowed = rule(tmp_path, 'tools-allowed = ["get_*"]')
    assert said(allowed, snapshot) == ["the tool run_shell is called, which is not allowed"]
    assert said(rule(tmp_path, 'tools-forbidden = ["*weather"]'), snapshot) == [
        "the tool get_weather is offered, which is not allowed"
    ]
    assert said(rule(tmp_path, "tools-allowed = []"), chat(("user", "Hi there."))) == []
    assert len(said(rule(tmp_path, "tools-allowed = []"), snapshot)) == 2


def test_tokens_are_limited_by_part(tmp_path: Path) -> None:
    snapshot = chat(("system", "word " * 300), ("user", "Hi there."), response=chat_response(9), tools=[WEATHER])
    limits = "{ system = 200, user = 50, prompt = 5000, tools = 500, answer = 2 }"
    (message,) = said(rule(tmp_path, f"max-tokens = {limits}"), snapshot)
    assert message.endswith(" tokens in the system message, and at most 200 are allowed")
    (message,) = said(rule(tmp_path, "max-tokens = { tools = 5 }"), snapshot)
    assert message.endswith(" tokens in the list of tools, and at most 5 are allowed")
    assert said(rule(tmp_path, "max-tokens = { answer = 1 }"), snapshot) == [
        "2 tokens in the answer, and at most 1 are allowed"
    ]


def test_an_estimate_on_both_sides_of_a_limit_is_not_checked(tmp_path: Path) -> None:
    (snapshot,) = transcribed("% model: claude-sonnet-4-5\nsystem: " + "word " * 300 + "\nuser: Hi there.\n")
    (message,) = said(rule(tmp_path, "max-tokens = { system = 320 }"), snapshot)
    assert message.endswith(" tokens in the system message: the limit of 320 is in between")


def test_what_the_capture_does_not_show_is_not_called_missing(tmp_path: Path) -> None:
    snapshot = exchanged(
        {"model": "gpt-4o", "previous_response_id": "resp_1", "input": "And then, please?"}, form="openai.responses"
    )
    for demand in ('in = "system"\nrequire = "be kind"', 'in = "prompt"\nforbid = "secret"'):
        (reason,) = said(rule(tmp_path, demand), snapshot)
        assert reason.startswith("not checked: not in the capture: ")


def test_a_pattern_that_takes_too_long_leaves_the_exchange_not_checked(tmp_path: Path) -> None:
    one = rule(tmp_path, "forbid = { regex = '(a+)+$' }")
    (reason,) = said(one, transcribed(f"{ASKED}assistant: {'a' * 40}!")[-1])
    assert "took longer than" in reason


def test_evidence_is_the_words_themselves(tmp_path: Path) -> None:
    one = rule(tmp_path, 'forbid = "years"')
    (hit,) = one.check(Analysis(transcribed(f"{ASKED}assistant: It is three years.")[-1]))
    assert isinstance(hit, Hit)
    assert [evidence.quote for evidence in hit.evidence] == ["years"]


def test_a_rule_goes_to_another_process_by_its_code(tmp_path: Path) -> None:
    one = rule(tmp_path, 'forbid = "years"')
    (again,) = pickle.loads(pickle.dumps(own_rules(["rules"], tmp_path, run_python=False)))
    assert one.origin is not None
    assert pickle.loads(pickle.dumps(one)).origin.path == again.origin.path == one.origin.path
    assert (again.code, again.page, again.looks) == (one.code, one.page, one.looks)
    assert not any(isinstance(said, NotChecked) for said in again.check(Analysis(transcribed(ASKED)[-1])))


@pytest.mark.parametrize(
    ("demand", "reason"),
    [
        ("", "ACM101: give one of require, forbid, max-tokens, must-cite, tools-allowed, tools-forbidden"),
        ('require = "a"\nforbid = "b"', "give one of require, forbid, max-tokens, must-cite, tools-allowed, tools-forbidden, not require and forbid"),
        ('requires = "a"', "unknown key 'requires'; did you mean 'require'?"),
        ('require = ""', "require: expected"),
        ('require = "  "', "require: only spaces, which every text has"),
        ("require = 5", "require: expected"),
        ("require = { regex = '(' }", "require: the pattern '(' cannot be read"),
        ("require = { regex = 'a*' }", "require: the pattern 'a*' matches the empty text"),
        (f"require = {{ regex = '{'a' * 1001}' }}", "require: the pattern has 1,001 characters; at most 1,000 are taken"),
        ("require = { regexp = 'a' }", "require: object contains unknown field `regexp`"),
        ('in = "anser"\nrequire = "a"', "in: unknown value 'anser'; did you mean answer?"),
        ('in = "system"\nmust-cite = true', "in: must-cite has no place; it is for require and forbid"),
        ('when = { contains = "a", regex = "b" }\nforbid = "c"', "when: give contains or regex, not both"),
        ('when = { place = "user" }\nforbid = "c"', "when: object contains unknown field `place`"),
        ('severity = "fatal"\nforbid = "c"', "severity: unknown value 'fatal'; known: note, warning, error"),
        ('question = "instructions-keep"\nforbid = "c"', "question: unknown value 'instructions-keep'; did you mean instructions-kept?"),
        ("max-tokens = { sistem = 5 }", "max-tokens: unknown part 'sistem'; did you mean system?"),
        ("max-tokens = { system = -5 }", "max-tokens"),
        ("max-tokens = {}", "max-tokens: name a part and its limit"),
        ("must-cite = false", "give one of"),
        ("[x]", "a file of rules has tables [[rule]], and nothing else"),
        ("[[", "is not TOML"),
        ('why = "again"', "is not TOML"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_one_line(tmp_path: Path, demand: str, reason: str) -> None:
    with pytest.raises(UsageError, match=r"a\.toml") as caught:
        rule(tmp_path, demand)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
