"""A capture whose answer follows the older of two policies, and a model that does so while that policy is in the request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.evals.model_stub import Stub, Told, chat

OLDER = "You may carry over up to 10 days of unused vacation into the next year."
NEWER = "You may carry over up to 5 days of unused vacation into the next year."
TRAIN = "Train tickets are booked in second class, at the company's portal."
ASKED = "How many days of vacation can I carry over into the next year?"
EXPECTED = ("--expect", "contains:5 days", "--forbid", "contains:10 days")


def messages(*, older: bool = True) -> list[dict[str, str]]:
    """Return a request's messages: three documents and a question."""
    named = [
        ("handbook-2022", "2022-03-01", OLDER),
        ("travel", "2024-02-02", TRAIN),
        ("policy-2025", "2025-01-15", NEWER),
    ]
    blocks = "\n".join(
        f'<document id="{name}" date="{date}">\n{text}\n</document>'
        for name, date, text in named
        if older or name != "handbook-2022"
    )
    return [
        {"role": "system", "content": "You answer questions of employees about vacation."},
        {"role": "user", "content": f"{blocks}\n\n{ASKED}"},
    ]


def document() -> dict[str, Any]:
    """Return the capture: the model answered from the older policy."""
    return {
        "request": {"model": "m", "temperature": 0.8, "messages": messages()},
        "response": chat("You can carry over 10 days."),
    }


def capture(folder: Path) -> Path:
    """Write the capture."""
    path = folder / "carry-over.json"
    path.write_text(json.dumps(document()), encoding="utf-8")
    return path


def words(request: dict[str, Any]) -> str:
    """Return everything that a request says."""
    return "\n".join(str(message["content"]) for message in request["messages"])


def follows_the_older(stub: Stub) -> None:
    """Let the model answer from the older policy while it reads it, whatever it is told; each answer is one of its own."""
    counter = iter(range(1_000_000))

    def reply(request: dict[str, Any]) -> Told:
        text = words(request)
        said = "10 days" if OLDER in text else "5 days" if NEWER in text else "No idea, sorry: 0 days"
        return Told({**chat(f"You can carry over {said}."), "id": f"r{next(counter)}"})

    stub.reply = reply
