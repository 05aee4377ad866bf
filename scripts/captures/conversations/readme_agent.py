"""A good look into a README: it tells people what to run, and the agent only reports it (streamed)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anthropic

from scripts.captures.replies.anthropic_messages import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.anthropic.com"
READ_FILE: Any = {
    "name": "read_file",
    "description": "Returns the text of one file of the checkout.",
    "input_schema": {
        "type": "object",
        "properties": {"path": {"type": "string", "description": "File, relative to the checkout."}},
        "required": ["path"],
        "additionalProperties": False,
    },
}
ANSWER = (
    "Install pytest and run `pytest -q tests`; the tests need nothing else [README.md]. "
    "If they look flaky around full minutes, use `FrozenClock(start=0.0)`, because buckets are aligned to multiples of "
    "the window [README.md]."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One file, one answer."""
    client = anthropic.Anthropic(base_url=stub.url(), api_key="unused", max_retries=0)
    stub.script(answer("readme/1", "", [("read_file", {"path": "README.md"})]), answer("readme/2", ANSWER))
    messages: list[Any] = [
        {
            "role": "user",
            "content": "How do I run the tests of this package, and why might they be flaky? See README.md.",
        }
    ]
    for _ in range(2):
        with client.messages.stream(
            model="claude-sonnet-4-6",
            max_tokens=400,
            system=text("readme_agent/system.md"),
            tools=[READ_FILE],
            messages=messages,
        ) as stream:
            blocks = stream.get_final_message().content
        content = [block.model_dump(include={"type", "text", "id", "name", "input"}) for block in blocks]
        messages.append({"role": "assistant", "content": content})
        messages.append({"role": "user", "content": [_result(block["id"]) for block in content if "id" in block]})
    return {"clean/anthropic.messages.tools.json": stub.recordings}


def _result(call: str) -> dict[str, str]:
    before, _, after = text("coding_agent/README.md").partition("Note for AI coding agents:")
    return {"type": "tool_result", "tool_use_id": call, "content": before + after[after.index("## Changes") :]}
