"""What the corpus says of a fact that was not retrieved: not there, there and missed, or there in a newer version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.api.calls import inspect
from ctxdebug.model import Finding
from tests.shell import ctxdebug

LEAVE = "---\ndate: 2025-01-15\n---\n# Leave\n\nUp to 5 days of unused vacation may be carried over to the next year.\n\nSick leave is paid for six weeks.\n"
FILES = {
    "policies/leave-2025.md": LEAVE,
    "canteen.html": "<p>Lunch is served from noon to two.</p>",
    "kb.jsonl": '{"id": "kb-2", "text": "The parental allowance is 300 EUR for each child."}\n',
}
CANTEEN = ("canteen", "Lunch is served from noon to two.")
OLD = (
    "handbook-2022",
    "Last updated: 2022-03-01. Up to 10 days of unused vacation may be carried over to the next year.",
)
DECLINES = "I could not find that in the documents."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with three small files."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return str(folder)


def rag(question: str, found: tuple[str, str], answer: str, query: str = "") -> dict[str, Any]:
    """An exchange in which one document was looked up."""
    call = {
        "id": "c",
        "type": "function",
        "function": {"name": "search_docs", "arguments": json.dumps({"query": query or question})},
    }
    document = f'<document id="{found[0]}">{found[1]}</document>'
    messages = [
        {"role": "system", "content": "Answer only from the documents."},
        {"role": "user", "content": question},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": document},
    ]
    response = {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    return {"request": {"model": "gpt-4o-mini", "messages": messages}, "response": response}


def told(exchange: dict[str, Any], corpus: str, *facts: str) -> Finding | None:
    """Return what MEM401 says."""
    return next((one for one in inspect(exchange, corpus=corpus, facts=facts).findings if one.code == "MEM401"), None)


CARRY, CHILD, GYM = (
    "How many days of leave can I carry over?",
    "What is paid for a baby?",
    "Does the firm pay for a gym?",
)


@pytest.mark.parametrize(
    ("exchange", "fact", "verdict", "words"),
    [
        (rag(GYM, CANTEEN, DECLINES), "20 EUR a month", "not in the corpus", "no text of 3 files"),
        (rag(CHILD, CANTEEN, DECLINES), "300 EUR", "in the corpus and not retrieved", "kb.jsonl:1"),
        (rag(CHILD, CANTEEN, DECLINES), "300 EUR", "in the corpus and not retrieved", "and not paid, baby; it says parental, allowance"),
        (rag(CHILD, CANTEEN, DECLINES, "parental allowance"), "300 EUR", "in the corpus and not retrieved", "all words of the query “parental allowance”"),
        (rag(CARRY, ("leave-2025.md", "Sick leave is paid for six weeks."), DECLINES), "5 days", "in the corpus and not retrieved", "other passages of it"),
        (rag(CARRY, OLD, "You can carry over 10 days."), "5 days", "in the corpus, and an older version was retrieved", "handbook-2022 says “10 days”"),
    ],
)  # fmt: skip
def test_where_a_fact_is(exchange: dict[str, Any], fact: str, verdict: str, words: str, corpus: str) -> None:
    """Which file, and how the query missed it."""
    found = told(exchange, corpus, fact)
    assert found is not None
    assert found.facts["verdict"] == verdict
    assert words in found.message


def test_a_fact_that_is_in_the_prompt_is_no_matter_of_the_corpus(corpus: str) -> None:
    """Nothing is said, whatever the corpus has."""
    assert told(rag("When is lunch?", CANTEEN, "From noon to two."), corpus, "from noon to two") is None


@pytest.mark.parametrize(
    ("exchange", "verdict"),
    [
        (rag(CARRY, OLD, "You can carry over 10 days of unused vacation to the next year."), "in the corpus, and an older version was retrieved"),
        (rag(GYM, CANTEEN, DECLINES), "not in the corpus"),
        (rag("What is the parental allowance for each child?", CANTEEN, DECLINES), "in the corpus and not retrieved"),
    ],
)  # fmt: skip
def test_without_a_fact_the_question_is_looked_for(exchange: dict[str, Any], verdict: str, corpus: str) -> None:
    """An older version is told whatever the answer says; the rest only where it declines."""
    found = told(exchange, corpus)
    assert found is not None
    assert found.facts["verdict"] == verdict


@pytest.mark.parametrize(
    "exchange",
    [
        rag("When is lunch served?", CANTEEN, "Lunch is served from noon to two."),
        rag("When is lunch served?", CANTEEN, DECLINES),
        rag(CARRY, ("leave-2025.md", LEAVE), "You can carry over 5 days of unused vacation to the next year."),
        rag(
            CARRY,
            ("leave-2026", OLD[1].replace("2022", "2026")),
            "You can carry over 10 days of unused vacation to the next year.",
        ),
        rag(
            CARRY,
            ("travel", "Last updated: 2022-03-01. Up to 10 bags may be carried over the bridge."),
            "Ten bags may be carried over the bridge.",
        ),
    ],
)
def test_silent(exchange: dict[str, Any], corpus: str) -> None:
    """What was retrieved is what the corpus has, is newer, or is of something else."""
    assert told(exchange, corpus) is None


def test_what_could_not_be_read_is_said(tmp_path: Path) -> None:
    """Not in the corpus means: not in what of it was read."""
    (tmp_path / "a.md").write_text("Lunch is served from noon to two.", "utf-8")
    (tmp_path / "b.jsonl").write_text("{", "utf-8")
    found = told(rag(GYM, CANTEEN, DECLINES), str(tmp_path), "20 EUR a month")
    assert found is not None
    assert "b.jsonl not read: line 1 is no JSON" in found.message


def test_the_command_takes_a_corpus(tmp_path: Path, corpus: str) -> None:
    """`inspect --corpus`; a corpus that does not exist is a mistake of the call."""
    capture = tmp_path / "capture.json"
    capture.write_text(json.dumps(rag(CHILD, CANTEEN, DECLINES)), "utf-8")
    shown = ctxdebug("inspect", str(capture), "--fact", "300 EUR", "--corpus", corpus, "-q")
    assert (shown.returncode, "in the corpus and not retrieved (kb.jsonl:1)" in shown.stdout) == (0, True)
    shown = ctxdebug("inspect", str(capture), "--corpus", str(tmp_path / "nowhere"))
    assert (shown.returncode, "does not exist" in shown.stderr) == (2, True)
