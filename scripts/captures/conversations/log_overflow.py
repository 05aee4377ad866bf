"""A log that is longer than the window: the provider refuses with its own numbers."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import overflow
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
WINDOW = 8192
RESERVED = 1000
MODEL = "gpt-4-0613"


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One request of about 9,000 tokens to a model that has 8,192."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(overflow(WINDOW, RESERVED, "cl100k_base"))
    messages: list[Any] = [
        {"role": "system", "content": text("overflow/system.md")},
        {
            "role": "user",
            "content": "Quotes failed for about ten minutes last night. This is everything between 02:10 and 02:20 UTC."
            f'\n\n<log source="kestrel-prod" from="2026-09-03T02:10:00Z">\n{log()}\n</log>\n\nWhere did it start?',
        },
    ]
    with suppress(openai.BadRequestError):
        client.chat.completions.create(model=MODEL, messages=messages, temperature=0, max_tokens=RESERVED)
    return {"captures/openai.chat/log-overflow.json": stub.recordings}


def log() -> str:
    """Invented log lines in which a vacuum job starves the routing service of connections."""
    random = Random(20260903)  # noqa: S311  the same log in every run
    lines = ["2026-09-03T02:10:00.412Z INFO  jobs      started vacuum_full table=routing.legs owner=warehouse"]
    for number in range(255):
        seconds = 2 + number * 2.3 + random.random()
        stamp = f"2026-09-03T02:{10 + int(seconds // 60):02d}:{seconds % 60:06.3f}Z"
        rid = f"rid={random.randrange(16**6):06x}"
        lines.append(f"{stamp} {_event(random, number, rid)}")
    return "\n".join(lines)


def _event(random: Random, number: int, rid: str) -> str:
    late = number > 24
    wait = random.randrange(900, 30000) if late else random.randrange(4, 60)
    kinds = [
        f"INFO  gateway   POST /v2/quotes {rid} customer=K{random.randrange(1000, 9999)} status={504 if late else 200}",
        f"DEBUG routing   pool in_use={20 if late else random.randrange(2, 9)}/20 waiting={number // 3 if late else 0}",
        f"INFO  warehouse slots {rid} depot={random.choice(['RTM', 'GDN', 'LEJ'])} free={random.randrange(3, 40)}",
        f"INFO  billing   contract {rid} found in {random.randrange(3, 19)} ms",
    ]
    if late:
        kinds.append(f"ERROR routing   {rid} acquire connection: timed out after {wait} ms")
        kinds.append(f"WARN  gateway   {rid} upstream routing did not answer, retry {random.randrange(1, 4)} of 3")
    return random.choice(kinds)
