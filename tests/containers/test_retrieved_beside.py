"""Retrieval beside a model call, in the traces of six tools: what came back is compared with what was put into the prompt."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from ctxdebug.api.calls import check
from ctxdebug.containers.shapes.retrieved import query_of, retrieved, retrieves

Passages: TypeAlias = Sequence[tuple[str, str]]
QUESTION = "How long is the warranty of the Kestrel kettle?"
KETTLE = ("kettle", "The warranty of the Kestrel kettle is three years from the day of purchase.")
TOASTER = ("toaster", "Empty the crumb tray of the Otter toaster once a week and rinse it with water.")
LONG = ("kettle", f"It covers the base and the lid as well. {KETTLE[1]}")
BEGINNING = ("kettle", "It covers the base and the lid as well.")
DECLINES = "I could not find the warranty in the documents."


def messages(put: Passages) -> list[dict[str, str]]:
    """A prompt with these documents."""
    documents = "\n".join(f'<document id="{name}">{text}</document>' for name, text in put)
    rules = "Answer only from the documents. If they do not hold the answer, say so."
    return [{"role": "system", "content": rules}, {"role": "user", "content": f"{documents}\n\n{QUESTION}"}]


def documents(found: Passages) -> list[dict[str, Any]]:
    """Documents as LangChain dumps them."""
    return [{"page_content": text, "metadata": {"source": name}} for name, text in found]


def request(put: Passages) -> dict[str, Any]:
    """A chat request."""
    return {"model": "gpt-4o-mini", "messages": messages(put)}


RESPONSE = {
    "model": "gpt-4o-mini",
    "choices": [{"message": {"role": "assistant", "content": DECLINES}, "finish_reason": "stop"}],
}


def langfuse(found: Passages, put: Passages) -> Any:
    """An export of Langfuse; inputs and outputs are JSON in strings."""
    run = {
        "id": "a",
        "traceId": "t",
        "type": "RETRIEVER",
        "name": "search",
        "input": json.dumps(QUESTION),
        "output": json.dumps(documents(found)),
    }
    said = {"role": "assistant", "content": DECLINES}
    call = {
        "id": "b",
        "traceId": "t",
        "type": "GENERATION",
        "name": "chat",
        "input": json.dumps(messages(put)),
        "output": json.dumps(said),
    }
    return {"trace": {"id": "t"}, "observations": [run, {**call, "model": "gpt-4o-mini"}]}


def langsmith(found: Passages, put: Passages) -> Any:
    """Runs of LangSmith."""
    run = {
        "id": "1",
        "trace_id": "t",
        "run_type": "retriever",
        "name": "search",
        "inputs": {"query": QUESTION},
        "outputs": {"documents": documents(found)},
    }
    return [
        run,
        {"id": "2", "trace_id": "t", "run_type": "llm", "name": "chat", "inputs": request(put), "outputs": RESPONSE},
    ]


def mlflow(found: Passages, put: Passages) -> Any:
    """A trace of MLflow; attributes are JSON in strings."""
    held = [{"page_content": text, "metadata": {"doc_uri": name}} for name, text in found]
    spans = (("RETRIEVER", QUESTION, held), ("CHAT_MODEL", request(put), RESPONSE))
    names = ("mlflow.spanType", "mlflow.spanInputs", "mlflow.spanOutputs")
    rows = [{"name": row[0], "attributes": dict(zip(names, map(json.dumps, row), strict=True))} for row in spans]
    return {"info": {"trace_id": "t"}, "data": {"spans": rows}}


def span(name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """A span of trace `t`."""
    return {"name": name, "context": {"trace_id": "t", "span_id": name}, "attributes": attributes}


def openinference(found: Passages, put: Passages) -> Any:
    """Spans of OpenInference, the retriever's behind the call, as they may come."""
    run: dict[str, Any] = {"openinference.span.kind": "RETRIEVER", "input.value": QUESTION}
    call: dict[str, Any] = {"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini"}
    for number, (name, text) in enumerate(found):
        run |= {
            f"retrieval.documents.{number}.document.{key}": value for key, value in (("id", name), ("content", text))
        }
    for number, one in enumerate(messages(put)):
        call |= {f"llm.input_messages.{number}.message.{key}": value for key, value in one.items()}
    call |= {"llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": DECLINES}
    return [span("llm", call), span("search", run)]


def chat_span(put: Passages) -> dict[str, Any]:
    """A model call by the conventions of OpenTelemetry."""
    read = [{"role": one["role"], "parts": [{"type": "text", "content": one["content"]}]} for one in messages(put)]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": DECLINES}]}]
    told = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini"}
    return span("chat", {**told, "gen_ai.input.messages": json.dumps(read), "gen_ai.output.messages": json.dumps(said)})


def opentelemetry(found: Passages, put: Passages) -> Any:
    """A retrieval span of OpenTelemetry."""
    held = json.dumps([{"id": name, "content": text} for name, text in found])
    told = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.retrieval.documents": held,
        "gen_ai.retrieval.query.text": QUESTION,
    }
    return [span("retrieval", told), chat_span(put)]


def traceloop(found: Passages, put: Passages) -> Any:
    """A task of Traceloop that its name tells."""
    told = {"traceloop.span.kind": "task", "traceloop.entity.output": json.dumps({"documents": documents(found)})}
    return [span("VectorStoreRetriever.task", told), chat_span(put)]


TRACES = (langfuse, langsmith, mlflow, openinference, opentelemetry, traceloop)


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize(
    ("found", "put", "fact", "expected"),
    [
        ([KETTLE, TOASTER], [TOASTER], "", "MEM411 the passage that covers the question best was retrieved and never put into the prompt: kettle"),
        ([KETTLE, TOASTER], [TOASTER], "three years", "MEM401 the expected fact “three years” was retrieved and never put into the prompt"),
        ([LONG], [BEGINNING], "", "MEM411 the passage that covers the question best was cut on the way into the prompt: kettle"),
        ([LONG], [BEGINNING], "three years", "MEM401 the expected fact “three years” was cut on the way into the prompt"),
        ([TOASTER], [TOASTER], "three years", "MEM401 the expected fact “three years” was never retrieved"),
        ([KETTLE, TOASTER], [KETTLE, TOASTER], "", None),
        ([KETTLE, TOASTER], [TOASTER, KETTLE], "three years", None),
    ],
)  # fmt: skip
def test_how_far_a_passage_came(
    trace: Callable[[Passages, Passages], Any],
    found: Passages,
    put: Passages,
    fact: str,
    expected: str | None,
    tmp_path: Path,
) -> None:
    """One exchange, whatever order the spans are in; with a fact and without one in the same words; nothing of the file untold."""
    path = tmp_path / "trace.json"
    path.write_text(json.dumps(trace(found, put)), "utf-8")
    report = check(str(path), facts=[fact] if fact else [])
    told = [f"{one.code} {one.message}" for one in report.findings if one.code in {"MEM401", "MEM411"}]
    assert (report.exchanges, list(report.problems)) == (1, [])
    assert [one.startswith(expected) for one in told] == [True] if expected else told == []


@pytest.mark.parametrize("trace", [openinference, opentelemetry, traceloop])
def test_what_was_retrieved_on_another_line_stands_beside_the_call(
    trace: Callable[[Passages, Passages], Any], tmp_path: Path
) -> None:
    """One span a line, the retriever's before or behind the call's."""
    path = tmp_path / "spans.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in trace([KETTLE, TOASTER], [TOASTER])), "utf-8")
    report = check(str(path))
    told = [f"{one.code} {one.message}" for one in report.findings if one.code in {"MEM401", "MEM411"}]
    assert (report.exchanges, list(report.problems)) == (1, [])
    assert [one.endswith("never put into the prompt: kettle") for one in told] == [True]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("VectorStoreRetriever", True), ("retrieve_docs", True), ("similarity_search", True), ("RetrievalQA", False),
     ("retrieval-chain", False), ("chat", False)],
)  # fmt: skip
def test_a_span_that_answers_is_no_retriever(name: str, expected: bool) -> None:
    """What it returns is the answer, and no passage."""
    assert retrieves(name) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("leave days", ["leave days"]), ('"leave days"', ["leave days"]), ({"query": "leave"}, ["leave"]), ('{"question": "leave"}', ["leave"]),
     ("[1]", []), (None, []), (7, []), ("x" * 9000, [])],
)  # fmt: skip
def test_what_a_retriever_was_asked(value: Any, expected: list[str]) -> None:
    """A text, or the field of an input that is the query."""
    assert query_of(value) == expected


@pytest.mark.parametrize(
    "odd",
    [None, 7, "x", "[" * 5000, [[[[[[[["deep enough to be left out"]]]]]]]], {"text": 7}, [{"page_content": "short"}]],
)
def test_odd_outputs_are_no_passages(odd: Any) -> None:
    """Whatever a tool returns, it is read or left."""
    assert retrieved(odd) == []
