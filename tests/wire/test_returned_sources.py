"""What providers return of their sources: titles and texts, which words of the answer stand on which, and what is not there."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest

from ctxdebug.api.calls import inspect
from ctxdebug.model import Snapshot, UnseenKind

POLICY = "Up to 5 days of unused leave may be carried over to the next year."
MENU = "The canteen serves lunch from noon to two."
ANSWER = "You can carry over up to 5 days of unused leave to the next year."
CHUNKS = [
    {"retrievedContext": {"title": "policy.md", "text": POLICY}},
    {"retrievedContext": {"title": "menu.md", "text": MENU}},
]
"""Answer, and what each provider says of it, written by hand after the providers' references."""


def gemini(answer: str = ANSWER, chunks: Any = CHUNKS, indices: tuple[int, ...] = (0,)) -> dict[str, Any]:
    """A Gemini exchange whose answer is grounded in `chunks`; its borders count bytes."""
    support = {"segment": {"endIndex": len(answer.encode()), "text": answer}, "groundingChunkIndices": list(indices)}
    grounding = {"groundingChunks": chunks, "groundingSupports": [support]}
    candidate = {
        "content": {"role": "model", "parts": [{"text": answer}]},
        "finishReason": "STOP",
        "groundingMetadata": grounding,
    }
    asked = {"contents": [{"role": "user", "parts": [{"text": "How many days of leave can I carry over?"}]}]}
    return {"request": asked, "response": {"candidates": [candidate]}}


def cohere(sources: Any, answer: str = ANSWER) -> dict[str, Any]:
    """A Cohere exchange of version 2 with two documents."""
    documents = [{"id": "policy", "data": {"text": POLICY}}, {"id": "menu", "data": {"text": MENU}}]
    citation = {"start": 0, "end": len(answer), "text": answer, "type": "TEXT_CONTENT", "sources": sources}
    message = {"role": "assistant", "content": [{"type": "text", "text": answer}], "citations": [citation]}
    asked = {
        "messages": [{"role": "user", "content": "How many days of leave can I carry over?"}],
        "documents": documents,
    }
    usage = {"billed_units": {"input_tokens": 9, "output_tokens": 9}}
    return {
        "request": {"model": "command-a", **asked},
        "response": {"message": message, "finish_reason": "COMPLETE", "usage": usage},
    }


def cohere_v1(ids: list[str], answer: str = ANSWER) -> dict[str, Any]:
    """A Cohere exchange of version 1, whose response has the documents that are cited."""
    request = {
        "message": "How many days of leave can I carry over?",
        "documents": [{"snippet": POLICY}, {"snippet": MENU}],
    }
    cited = [{"start": 0, "end": len(answer), "text": answer, "document_ids": ids}]
    response = {"text": answer, "generation_id": "g", "finish_reason": "COMPLETE", "citations": cited}
    return {"request": request, "response": {**response, "documents": [{"id": "doc_0", "snippet": POLICY}]}}


def reference(text: str, name: str) -> dict[str, Any]:
    """A reference of a Bedrock knowledge base."""
    return {"content": {"text": text}, "location": {"type": "S3", "s3Location": {"uri": f"s3://hr/{name}"}}}


def bedrock(references: list[Any], answer: str = ANSWER) -> dict[str, Any]:
    """A RetrieveAndGenerate exchange."""
    told = {"textResponsePart": {"span": {"start": 0, "end": len(answer) - 1}, "text": answer}}
    asked = {
        "input": {"text": "How many days of leave can I carry over?"},
        "retrieveAndGenerateConfiguration": {"type": "KNOWLEDGE_BASE"},
    }
    cited = [{"generatedResponsePart": told, "retrievedReferences": references}]
    return {"request": asked, "response": {"sessionId": "s", "output": {"text": answer}, "citations": cited}}


def perplexity(answer: str, results: int = 2) -> dict[str, Any]:
    """A chat exchange whose answer numbers the sources in the list beside it."""
    found = [
        {
            "title": f"Page {n}",
            "url": f"https://leave.example/{n}",
            "snippet": f"Leave may be carried over, says page {n}.",
        }
        for n in range(results)
    ]
    message = {"role": "assistant", "content": answer}
    asked = {"model": "sonar", "messages": [{"role": "user", "content": "How many days of leave can I carry over?"}]}
    listed = {"citations": [one["url"] for one in found], "search_results": found}
    return {
        "request": asked,
        "response": {"model": "sonar", "choices": [{"message": message, "finish_reason": "stop"}], **listed},
    }


def responses(annotations: Any, results: Any = None, answer: str = ANSWER) -> dict[str, Any]:
    """A Responses exchange with a file search."""
    search = {"type": "file_search_call", "id": "fs", "queries": ["leave"], "results": results, "status": "completed"}
    content = [{"type": "output_text", "text": answer, "annotations": annotations}]
    output = [search, {"type": "message", "role": "assistant", "content": content}]
    asked = {"model": "gpt-5", "input": "How many days of leave can I carry over?"}
    return {"request": asked, "response": {"object": "response", "status": "completed", "output": output}}


def anthropic(citation: Any, answer: str = ANSWER) -> dict[str, Any]:
    """A Messages exchange with two documents and one citation."""
    documents = [
        {"type": "document", "title": title, "source": {"type": "text", "media_type": "text/plain", "data": text}}
        for title, text in (("policy", POLICY), ("menu", MENU))
    ]
    asked = [*documents, {"type": "text", "text": "How many days of leave can I carry over?"}]
    request = {"model": "claude-sonnet-4-5", "max_tokens": 90, "messages": [{"role": "user", "content": asked}]}
    content = [{"type": "text", "text": answer, "citations": [citation]}]
    return {
        "request": request,
        "response": {"type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn"},
    }


def converse(citation: Any, answer: str = ANSWER) -> dict[str, Any]:
    """A Converse exchange with one document and one block of cited text."""
    document = {"document": {"format": "txt", "name": "policy", "source": {"text": POLICY}}}
    asked = [document, {"text": "How many days of leave can I carry over?"}]
    content = [{"citationsContent": {"content": [{"text": answer}], "citations": [citation]}}]
    output = {"message": {"role": "assistant", "content": content}}
    return {
        "request": {"messages": [{"role": "user", "content": asked}]},
        "response": {"output": output, "stopReason": "end_turn"},
    }


IN_POLICY = {"type": "char_location", "cited_text": POLICY, "document_index": 0, "document_title": "policy"}
FOUND = [
    {"file_id": "file-1", "filename": "policy.md", "score": 0.9, "text": POLICY},
    {"file_id": "file-2", "filename": "menu.md", "score": 0.4, "text": MENU},
]
HELD = {"type": "document", "id": "policy", "document": {"id": "policy", "text": POLICY}}
OK = (
    gemini(),
    gemini("Sí — " + ANSWER),
    cohere([HELD]),
    cohere_v1(["doc_0"]),
    bedrock([reference(POLICY, "policy.md")]),
    responses([{"type": "file_citation", "index": len(ANSWER), "file_id": "file-1", "filename": "policy.md"}], FOUND),
    anthropic(IN_POLICY),
    converse(
        {
            "title": "policy",
            "sourceContent": [{"text": POLICY}],
            "location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 66}},
        }
    ),
)


def read(exchange: dict[str, Any]) -> Snapshot:
    """Return the snapshot of an exchange."""
    snapshot = inspect(exchange).snapshot
    assert snapshot is not None
    return snapshot


def texts(snapshot: Snapshot) -> dict[str, str]:
    """Return the text of every segment, by its id."""
    return {one.id: one.text for one in (*snapshot.segments(), *snapshot.answer_segments())}


@pytest.mark.parametrize("exchange", OK, ids=lambda one: read(one).format)
def test_a_citation_leads_from_words_of_the_answer_to_the_text_of_a_source(exchange: dict[str, Any]) -> None:
    """The cited stretch is in the answer, and the source's text is a segment."""
    snapshot = read(exchange)
    (citation,) = snapshot.citations
    said = texts(snapshot)
    assert said[citation.segment][citation.start : citation.end].strip()
    assert [said[name] for number in citation.sources for name in snapshot.returned[number].segments] == [POLICY]


@pytest.mark.parametrize("exchange", OK, ids=lambda one: read(one).format)
def test_a_right_citation_is_told_of_in_no_finding(exchange: dict[str, Any]) -> None:
    """Nothing is said of an answer that its source supports."""
    assert [
        one.code for one in inspect(exchange).findings if one.code in {"MEM404", "MEM405", "MEM406", "MEM410"}
    ] == []


WRONG = (
    (gemini(indices=(4,)), "MEM405", "grounding chunk 4"),
    (gemini(indices=(1,)), "MEM405", "policy.md does"),
    (gemini("You can carry over up to 10 days of unused leave to the next year."), "MEM410", "10"),
    (cohere([{"type": "document", "id": "menu", "document": {"id": "menu", "text": MENU}}]), "MEM405", "policy does"),
    (cohere([HELD], "You can carry over up to 10 days of unused leave to the next year."), "MEM410", "10"),
    (cohere_v1(["doc_7"]), "MEM405", "doc_7"),
    (
        bedrock([reference(POLICY, "policy.md")], "You can carry over up to 10 days of unused leave to the next year."),
        "MEM410",
        "10",
    ),
    (perplexity("Leave may be carried over [1][5]."), "MEM405", "[5] (2 were returned)"),
    (
        responses([{"type": "file_citation", "index": 66, "file_id": "file-9", "filename": "gone.md"}], FOUND),
        "MEM405",
        "gone.md",
    ),
    (
        responses([{"type": "file_citation", "index": 66, "file_id": "file-2", "filename": "menu.md"}], FOUND),
        "MEM405",
        "file-1 does",
    ),
    (anthropic({**IN_POLICY, "cited_text": POLICY.replace("5", "50")}), "MEM406", "policy"),
    (anthropic({**IN_POLICY, "document_index": 7, "document_title": "handbook"}), "MEM405", "handbook"),
)


@pytest.mark.parametrize(("exchange", "code", "words"), WRONG)
def test_a_wrong_citation_is_told(exchange: dict[str, Any], code: str, words: str) -> None:
    """What the provider cites is missing, says something else, or is quoted in other words."""
    assert any(words in one.message for one in inspect(exchange).findings if one.code == code)


SILENT = (
    perplexity("Leave may be carried over [1][2]."),
    perplexity("Leave may be carried over. Use `days[7]` in the script, or see [9](https://leave.example)."),
    perplexity("Leave may be carried over, up to 9,000 hours, as page 1 says [1]."),
    gemini(chunks=[{"web": {"uri": "https://leave.example", "title": "Leave"}}]),
    gemini(
        "You can carry over up to 10 days of unused leave to the next year.",
        [{"web": {"uri": "https://leave.example", "title": "Leave"}}],
    ),
    responses(
        [{"type": "url_citation", "url": "https://leave.example", "title": "Leave", "start_index": 4, "end_index": 20}]
    ),
    responses([{"type": "file_citation", "index": 66, "file_id": "file-9", "filename": "gone.md"}]),
    anthropic(
        {
            "type": "web_search_result_location",
            "cited_text": "Leave &amp; pay",
            "url": "https://leave.example",
            "title": "Leave",
        }
    ),
    anthropic({**IN_POLICY, "cited_text": "Up to 5 days of unused leave "}),
    bedrock([]),
)


@pytest.mark.parametrize("exchange", SILENT)
def test_what_the_capture_does_not_hold_is_no_finding(exchange: dict[str, Any]) -> None:
    """Of a page whose text only the server read nothing can be told."""
    assert [
        one.message for one in inspect(exchange).findings if one.code in {"MEM404", "MEM405", "MEM406", "MEM410"}
    ] == []


@pytest.mark.parametrize("exchange", [SILENT[0], SILENT[3], SILENT[5], OK[4]])
def test_that_more_was_read_than_returned_is_said(exchange: dict[str, Any]) -> None:
    """A claim is not examined then, with this reason."""
    assert any(one.kind is UnseenKind.EXCERPTS for one in read(exchange).unseen)


def test_streams_are_read_too() -> None:
    """Cohere's citations come between the deltas, Anthropic's inside a block, Gemini's with the last chunk."""
    whole = cohere([HELD])
    deltas = [
        {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": ANSWER}}}},
        {
            "type": "citation-start",
            "index": 0,
            "delta": {"message": {"citations": whole["response"]["message"]["citations"][0]}},
        },
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {"billed_units": {}}}},
    ]
    assert [one.sources for one in read({**whole, "response": events(deltas)}).citations] == [(0,)]
    whole = anthropic(IN_POLICY)
    deltas = [
        {"type": "message_start", "message": {"id": "m", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": IN_POLICY}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": ANSWER}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
    ]
    assert [one.quote for one in read({**whole, "response": events(deltas)}).citations] == [POLICY]
    whole = gemini()
    assert len(read({**whole, "response": events([whole["response"]])}).citations) == 1


def events(deltas: Sequence[Any]) -> dict[str, str]:
    """A streamed response, as the recorded rows of a log wrap it."""
    return {"_sse": "".join(f"event: {one.get('type', 'message')}\ndata: {json.dumps(one)}\n\n" for one in deltas)}


def test_what_an_agent_looked_up_is_read_from_its_trace() -> None:
    """Passages of the trace are sources, and one that the answer cites is the same source."""
    looked_up = {
        "knowledgeBaseLookupOutput": {
            "retrievedReferences": [reference(POLICY, "policy.md"), reference(MENU, "menu.md")]
        }
    }
    told = {"textResponsePart": {"span": {"start": 0, "end": len(ANSWER) - 1}, "text": ANSWER}}
    cited = [{"generatedResponsePart": told, "retrievedReferences": [reference(POLICY, "policy.md")]}]
    frames = [
        {
            "type": "trace",
            "payload": {"agentAliasId": "A", "trace": {"orchestrationTrace": {"observation": looked_up}}},
        },
        {
            "type": "chunk",
            "payload": {"bytes": base64.b64encode(ANSWER.encode()).decode(), "attribution": {"citations": cited}},
        },
    ]
    asked = {"inputText": "How many days of leave can I carry over?", "enableTrace": True}
    snapshot = read(
        {
            "request": asked,
            "response": {"_eventstream": frames},
            "url": "https://x/agents/A/agentAliases/B/sessions/C/text",
        }
    )
    assert [one.document.title for one in snapshot.returned] == ["policy.md", "menu.md"]
    assert [one.sources for one in snapshot.citations] == [(0,)]


def test_the_chunks_of_an_agent_are_one_text() -> None:
    """Chunks end anywhere: three of them are one sentence of the answer, and each keeps its place."""
    frames = [
        {"type": "chunk", "payload": {"bytes": base64.b64encode(part.encode()).decode()}}
        for part in ("The sum of", " 1, 2, 3 and", " 4 is 10.")
    ]
    url = "https://x/agents/A/agentAliases/B/sessions/C/text"
    asked = {"inputText": "Add 1, 2, 3 and 4.", "enableTrace": True}
    snapshot = read({"request": asked, "response": {"_eventstream": frames}, "url": url})
    (answer,) = snapshot.answer_segments()
    assert answer.text == "The sum of 1, 2, 3 and 4 is 10."
    assert len(answer.pieces) == 3


def test_a_message_of_a_thread_names_its_files() -> None:
    """The mark in the text is the cited stretch; what the file says is on the server."""
    mark = "【4:0†source】"
    whole = ANSWER + mark
    cited = {"type": "file_citation", "text": mark, "start_index": len(ANSWER), "end_index": len(whole)}
    annotations = [{**cited, "file_citation": {"file_id": "file-1"}}]
    content = [{"type": "text", "text": {"value": whole, "annotations": annotations}}]
    message = {"object": "thread.message", "thread_id": "t", "role": "assistant", "content": content}
    url = "https://api.openai.com/v1/threads/t/messages"
    snapshot = read({"request": None, "response": {"object": "list", "data": [message]}, "url": url})
    assert [(one.document.id, one.segments) for one in snapshot.returned] == [("file-1", ())]
    assert [one.end for one in snapshot.citations] == [len(whole)]


@pytest.mark.parametrize(
    "odd",
    [None, 7, "x", [7], [{}], [{"sources": 7}], {"groundingChunks": 7}, [{"url_citation": 7, "type": "url_citation"}]],
)
def test_odd_types_are_no_citation(odd: Any) -> None:
    """Whatever stands in the place of citations, the answer is read."""
    one, two, three = cohere([]), anthropic(IN_POLICY), perplexity("Leave [1].")
    one["response"]["message"]["citations"] = odd
    two["response"]["content"][0]["citations"] = odd
    three["response"]["citations"] = odd
    three["response"]["search_results"] = odd
    four = gemini()
    four["response"]["candidates"][0]["groundingMetadata"] = odd
    for exchange in (one, two, three, four, bedrock(odd), responses(odd, odd)):
        assert [part.text for part in read(exchange).answer_segments() if part.text]


def test_a_page_that_the_server_fetched_is_a_source() -> None:
    """Its text is in the result of the server's tool, in the answer or in an earlier turn; encrypted results are none."""
    page = {
        "type": "document",
        "title": "Leave",
        "source": {"type": "text", "media_type": "text/plain", "data": POLICY},
    }
    held = {"type": "web_fetch_result", "url": "https://leave.example", "content": page}
    fetched = {"type": "web_fetch_tool_result", "tool_use_id": "s1", "content": held}
    exchange = anthropic({**IN_POLICY, "document_title": "Leave", "document_index": 2})
    exchange["response"]["content"].insert(0, fetched)
    snapshot = read(exchange)
    (document,) = (one for one in snapshot.answer_segments() if one.document is not None)
    assert (document.text, document.document and document.document.url) == (POLICY, "https://leave.example")
    assert [snapshot.returned[number].segments for one in snapshot.citations for number in one.sources] == [
        (document.id,)
    ]
