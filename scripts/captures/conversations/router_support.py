"""Ollama drops the front of a long prompt: the system rules and the article that had the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ollama

from scripts.captures.replies.ollama_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "http://localhost:11434"
ARTICLES = ("101", "104", "107", "112", "118", "123", "131", "140", "145")
KNEW = """You will be without internet for two minutes, and then until the router has started.
1. Turn the F3 off with the switch at the back.
2. Wait for two full minutes, because our network keeps the old address for 90 seconds.
3. Turn the F3 on again and wait for five minutes.
4. If the strip is still amber, hold the small reset button next to the switch for four seconds, not longer.
5. Look under Home, Device, About: version 4.3.3 corrects a strip that stays amber after maintenance.
Article: KB-101, KB-145"""


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Nine articles for a window of 4,096, and the same question with two articles, streamed."""
    client = ollama.Client(host=stub.url())
    stub.script(answer("2026-09-17T07:12:45", text("fjordnet/forgot.txt")), answer("2026-09-17T07:31:02", KNEW))
    client.chat(
        model="llama3.1:8b",
        messages=_messages("fjordnet/system.md", ARTICLES),
        options={"num_ctx": 4096, "temperature": 0.2},
    )
    stream = client.chat(
        model="llama3.1:8b",
        messages=_messages("fjordnet/clean_system.md", ("101", "145"), REMINDER),
        options={"num_ctx": 8192, "num_predict": 512, "temperature": 0.2},
        stream=True,
    )
    for _ in stream:
        pass
    return {
        "captures/ollama.chat/router-support.json": stub.recordings[:1],
        "clean/ollama.chat.json": stub.recordings[1:],
    }


REMINDER = (
    "\n\nAnswer only from the articles above, in numbered steps, and finish with the line 'Article: ' and the ids "
    "of the articles."
)


def _messages(system: str, numbers: tuple[str, ...], reminder: str = "") -> list[dict[str, Any]]:
    earlier = [] if reminder else text("fjordnet/history.txt").split("\n---\n")
    history = [{"role": "assistant" if place % 2 else "user", "content": words} for place, words in enumerate(earlier)]
    articles = "\n\n".join(_article(number) for number in numbers)
    question = (
        "Hello, the light at the front of my F3 has been amber for half an hour, steady, not blinking, and I have no "
        "internet. I was told there was maintenance in our street last night. What shall I do?"
    )
    return [
        {"role": "system", "content": text(system)},
        *history,
        {"role": "user", "content": f"<articles>\n{articles}\n</articles>\n\n{question}{reminder}"},
    ]


def _article(number: str) -> str:
    title, _, words = text(f"fjordnet/KB-{number}.md").partition("\n\n")
    return f'<article id="KB-{number}" title="{title}" date="2026-08-{int(number) % 28 + 1:02d}">\n{words}\n</article>'
