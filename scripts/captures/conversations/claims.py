"""A good answer over insurance terms from Claude on Bedrock, whole and as an event stream in a HAR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped, unused-ignore]  # not installed everywhere

from scripts.captures.replies.bedrock_converse import answer, stream
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://bedrock-runtime.eu-central-1.amazonaws.com"
MODEL = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
DOCUMENTS = (
    ("HH-2024", "Household terms, chapters 4 and 5", "2024-07-01"),
    ("GUIDE-11", "Settling leak detection", "2025-11-20"),
)
ANSWER = (
    "Yes: by clause 4.2, finding the leak and opening and closing walls and floors is paid up to 3,000 euros for each "
    "event [HH-2024]. The limit covers detection, opening and closing together and is not added to the limit for the "
    "damage itself [GUIDE-11]. If no leak is found, the costs are paid all the same, once in a contract year "
    "[GUIDE-11]."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Ask the same question twice, answered whole and streamed."""
    client = boto3.client(
        "bedrock-runtime",
        region_name="eu-central-1",
        endpoint_url=stub.url(),
        aws_access_key_id="unused",
        aws_secret_access_key="unused",  # noqa: S106  the stub asks for no key
    )
    stub.script(answer("claims/1", ANSWER), stream(ANSWER))
    client.converse(**_request())
    for _ in client.converse_stream(**_request())["stream"]:
        pass
    return {
        "captures/bedrock.converse/claims.har": stub.recordings,
        "clean/bedrock.converse.json": stub.recordings[:1],
    }


def _request() -> dict[str, Any]:
    documents = "\n".join(
        f'<document id="{name}" title="{title}" date="{date}">\n{text(f"claims/{name}.md")}\n</document>'
        for name, title, date in DOCUMENTS
    )
    prompt = (
        f"<documents>\n{documents}\n</documents>\n\n"
        "A customer had tap water damage on 3 August 2026 under contract HH-2024. Do we pay the company that looks for "
        "the leak, and what if it finds none?\n\nAnswer only from the documents above, and put the id of the document "
        "in square brackets after each statement."
    )
    return {
        "modelId": MODEL,
        "system": [{"text": text("claims/system.md")}],
        "messages": [{"role": "user", "content": [{"text": prompt}]}],
        "inferenceConfig": {"maxTokens": 400, "temperature": 0.1},
    }
