"""A good answer over two French documents from Mistral, also kept as a VCR-like cassette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mistralai.client import Mistral

from scripts.captures.replies.mistral_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.mistral.ai"
DOCUMENTS = (
    ("pret-1", "Carte de lecteur", "2026-01-12"),
    ("pret-2", "Durée des prêts et prolongation", "2026-03-30"),
)
TURNS = (
    (
        "Combien de temps puis-je garder un film, puis-je prolonger, et combien coûte la carte si je la perds ?",
        text("library/answer-1.txt"),
    ),
    (
        "Comment inscrire ma fille ? Elle a 12 ans.",
        text("library/answer-2.txt"),
    ),
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Ask two questions, each with its documents, and the second one again, streamed."""
    client = Mistral(api_key="unused", server_url=stub.url())
    for number, (question, words) in enumerate(TURNS, 1):
        stub.script(answer(f"library/{number}", f"2026-09-18T10:0{number}:00", words))
        client.chat.complete(**_request(question))
    question, words = TURNS[1]
    stub.script(answer("library/3", "2026-09-18T10:03:00", words))
    for _ in client.chat.stream(**_request(question)):
        pass
    return {
        "captures/mistral.chat/library.yaml": stub.recordings[:2],
        "captures/mistral.chat/library.stream.json": stub.recordings,
        "clean/mistral.chat.json": stub.recordings[:1],
    }


def _request(question: str) -> dict[str, Any]:
    return {
        "model": "mistral-medium-2604",
        "messages": [
            {"role": "system", "content": text("library/system.md")},
            {"role": "user", "content": _prompt(question)},
        ],
        "temperature": 0.1,
        "max_tokens": 300,
    }


def _prompt(question: str) -> str:
    documents = "\n".join(
        f'<document id="{name}" title="{title}" date="{date}">\n{text(f"library/{name}.md")}\n</document>'
        for name, title, date in DOCUMENTS
    )
    return (
        f"<documents>\n{documents}\n</documents>\n\nQuestion : {question}\n\n"
        "Répondez uniquement avec les documents ci-dessus et indiquez l'id du document entre crochets."
    )
