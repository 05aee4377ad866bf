from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.cases.blobs import Blobs
from ctxdebug.cases.case import case_from
from ctxdebug.cases.store import StoredCase, find_cases, load_case, save_case
from ctxdebug.cases.survey import survey
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.rules import RULES, suite_rules

OPTIONS = RunOptions()
FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
PINNED = "gpt-4o-mini-2024-07-18"
TODAY = date(2026, 10, 1)
RULES.all()


def body(question: str = "How many days may I carry over?", **more: Any) -> dict[str, Any]:
    return {
        "model": PINNED,
        "messages": [
            {"role": "system", "content": "You are the leave assistant."},
            {"role": "user", "content": question},
        ],
    } | more


def grounded(question: str) -> dict[str, Any]:
    source = '<document id="policy">\nEmployees may carry over up to 5 days of unused vacation into the next year.\n</document>'
    return body(f"{source}\n\n{question}")


def a_case(folder: Path, name: str = "leave", request: dict[str, Any] | None = None, **changes: Any) -> StoredCase:
    content = {
        "ctxdebug": 1, "id": name, "title": "the old limit is quoted",
        "request": {"format": "openai.chat", "body": request or body()},
        "recorded": {"passed": False, "answer": "10 days"}, "good": {"answer": "5 days"}, "expect": {"contains": "5 days"},
    }  # fmt: skip
    return load_case(save_case(case_from(content | changes), Blobs(), folder))


def captures(folder: Path, *exchanges: tuple[dict[str, Any], dict[str, Any]]) -> list[Examined]:
    path = folder / "live.jsonl"
    path.write_text(
        "".join(json.dumps({"request": request, "response": response}) + "\n" for request, response in exchanges)
    )
    return run([str(path)], OPTIONS, keep=True).examined


def response(answer: str = "5 days", finish: str = "stop", **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer}
    return {"id": "c1", "model": PINNED, "choices": [{"index": 0, "message": message, "finish_reason": finish}]} | more


def codes(cases: list[StoredCase], examined: list[Examined] | None = None, **more: Any) -> list[str]:
    return [finding.code for finding in survey(cases, examined or [], OPTIONS, today=TODAY, **more)]


def test_rules_for_folders_are_not_listed_where_they_can_never_run(tmp_path: Path) -> None:
    (examined,) = captures(tmp_path, (body(), response()))
    assert not suite_rules().keys() & dict(examined.not_checked).keys()


@pytest.mark.parametrize("code", sorted(code for code in suite_rules() if code.startswith("INS1")))
def test_shipped_suites_fire_and_stay_silent_as_their_folders_say(code: str) -> None:
    for folder, expected in (("fires", [code]), ("silent", [])):
        home = FIXTURES / code / folder
        cases = [load_case(path) for path in find_cases([home / "cases"])]
        live = run([str(home / "captures")], OPTIONS, keep=True).examined if (home / "captures").is_dir() else []
        assert codes(cases, live) == expected, folder


def test_a_plain_suite_is_silent(tmp_path: Path) -> None:
    assert codes([a_case(tmp_path)], captures(tmp_path, (body(), response()))) == []


@pytest.mark.parametrize(("model", "found"), [("gpt-4o", ["INS101"]), (PINNED, []), ("my-own-model", [])])
def test_unpinned_model(tmp_path: Path, model: str, found: list[str]) -> None:
    assert codes([a_case(tmp_path, request=body(model=model))]) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [({"temperature": 0.9}, ["INS102"]), ({"temperature": 0.9, "seed": 1}, []), ({"temperature": 0}, []), ({}, [])],
)
def test_sampling_without_seed(tmp_path: Path, more: dict[str, Any], found: list[str]) -> None:
    assert codes([a_case(tmp_path, request=body(**more))]) == found


@pytest.mark.parametrize(
    ("day", "found"), [(date(2026, 10, 1), []), (date(2027, 1, 1), ["note"]), (date(2027, 2, 1), ["warning"])]
)
def test_retiring_model(tmp_path: Path, day: date, found: list[str]) -> None:
    assert [finding.severity.word for finding in survey([a_case(tmp_path)], [], OPTIONS, today=day)] == found


def test_answer_drift(tmp_path: Path) -> None:
    fixed = body(temperature=0, seed=1)
    cases = [a_case(tmp_path)]
    assert codes(cases, captures(tmp_path, (fixed, response("5 days")), (fixed, response("10 days")))) == ["INS104"]
    assert codes(cases, captures(tmp_path, (fixed, response("5 days")), (fixed, response("5 days")))) == []
    assert codes(cases, captures(tmp_path, (body(), response("5 days")), (body(), response("10 days")))) == []
    prints = [(body(), response(system_fingerprint=name)) for name in ("fp_1", "fp_2")]
    assert codes(cases, captures(tmp_path, *prints)) == ["INS104"]


def test_tool_schema_drift(tmp_path: Path) -> None:
    def tools(kind: str) -> list[Any]:
        return [
            {
                "type": "function",
                "function": {
                    "name": "search",
                    "description": "s",
                    "parameters": {"type": "object", "properties": {"q": {"type": kind}}},
                },
            }
        ]

    cases = [a_case(tmp_path, request=body(tools=tools("string")))]
    assert codes(cases, captures(tmp_path, (body(tools=tools("array")), response()))) == ["INS105"]
    assert codes(cases, captures(tmp_path, (body(tools=tools("string")), response()))) == []


def test_failure_without_case(tmp_path: Path) -> None:
    failing = (
        body("Cut this, please"),
        {
            "error": {
                "message": "This model's maximum context length is 10 tokens. However, you requested 99 tokens",
                "code": "context_length_exceeded",
            }
        },
    )
    live = captures(tmp_path, failing, failing)
    errors = [finding.code for finding in live[0].findings if finding.severity.word == "error"]
    assert errors
    assert codes([a_case(tmp_path)], live) == ["INS201"]
    assert codes([a_case(tmp_path, "failing", request=failing[0])], live) == []


def test_a_redacted_case_covers_its_capture(tmp_path: Path) -> None:
    request = body("Write to anna@firma.de, please")
    failing = (
        request,
        {
            "error": {
                "message": "maximum context length is 10 tokens, you requested 99 tokens",
                "code": "context_length_exceeded",
            }
        },
    )
    case = a_case(tmp_path, request=body("Write to <REDACTED:email:1>, please"))
    assert codes([case], captures(tmp_path, failing)) == []


def test_case_never_run(tmp_path: Path) -> None:
    live = captures(tmp_path, (body(model="gpt-4.1-2025-04-14"), response(model="gpt-4.1-2025-04-14")))
    assert codes([a_case(tmp_path)], live) == ["INS202"]
    assert codes([a_case(tmp_path)], live, runs={"leave": frozenset({"gpt-4.1-2025-04-14"})}) == []


def test_cases_alike(tmp_path: Path) -> None:
    alike = [
        a_case(tmp_path / "alike", f"c{n}", body(f"How many vacation days may I carry over to {2020 + n}?"))
        for n in range(6)
    ]
    assert codes(alike) == ["DEM101"]
    questions = [
        "How many days?",
        "Where is the canteen?",
        "Reset my password",
        "What does the contract say of notice?",
        "Who is on call tonight?",
        "Translate this",
    ]
    assert codes([a_case(tmp_path / "apart", f"c{n}", body(question)) for n, question in enumerate(questions)]) == []
    variants = [
        a_case(
            tmp_path / "variants",
            f"c{n}",
            body(f"How many days in {n}?"),
            origin={"capture": "a", "mutation": "mistyped", "parent": "c"},
        )
        for n in range(6)
    ]
    assert codes(variants) == []


def test_no_adversarial_and_no_abstention_case(tmp_path: Path) -> None:
    questions = ("How many days?", "Where do I register them, and until when?", "Who approves it?")
    cases = [a_case(tmp_path, f"c{n}", grounded(question)) for n, question in enumerate(questions)]
    assert codes(cases) == ["DEM102", "DEM103"]
    tagged = a_case(tmp_path, "tagged", grounded("May I swap them?"), tags=["adversarial"])
    abstaining = a_case(
        tmp_path,
        "abstaining",
        grounded("What is the moon made of?"),
        expect={"abstains": True},
        good={"answer": "I do not know."},
    )
    assert codes([*cases, tagged]) == ["DEM103"]
    assert codes([*cases, abstaining]) == ["DEM102"]
    assert codes([*cases, tagged, abstaining]) == []


def test_no_long_case(tmp_path: Path) -> None:
    long = body(
        "How many days may I carry over?\n"
        + "A line of a very long page that somebody pasted here, number after number.\n" * 900
    )
    live = captures(
        tmp_path, *[(body("How many days may I carry over?"), response()), (long, response()), (long, response())]
    )
    assert "DEM104" in codes([a_case(tmp_path)], live)
    assert "DEM104" not in codes([a_case(tmp_path, "long", request=long)], live)


def test_traffic_uncovered(tmp_path: Path) -> None:
    strange = [
        (body(f"{topic} please explain"), response())
        for topic in ("tax brackets", "wifi outage", "invoice 7", "parking permits", "fire drill", "dental plan")
    ]
    near = [(body(f"How many days may I carry over in {year}?"), response()) for year in range(6)]
    assert codes([a_case(tmp_path)], captures(tmp_path, *strange)) == ["DEM105"]
    assert codes([a_case(tmp_path)], captures(tmp_path, *near)) == []


def test_telemetry_missing(tmp_path: Path) -> None:
    bare = {"choices": response()["choices"]}
    assert codes([a_case(tmp_path)], captures(tmp_path, *[(body(), bare)] * 3)) == ["DEM106"]
    assert codes([a_case(tmp_path)], captures(tmp_path, *[(body(), response())] * 3)) == []
