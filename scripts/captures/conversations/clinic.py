"""Good answers from Claude: over XML-like documents, and over document blocks with citations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anthropic

from scripts.captures.replies.anthropic_messages import answer
from scripts.captures.stub import Answer, Body, Reply
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.anthropic.com"
DOCUMENTS = (
    ("surgery", "Before a planned operation", "2026-04-22"),
    ("rabbits", "Rabbits at our clinic", "2026-02-10"),
)
QUESTION = (
    "Mrs Hale brings her rabbit for an operation tomorrow. From when must it fast, when can she collect it, and when "
    "should it eat again?"
)
ANSWER = (
    "The rabbit must not fast; Mrs Hale brings its usual food along [surgery]. "
    "Animals are collected between 16:00 and 17:30 on the same day [surgery]. "
    "It has to eat within 4 hours at home; otherwise she should call the same evening [rabbits]."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Ask the same question in two forms."""
    client = anthropic.Anthropic(base_url=stub.url(), api_key="unused", max_retries=0)
    stub.script(answer("clinic/1", ANSWER), _cited("clinic/2"))
    _ask(client, [{"type": "text", "text": _prompt()}])
    _ask(client, [*(_block(name, title, date) for name, title, date in DOCUMENTS), {"type": "text", "text": QUESTION}])
    return {
        "clean/anthropic.messages.documents.json": stub.recordings[:1],
        "clean/anthropic.messages.citations.json": stub.recordings[1:],
    }


def _ask(client: anthropic.Anthropic, content: Any) -> None:
    client.messages.create(
        model="claude-haiku-4-5-20251001",
        max_tokens=300,
        system=text("clinic/system.md"),
        messages=[{"role": "user", "content": content}],
    )


def _prompt() -> str:
    documents = "\n".join(
        f'<document id="{name}" title="{title}" date="{date}">\n{text(f"clinic/{name}.md")}\n</document>'
        for name, title, date in DOCUMENTS
    )
    return (
        f"<documents>\n{documents}\n</documents>\n\n{QUESTION}\n\n"
        "Answer only from the documents above, with the id of the document in square brackets after each fact."
    )


def _block(name: str, title: str, date: str) -> Body:
    return {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": text(f"clinic/{name}.md")},
        "title": title,
        "context": f"Leaflet of the clinic, dated {date}.",
        "citations": {"enabled": True},
    }


def _cited(seed: str) -> Answer:
    """Answer in blocks, three of which carry the passage that they stand on."""

    def reply(request: Body) -> Reply:
        whole = json.loads(answer(seed, ANSWER)(request).body)
        fasting = "Rabbits and guinea pigs are an exception: they must not fast, so bring their usual food along. "
        eating = (
            "After an operation a rabbit has to eat within 4 hours at home; if it does not, call us the same evening. "
        )
        collected = "Animals are collected between 16:00 and 17:30 on the same day. "
        whole["content"] = [
            {"type": "text", "text": "The rabbit must not fast; Mrs Hale brings its usual food along."},
            {"type": "text", "text": " "},
            {"type": "text", "text": "Animals are collected between 16:00 and 17:30 on the same day."},
            {"type": "text", "text": " "},
            {
                "type": "text",
                "text": "It has to eat within 4 hours at home; otherwise she should call the same evening.",
            },
        ]
        whole["content"][0]["citations"] = [_citation(0, fasting)]
        whole["content"][2]["citations"] = [_citation(0, collected)]
        whole["content"][4]["citations"] = [_citation(1, eating)]
        return Reply(json.dumps(whole, ensure_ascii=False).encode())

    return reply


def _citation(index: int, passage: str) -> Body:
    start = text(f"clinic/{DOCUMENTS[index][0]}.md").index(passage)
    return {
        "type": "char_location",
        "cited_text": passage,
        "document_index": index,
        "document_title": DOCUMENTS[index][1],
        "start_char_index": start,
        "end_char_index": start + len(passage),
        "file_id": None,
    }
