"""A good answer from Cohere over documents that go in their own field, with the provider's citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cohere

from scripts.captures.replies.cohere_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.cohere.com"
ANSWER = (
    "A warm living room is not suitable for the olive tree; choose a bright and cool place between 2 and 10 °C. "
    "The lemon tree wants a bright place between 5 and 12 °C; in a living room it needs a plant lamp for ten hours a "
    "day."
)


CITED = [
    ("a bright and cool place between 2 and 10 °C", "olive"),
    ("a bright place between 5 and 12 °C", "lemon"),
    ("a plant lamp for ten hours a day", "lemon"),
]


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Ask about two plants, once streamed."""
    client = cohere.ClientV2(api_key="unused", base_url=stub.url())
    stub.script(answer("garden/1", ANSWER, CITED), answer("garden/2", ANSWER, CITED))
    client.chat(**_request())
    for _ in client.chat_stream(**_request()):
        pass
    return {
        "captures/cohere.chat/garden-centre.stream.json": stub.recordings,
        "clean/cohere.chat.json": stub.recordings[:1],
    }


def _request() -> dict[str, Any]:
    question = (
        "Where do I put my potted olive tree and my potted lemon tree for the winter? Both stand on the terrace now. "
        "Could they stay in the living room?"
    )
    documents = (("olive", "Olive trees in winter", "2026-02-04"), ("lemon", "Lemon trees in winter", "2026-02-11"))
    return {
        "model": "command-a-03-2025",
        "messages": [
            cohere.SystemChatMessageV2(content=text("garden/system.md")),
            cohere.UserChatMessageV2(content=question),
        ],
        "documents": [
            cohere.Document(id=name, data={"title": title, "date": date, "snippet": text(f"garden/{name}.md")})
            for name, title, date in documents
        ],
        "temperature": 0.2,
        "max_tokens": 300,
    }
