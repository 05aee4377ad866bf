from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ctxdebug.cases.demands import demand, good_answer, prohibition
from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.cases.expectation import expect
from ctxdebug.cases.freeze import FreezeOptions, Frozen, freeze
from ctxdebug.cases.lint import lint, orphans, verify
from ctxdebug.cases.proof import constructed_good, demanded_unsupported
from ctxdebug.cases.proposal import propose
from ctxdebug.cases.store import StoredCase, case_text, load_case, save_case
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.model import Confidence, Exhibit, Finding, Severity
from ctxdebug.redaction.redactor import remaining
from tests.findings import finding_of

KEY = "sk-ant-api03-" + "aB3dE5fG7h" * 9
LONG = "The policy of 2025 allows 5 days to be carried over into the next year.\n" * 60
OPTIONS = RunOptions()


def capture(folder: Path, answer: str = "You may carry over 10 days.", finish: str = "stop", **request: Any) -> Path:
    body = {
        "model": "gpt-4o-mini-2024-07-18",
        "temperature": 0.2,
        "messages": [
            {"role": "system", "content": "You are the leave assistant."},
            {"role": "user", "content": f"{LONG}\nHow many days?"},
        ],
    } | request
    response = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1712345678, "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": finish}],
    }  # fmt: skip
    path = folder / "leave-bot.json"
    path.write_text(json.dumps({"request": body, "response": response}))
    return path


def examined(path: Path) -> Examined:
    (found,) = run([str(path)], OPTIONS, keep=True).examined
    return found


def frozen(path: Path, **options: Any) -> Frozen:
    parts = options.pop("parts", (expect("contains", "5 days"), expect("not-contains", "10 days")))
    return freeze(examined(path), FreezeOptions(parts=parts, **options), OPTIONS)


def stored(path: Path, folder: Path, **options: Any) -> StoredCase:
    found = frozen(path, **options)
    return load_case(save_case(found.case, found.blobs, folder))


def written(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="surrogateescape") for path in folder.rglob("*") if path.is_file()
    )


def test_the_request_comes_back_exactly(tmp_path: Path) -> None:
    path = capture(tmp_path)
    assert stored(path, tmp_path / "cases").body() == json.loads(path.read_text())["request"]


def test_freezing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = capture(tmp_path)
    stored(path, tmp_path / "one")
    stored(path, tmp_path / "two")
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_the_file_holds_no_time_of_day(tmp_path: Path) -> None:
    stored(capture(tmp_path), tmp_path / "cases")
    assert "1712345678" not in written(tmp_path / "cases")


def test_the_case_reads_as_the_same_snapshot(tmp_path: Path) -> None:
    path = capture(tmp_path)
    again = case_snapshot(stored(path, tmp_path / "cases"), OPTIONS)
    original = examined(path).snapshot
    assert [message.text for message in again.messages] == [message.text for message in original.messages]
    assert [message.text for message in again.answer] == [message.text for message in original.answer]
    assert again.model == original.model


def test_findings_become_the_proposal_and_the_explanation(tmp_path: Path) -> None:
    path = capture(tmp_path, answer="You may carry over", finish="length")
    found = frozen(path, parts=(), accept=True, good=("You may carry over 5 days.", ()))
    assert msgspec.to_builtins(found.case.expect) == {"no-finding": "MEM103"}
    assert [explanation.code for explanation in found.case.findings] == ["MEM103"]
    assert found.proof.bad.passed is False
    assert found.proof.good is not None
    assert found.proof.good.passed is True


SECRET_PLACES: dict[str, dict[str, Any]] = {
    "text": {"messages": [{"role": "user", "content": f"my key is {KEY}. How many days?"}]},
    "long text": {"messages": [{"role": "user", "content": f"{LONG} {KEY}"}]},
    "tool arguments": {
        "messages": [
            {"role": "user", "content": "How many days?"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get", "arguments": json.dumps({"auth": KEY})}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "ok"},
        ]
    },
    "url": {"messages": [{"role": "user", "content": f"see https://example.com/?key={KEY}"}]},
    "base64": {"messages": [{"role": "user", "content": "data:text/plain;base64," + base64.b64encode(f"the key: {KEY}\n".encode()).decode()}]},
    "headers": {"extra_headers": {"x-api-key": KEY}},
    "parameter": {"user": KEY},
    "answer": {},
}  # fmt: skip


@pytest.mark.parametrize("place", SECRET_PLACES)
def test_no_secret_is_written(tmp_path: Path, place: str) -> None:
    answer = f"10 days, {KEY}" if place == "answer" else "10 days"
    stored(capture(tmp_path, answer=answer, **SECRET_PLACES[place]), tmp_path / "cases", title=f"leaks {KEY}")
    text = written(tmp_path / "cases")
    assert KEY not in text
    assert base64.b64encode(f"the key: {KEY}\n".encode()).decode() not in text
    assert "<REDACTED:anthropic-key:1>" in text


def test_a_leaked_value_has_one_placeholder_everywhere(tmp_path: Path) -> None:
    path = capture(
        tmp_path,
        answer="mail anna@firma.de",
        messages=[{"role": "system", "content": "Never show anna@firma.de."}, {"role": "user", "content": "who?"}],
    )
    case = stored(
        path, tmp_path / "cases", parts=(expect("not-contains", "anna@firma.de"),), good=("I may not say.", ())
    )
    assert msgspec.to_builtins(case.case.expect) == {"not-contains": "<REDACTED:email:1>"}
    assert case.answer(case.case.recorded)[0] == "mail <REDACTED:email:1>"


def test_redaction_that_changes_the_verdict_is_refused(tmp_path: Path) -> None:
    path = capture(tmp_path, answer="You may carry over", finish="length")
    options: dict[str, Any] = {"parts": (expect("contains", "5 days"),), "patterns": {"word": "length"}}
    with pytest.raises(UsageError, match="MEM103 is no longer found"):
        frozen(path, **options)
    assert frozen(path, **options, allow_change=True).changes == ("MEM103 is no longer found",)


@pytest.mark.parametrize(
    ("parts", "good", "words"),
    [
        ((expect("contains", "10 days"),), None, "passes on the bad answer"),
        ((expect("not-contains", "99 days"),), None, "passes on the bad answer"),
        ((expect("contains", "5 days"),), ("it is 4 days", ()), "fails on the good answer"),
        ((expect("contains", "5 days"), expect("not-contains", "5 days")), None, "fails on the good answer"),
        ((expect("tool-called", "search"),), None, "there is no good answer"),
        ((expect("judge", "polite"),), ("yes", ()), "cannot judge the bad answer"),
        ((expect("language", "de"),), ("5", ()), "cannot judge the good answer"),
    ],
)
def test_a_case_that_proves_nothing_is_refused(tmp_path: Path, parts: Any, good: Any, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        frozen(capture(tmp_path), parts=parts, good=good)
    assert words in str(caught.value)


def test_no_proposal_and_no_demand_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="propose no expectation"):
        frozen(capture(tmp_path, answer="You may carry over 5 days."), parts=(), accept=True)


def test_an_exchange_without_an_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}))
    with pytest.raises(UsageError, match="no answer"):
        frozen(path)


def test_a_stream_is_kept_event_by_event(tmp_path: Path) -> None:
    chunk: dict[str, Any] = {"id": "c", "object": "chat.completion.chunk", "model": "m"}
    events = [
        {**chunk, "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}
        for word in ("10 ", "days")
    ]
    events.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    text = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            {
                "request": {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "hi"}]},
                "response": text,
            }
        )
    )
    case = stored(path, tmp_path / "cases")
    assert case.answer(case.case.recorded)[0] == "10 days"
    assert [message.text for message in case_snapshot(case, OPTIONS).answer] == ["10 days"]
    assert list(verify(case, OPTIONS)) == []


def test_a_transcript_becomes_a_chat_request(tmp_path: Path) -> None:
    path = tmp_path / "a.transcript"
    path.write_text("system: Be brief.\nuser: How many days?\nassistant: 10 days\n")
    case = stored(path, tmp_path / "cases")
    assert case.case.request.exact is False
    assert case.body()["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How many days?"},
    ]
    assert list(verify(case, OPTIONS)) == []


def test_verify_and_lint_are_silent_on_a_fresh_case(tmp_path: Path) -> None:
    case = stored(capture(tmp_path), tmp_path / "cases")
    assert list(verify(case, OPTIONS)) == []
    assert list(lint(case)) == []
    assert list(orphans([case])) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('answer: "5 days"', 'answer: "6 days"', "the good answer fails"),
        ('- contains: "5 days"', '- contains: "10 days"', "should pass"),
        ("passed: false", "passed: true", "the recorded answer fails"),
        ("You may carry over 10 days.\n  response", "You may carry over 11 days.\n  response", "differ"),
        ('- not-contains: "10 days"', "- no-finding: ZZZ999", "ZZZ999"),
    ],
)
def test_verify_or_lint_sees_an_edit_that_breaks_the_proof(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = stored(capture(tmp_path), tmp_path / "cases").path
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    case = load_case(path)
    try:
        flaws = [flaw.message for flaw in (*lint(case), *verify(case, OPTIONS))]
    except UsageError as error:
        flaws = [str(error)]
    assert any(words in flaw for flaw in flaws), flaws


def test_lint_names_texts_that_nobody_needs(tmp_path: Path) -> None:
    case = stored(capture(tmp_path), tmp_path / "cases")
    (tmp_path / "cases" / "blobs" / "0123456789abcdef.txt").write_text("x")
    assert [Path(flaw.path).name for flaw in orphans([case])] == ["0123456789abcdef.txt"]


def a_finding(code: str, answer: str = "", **facts: Any) -> Finding:
    exhibit = Exhibit("a.json", "", None, "a0.s0", 0, len(answer), answer, "the answer")
    return finding_of(
        code, severity=Severity.ERROR, confidence=Confidence.HIGH, evidence=(exhibit,) if answer else (), facts=facts
    )


@pytest.mark.parametrize(
    ("finding", "parts", "fallback"),
    [
        (a_finding("MEM403", newer_value="5 days", older_value="10 days", newer="policy", older="handbook"), [{"contains": "5 days"}, {"not-contains": "10 days"}], "clarify"),
        (a_finding("MEM402", left="5 days", right="10 days", answer_used="left"), [{"any": [{"contains-all": ["5 days", "10 days"]}, {"asks-clarification": True}]}], "clarify"),
        (a_finding("MEM402", left="5 days", right="10 days", answer_used=None), [], "clarify"),
        (a_finding("MEM404", verdict="absent", values=["30 days"], unsupported=0.9), [{"not-contains": "30 days"}, {"abstains": True}], "abstain"),
        (a_finding("MEM404", verdict="contradicted", value="30 days"), [{"not-contains": "30 days"}], "abstain"),
        (a_finding("MEM406", quoted="as it was never said"), [{"not-contains": "as it was never said"}], "abstain"),
        (a_finding("MEM401", fact="5 days"), [{"contains": "5 days"}], "retrieve"),
        (a_finding("MEM101", lost=["m1.s0"]), [], "retrieve"),
        (a_finding("LRC308"), [{"no-finding": "LRC308"}], "escalate"),
        (a_finding("LRC301"), [], "none"),
        (a_finding("LRC504"), [{"abstains": True}], "abstain"),
        (a_finding("LRC505"), [{"abstains": False}], "retrieve"),
    ],
)  # fmt: skip
def test_what_findings_propose(finding: Finding, parts: list[Any], fallback: str) -> None:
    found = propose([finding])
    assert [msgspec.to_builtins(part.expectation) for part in found.parts] == parts
    assert found.fallback == fallback


def test_a_given_fact_is_proposed_first() -> None:
    assert [msgspec.to_builtins(part.expectation) for part in propose([], ["5 days"]).parts] == [{"contains": "5 days"}]


@pytest.mark.parametrize(
    ("demanded", "finding", "refused"),
    [
        (expect("contains", "30 days"), a_finding("MEM404", "You may carry over 30 days."), ["30 days"]),
        (expect("contains", "30 days"), a_finding("MEM404", values=["30 days"]), ["30 days"]),
        (expect("contains-all", ["5 days", "30 days"]), a_finding("MEM404", values=["30 days"]), ["30 days"]),
        (expect("contains", "up to 10 days"), a_finding("MEM403", older_value="10 days"), ["up to 10 days"]),
        (expect("not-contains", "30 days"), a_finding("MEM404", values=["30 days"]), []),
        (expect("contains", "carried over"), a_finding("MEM404", "30 days are carried over."), []),
        (expect("contains", "5 days"), a_finding("MEM404", values=["30 days"]), []),
    ],
)
def test_an_unsupported_value_may_not_be_demanded(
    tmp_path: Path, demanded: Any, finding: Finding, refused: list[str]
) -> None:
    assert demanded_unsupported(demanded, examined(capture(tmp_path)).snapshot, [finding]) == refused


@pytest.mark.parametrize(
    ("demanded", "answer"),
    [
        (expect("all", [expect("contains", "5 days"), expect("not-contains", "10 days")]), "5 days"),
        (expect("abstains", True), "I cannot find that in the sources that I was given."),
        (expect("any", [expect("tool-called", "x"), expect("equals", "yes")]), "yes"),
        (expect("cites", ["a", "b"]), "[a] [b]"),
        (expect("tool-called", "x"), None),
        (expect("is-json", True), None),
    ],
)
def test_constructed_good_answer(demanded: Any, answer: str | None) -> None:
    assert constructed_good(demanded) == answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('contains:"5 days"', {"contains": "5 days"}),
        ("contains:5 days", {"contains": "5 days"}),
        ("5 days", {"contains": "5 days"}),
        ("what: a day", {"contains": "what: a day"}),
        ("max-words:50", {"max-words": 50}),
        ("abstains", {"abstains": True}),
        ("tool-called:search", {"tool-called": "search"}),
        (
            'tool-called:{"name": "search", "arguments": {"q": "x"}}',
            {"tool-called": {"name": "search", "arguments": {"q": "x"}}},
        ),
        ('contains-any:["a1", "b2"]', {"contains-any": ["a1", "b2"]}),
        ("no-finding:MEM403", {"no-finding": "MEM403"}),
    ],
)
def test_demands_of_the_command_line(text: str, expected: Any) -> None:
    assert msgspec.to_builtins(demand(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 days", {"not-contains": "10 days"}),
        ("tool-called:send", {"tool-not-called": "send"}),
        ("abstains", {"not": {"abstains": True}}),
    ],
)
def test_prohibitions_of_the_command_line(text: str, expected: Any) -> None:
    assert msgspec.to_builtins(prohibition(text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("contain:x", "did you mean 'contains'"),
        ("contains", "needs a value"),
        ("regex:(", "cannot be read"),
        ("max-words:many", "int"),
    ],
)
def test_unusable_demands_are_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        demand(text)


def test_good_answers_come_from_text_file_or_json(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("5 days\n")
    assert good_answer("5 days") == ("5 days", ())
    assert good_answer(str(tmp_path / "good.txt")) == ("5 days", ())
    text, calls = good_answer('{"answer": "", "calls": [{"name": "search", "arguments": {"q": "x"}}]}')
    assert (text, calls[0].name, calls[0].parsed) == ("", "search", {"q": "x"})
    assert good_answer('{"a": 1}') == ('{"a": 1}', ())


SHIPPED = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("path", sorted((SHIPPED / "clean").glob("*.json")), ids=lambda path: path.stem)
def test_every_format_freezes_loads_and_proves_itself(path: Path, tmp_path: Path) -> None:
    (found,) = run([str(path)], OPTIONS, keep=True).examined
    options = FreezeOptions(id="case", parts=(expect("contains", "Zyzzyva 4711"),), good=("Zyzzyva 4711", ()))
    case = freeze(found, options, OPTIONS)
    loaded = load_case(save_case(case.case, case.blobs, tmp_path))
    assert [*lint(loaded), *verify(loaded, OPTIONS)] == []
    if not case.redactions:
        assert loaded.body() == found.snapshot.request


@pytest.mark.slow
def test_every_shipped_capture_freezes_and_proves_itself(tmp_path: Path) -> None:
    for number, found in enumerate(run([str(SHIPPED / "captures")], OPTIONS, keep=True).examined):
        if not found.snapshot.answer:
            continue
        options = FreezeOptions(
            id=f"case-{number}", parts=(expect("contains", "Zyzzyva 4711"),), good=("Zyzzyva 4711", ())
        )
        case = freeze(found, options, OPTIONS)
        loaded = load_case(save_case(case.case, case.blobs, tmp_path))
        assert [*lint(loaded), *verify(loaded, OPTIONS)] == [], found.snapshot.path


def everywhere(secret: str) -> dict[str, Any]:
    """A request with one secret in a text, an address, a call's arguments, base64 and a header."""
    call = {"id": "c1", "type": "function", "function": {"name": "get", "arguments": json.dumps({"note": secret})}}
    coded = base64.b64encode(f"config: {secret}\n".encode()).decode()
    return {
        "messages": [
            {"role": "user", "content": f"it is {secret} here"},
            {"role": "user", "content": f"https://example.com/?q={secret}"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": coded},
        ],
        "extra_headers": {"x-note": secret},
    }


def test_no_kind_of_secret_is_written_from_any_place(tmp_path: Path) -> None:
    from tests.redaction.test_redactor import PLANTED, core, unwrapped

    for kind, text in PLANTED:
        case = frozen(capture(tmp_path, **everywhere(text)), allow_change=True)
        everything = unwrapped(case_text(case.case)) + "".join(
            unwrapped(data.decode()) for data in case.blobs.texts.values()
        )
        assert core(kind, text) not in everything, kind
        assert remaining([case_text(case.case)]) == ()


def test_a_lone_surrogate_comes_back_from_a_frozen_case(tmp_path: Path) -> None:
    case = stored(capture(tmp_path, answer="10 days \ud83d and no more"), tmp_path / "cases")
    response = case.response()
    assert response is not None
    assert response["choices"][0]["message"]["content"] == "10 days \ud83d and no more"


def test_an_exchange_that_is_nested_too_deeply_is_refused_in_one_line_or_comes_back_whole(tmp_path: Path) -> None:
    """Which of the two depends on how deep the interpreter goes: Python 3.13 goes deeper than 3.11."""
    deep: Any = "words"
    for _ in range(400):
        deep = {"a": deep}
    path = capture(tmp_path, deep=deep, metadata={"deep": deep})
    with suppress(UsageError):
        kept = stored(path, tmp_path / "cases", allow_change=True).body()
        assert json.dumps(kept["deep"]) == json.dumps(deep)
        return
    assert not (tmp_path / "cases").exists()
    with pytest.raises(UsageError, match=r"nothing was written: .*(nested too deeply|nesting deeper)"):
        stored(path, tmp_path / "cases", allow_change=True)


def test_a_case_whose_schemas_double_at_every_step_is_held_and_gives_no_verdict(tmp_path: Path) -> None:
    """Two kilobytes that are a thousand million references for who follows every one: in a tool, in the format asked for, in a demand."""
    steps = {f"s{at}": {"allOf": [{"$ref": f"#/$defs/s{at + 1}"}] * 2} for at in range(30)}
    schema = {"$ref": "#/$defs/s0", "$defs": {**steps, "s30": {"type": "object"}}}
    tool = {"type": "function", "function": {"name": "days", "description": "Days left.", "parameters": schema}}
    asked = {"type": "json_schema", "json_schema": {"name": "days", "schema": schema}}
    path = capture(tmp_path, answer='{"days": 10}', tools=[tool], response_format=asked)
    case = stored(path, tmp_path / "cases", good=('{"days": 5}', ()), parts=(expect("not-contains", "10"),))
    assert case.body() == json.loads(path.read_text())["request"]
    assert [problem.message for problem in run([str(path)], OPTIONS).problems if problem.ours] == []
    with pytest.raises(UsageError, match="cannot judge"):
        frozen(path, good=('{"days": 5}', ()), parts=(expect("is-json", schema),))
