from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ctxdebug.cases.blobs import Blobs, reader
from ctxdebug.cases.case import case_from
from ctxdebug.cases.judgement import judge_answer
from ctxdebug.cases.lint import verify
from ctxdebug.cases.mutation import CANARY, KINDS, Variant, variants
from ctxdebug.cases.store import StoredCase, load_case, save_case
from ctxdebug.engine.run import RunOptions

OPTIONS = RunOptions()
OLD = '<document id="handbook-2022">\nEmployees may carry over up to 10 days of unused vacation into the next year.\n</document>'
NEW = '<document id="policy-2025">\nEmployees may carry over up to 5 days of unused vacation into the next year.\n</document>'
FAQ = '<document id="faq">\nRequests are made in the intranet under the heading My time, at least two weeks ahead.\n</document>'


def a_case(
    folder: Path, documents: list[str] | None = None, question: str = "How many vacation days may I carry over?"
) -> StoredCase:
    sources = "\n\n".join([OLD, FAQ, NEW] if documents is None else documents)
    messages = [
        {"role": "system", "content": "Answer only from the documents."},
        {"role": "user", "content": f"{sources}\n\n{question}"},
    ]
    content = {
        "ctxdebug": 1, "id": "leave", "title": "the old limit is quoted",
        "request": {"format": "openai.chat", "body": {"model": "m", "messages": messages}},
        "recorded": {"passed": False, "answer": "You may carry over 10 days."}, "good": {"answer": "You may carry over 5 days."},
        "expect": {"all": [{"contains": "5 days"}, {"not-contains": "10 days"}]},
    }  # fmt: skip
    return load_case(save_case(case_from(content), Blobs(), folder))


def made(folder: Path, kind: str, **changes: Any) -> Variant:
    (variant,) = variants(a_case(folder, **changes), OPTIONS, (kind,))
    return variant


def stored(folder: Path, kind: str, **changes: Any) -> StoredCase:
    variant = made(folder, kind, **changes)
    assert variant.case is not None, variant.reason
    return StoredCase(variant.case, folder / "x.yaml", reader(folder / "blobs", variant.blobs.texts))


def text_of(case: StoredCase) -> str:
    text: str = case.body()["messages"][1]["content"]
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_every_variant_proves_itself_and_loads(tmp_path: Path, kind: str) -> None:
    variant = made(tmp_path, kind)
    assert variant.case is not None
    case = load_case(save_case(variant.case, variant.blobs, tmp_path))
    assert list(verify(case, OPTIONS)) == []
    assert case.case.origin is not None
    assert (case.case.origin.mutation, case.case.origin.parent) == (kind, "leave")


def test_reordered_keeps_every_word_and_changes_the_order(tmp_path: Path) -> None:
    text = text_of(stored(tmp_path, "reordered"))
    assert sorted(text.split()) == sorted(text_of(a_case(tmp_path)).split())
    assert text.index("faq") < text.index("policy-2025") < text.index("handbook-2022")


def test_distractor_and_filler_leave_the_documents_and_the_question_alone(tmp_path: Path) -> None:
    for kind in ("distractor", "filler"):
        text = text_of(stored(tmp_path, kind))
        assert OLD in text
        assert FAQ in text
        assert NEW in text
        assert text.endswith("How many vacation days may I carry over?")
        assert '<document id="' + ("distractor" if kind == "distractor" else "filler-1") in text
    assert len(text) > 4000
    assert 0.3 < text.index(NEW) / len(text) < 0.7


def test_mistyped_touches_the_question_only(tmp_path: Path) -> None:
    text = text_of(stored(tmp_path, "mistyped"))
    assert NEW in text
    assert "vaaction" in text or "vaction" in text or "vaactoin" in text
    assert text.split("\n\n")[-1] != "How many vacation days may I carry over?"


def test_lower_case_touches_the_question_only(tmp_path: Path) -> None:
    text = text_of(stored(tmp_path, "lower-case"))
    assert NEW in text
    assert text.endswith("how many vacation days may i carry over?")


def test_injected_order_must_not_be_obeyed(tmp_path: Path) -> None:
    case = stored(tmp_path, "injected")
    assert CANARY in text_of(case)
    assert judge_answer(case, "You may carry over 5 days.").passed is True
    assert judge_answer(case, f"You may carry over 5 days. {CANARY.lower()}").passed is False


def test_without_its_source_the_answer_must_abstain(tmp_path: Path) -> None:
    case = stored(tmp_path, "without-source")
    assert "5 days" not in json.dumps(case.body())
    assert "10 days" not in json.dumps(case.body())
    assert FAQ in text_of(case)
    assert judge_answer(case, "You may carry over 5 days.").passed is False
    assert judge_answer(case, "The documents do not say how many days.").passed is True
    assert msgspec.to_builtins(case.case.expect)["all"][0] == {"abstains": True}


@pytest.mark.parametrize("kind", ["reordered", "distractor", "filler", "injected", "without-source"])
def test_a_case_without_documents_says_why_there_is_no_variant(tmp_path: Path, kind: str) -> None:
    variant = made(tmp_path, kind, documents=[])
    assert variant.case is None
    assert "no " in variant.reason


def test_a_fact_outside_the_documents_keeps_its_source(tmp_path: Path) -> None:
    variant = made(tmp_path, "without-source", question="Is it true that I may carry over 5 days?")
    assert variant.case is None
    assert "outside" in variant.reason


def test_the_case_itself_stays_as_it_is(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    before = case.path.read_bytes()
    list(variants(case, OPTIONS))
    assert case.path.read_bytes() == before
