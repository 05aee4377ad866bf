from __future__ import annotations

import copy

import pytest

from ctxdebug.engine.run import RunOptions
from ctxdebug.model import Kind
from ctxdebug.proof.request import Request
from ctxdebug.proof.units import Level, UnitKind, units_of, without
from ctxdebug.proof.units.texts import asked_words
from ctxdebug.proof.validity import Validity
from tests.proof.requests import AGENTS, ASKED, BERLIN, FACTS, TOOL, agent, chat, request, with_documents

RUN = RunOptions()


def text(of: Request) -> str:
    return "\n".join(segment.text for segment in of.snapshot(RUN).segments())


@pytest.mark.parametrize("form", AGENTS)
def test_a_call_goes_with_its_result(form: str) -> None:
    whole = agent(form)
    units = units_of(whole, Level.MESSAGES, RUN)
    (calls,) = (unit for unit in units if unit.kind is UnitKind.CALLS)
    left = without(whole, [calls])
    kinds = [segment.kind for segment in left.snapshot(RUN).segments()]
    assert Kind.TOOL_CALL not in kinds
    assert Kind.TOOL_RESULT not in kinds
    assert "And what is it for Rome?" in text(left)
    assert Validity(whole, RUN).flaw(left) is None


@pytest.mark.parametrize("form", AGENTS)
def test_every_single_unit_and_all_of_them_leave_a_valid_request_that_asks(form: str) -> None:
    whole = agent(form)
    before = copy.deepcopy(whole.body)
    units = units_of(whole, Level.MESSAGES, RUN)
    validity = Validity(whole, RUN)
    for removed in [*([unit] for unit in units if unit.kind is not UnitKind.TOOL), list(units)]:
        left = without(whole, removed)
        first = form in {"anthropic.messages", "google.generate_content"} and [unit.id for unit in removed] == ["m1"]
        assert (validity.flaw(left) is not None) is first, "these two want a message of the user first"
        assert "And what is it for Rome?" in text(left)
    assert whole.body == before


def test_settings_of_tools_go_with_the_last_tool() -> None:
    whole = agent("openai.chat")
    assert "tool_choice" not in without(whole, units_of(whole, Level.MESSAGES, RUN)).body


@pytest.mark.parametrize("form", ["openai.chat", "anthropic.messages", "google.generate_content"])
def test_a_result_without_its_call_is_a_flaw(form: str) -> None:
    whole = agent(form)
    (calls,) = (unit for unit in units_of(whole, Level.MESSAGES, RUN) if unit.kind is UnitKind.CALLS)
    half = without(whole, [type(calls)(calls.id, calls.kind, calls.label, calls.cuts[:1])])
    assert Validity(whole, RUN).flaw(half) is not None


def test_a_tool_that_the_history_calls_stays() -> None:
    whole = agent("openai.chat")
    (tool,) = (unit for unit in units_of(whole, Level.MESSAGES, RUN) if unit.kind is UnitKind.TOOL)
    assert Validity(whole, RUN).flaw(without(whole, [tool])) == "it no longer declares limits, which a call in it names"


def test_documents_go_with_their_tags() -> None:
    whole = with_documents(berlin=BERLIN * 2, rome=FACTS[1] * 2)
    berlin, rome = units_of(whole, Level.BLOCKS, RUN)
    assert (berlin.kind, rome.kind) == (UnitKind.DOCUMENT, UnitKind.DOCUMENT)
    assert berlin.label.startswith("document berlin: ")
    assert text(without(whole, [berlin])) == text(with_documents(rome=FACTS[1] * 2))


def test_items_of_a_json_list_go_with_their_comma() -> None:
    items = ", ".join(f'{{"id": "{number}", "text": "{fact}"}}' for number, fact in enumerate(FACTS[:3]))
    whole = request({"model": "m", "messages": [{"role": "user", "content": f"[{items}]\n\n{ASKED}"}]})
    units = units_of(whole, Level.BLOCKS, RUN)
    lefts = [text(without(whole, [unit])).replace(" ", "") for unit in units if unit.kind is UnitKind.DOCUMENT]
    assert len(lefts) == 3
    assert not [left for left in lefts if ",," in left or ",]" in left or "[," in left]


def test_sections_are_paragraphs_or_what_stands_under_headings() -> None:
    prompt = "# Role\n\nYou help.\n\n# Tone\n\nBe kind.\n\nBe brief."
    whole = request(
        {"model": "m", "messages": [{"role": "system", "content": prompt}, {"role": "user", "content": ASKED}]}
    )
    assert [unit.label for unit in units_of(whole, Level.BLOCKS, RUN)] == [
        "# Role You help.",
        "# Tone Be kind. Be brief.",
    ]


def test_the_question_is_no_unit_of_any_level() -> None:
    whole = chat(*FACTS, BERLIN)
    for level in Level:
        assert ASKED in text(without(whole, units_of(whole, level, RUN)))
    assert len(units_of(whole, Level.SENTENCES, RUN)) == len(FACTS) + 2


def test_a_question_before_its_sources_stays_and_the_sources_are_units() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "\n".join([ASKED, *FACTS])}]}
    whole = request(body)
    left = without(whole, units_of(whole, Level.SENTENCES, RUN))
    assert text(left).strip() == ASKED


def test_what_follows_the_question_at_the_end_stays_with_it() -> None:
    whole = chat(*FACTS, asked=f"{ASKED} Answer with a number.")
    left = without(whole, units_of(whole, Level.SENTENCES, RUN))
    assert text(left).strip().endswith(f"{ASKED} Answer with a number.")


def test_how_answers_are_drawn_is_no_unit() -> None:
    whole = chat(BERLIN, temperature=0.8, seed=3, max_tokens=9, stop=["x"], response_format={"type": "json_object"})
    settings = [unit.label for unit in units_of(whole, Level.MESSAGES, RUN) if unit.kind is UnitKind.SETTING]
    assert settings == ["setting: response format", "setting: stop sequences"]
    left = without(whole, [unit for unit in units_of(whole, Level.MESSAGES, RUN) if unit.kind is UnitKind.SETTING])
    assert left.body.keys() == {"model", "messages", "temperature", "seed", "max_tokens"}


@pytest.mark.parametrize(
    ("body", "form", "flaw"),
    [
        ({"messages": []}, "openai.chat", "it is no openai.chat request"),
        ({"messages": [{"role": "user", "content": ""}]}, "openai.chat", "it is no openai.chat request"),
        ({"max_tokens": 5, "messages": [{"role": "assistant", "content": "x"}]}, "anthropic.messages", "it is no anthropic"),
        ({"messages": [{"role": "system", "content": "x"}]}, "openai.chat", "it contains no words of the user"),
        ({"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}, "openai.chat", "its last"),
        ({"contents": []}, "google.generate_content", "it is no google"),
    ],
)  # fmt: skip
def test_what_would_be_refused_is_a_flaw(body: dict[str, object], form: str, flaw: str) -> None:
    found = Validity(agent(form), RUN).flaw(request(body, form))
    assert found is not None
    assert found.startswith(flaw)


def test_what_is_wrong_with_the_original_too_is_no_flaw_of_an_edit() -> None:
    whole = chat(BERLIN, *FACTS, tools=[])
    assert Validity(whole, RUN).flaw(whole) is None
    left = without(whole, units_of(whole, Level.SENTENCES, RUN)[:2])
    assert Validity(whole, RUN).flaw(left) is None
    assert Validity(whole, RUN).flaw(request({"messages": [], "tools": []})) is not None


def test_items_of_one_message_go_together_with_the_reasoning_before_them() -> None:
    items = [
        {"role": "user", "content": "Who made it?"},
        {"type": "reasoning", "id": "r1", "summary": [], "encrypted_content": "xyz"},
        {"type": "function_call", "call_id": "c1", "name": "limits", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "limits", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "120 EUR"},
        {"type": "function_call_output", "call_id": "c2", "output": "100 EUR"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "We did."}]},
        {"role": "user", "content": "2+2?"},
    ]
    whole = request({"model": "m", "input": items}, "openai.responses")
    units = units_of(whole, Level.MESSAGES, RUN)
    assert without(whole, units).body["input"] == items[-1:]
    left = without(whole, [unit for unit in units if unit.kind is UnitKind.CALLS]).body["input"]
    assert [item for item in left if item.get("type") in {"reasoning", "function_call", "function_call_output"}] == []
    assert asked_words(whole.snapshot(RUN)) == "2+2?"


@pytest.mark.parametrize("form", AGENTS)
def test_a_result_may_become_empty_and_its_call_keeps_it(form: str) -> None:
    whole = agent(form)
    (result,) = (unit for unit in units_of(whole, Level.SENTENCES, RUN) if unit.label == "120 EUR")
    left = without(whole, [result])
    assert text(left).count("120 EUR") == text(whole).count("120 EUR") - 1
    assert Validity(whole, RUN).flaw(left) is None


def test_tools_that_a_setting_holds_stay() -> None:
    tool = {"toolSpec": {"name": "limits", "inputSchema": {"json": TOOL}}}
    messages = [{"role": "user", "content": [{"text": f"{BERLIN} {ASKED}"}]}]
    whole = request({"modelId": "m", "messages": messages, "toolConfig": {"tools": [tool]}}, "bedrock.converse")
    left = without(whole, units_of(whole, Level.SENTENCES, RUN))
    assert left.body["toolConfig"] == {"tools": [tool]}
    assert "toolConfig" not in without(whole, units_of(whole, Level.MESSAGES, RUN)).body
