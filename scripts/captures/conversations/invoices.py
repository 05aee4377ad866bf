"""A good extraction with a strict JSON schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
AMOUNT: Any = {
    "type": "object",
    "properties": {"value": {"type": ["number", "null"]}, "quote": {"type": ["string", "null"]}},
    "required": ["value", "quote"],
    "additionalProperties": False,
}
SCHEMA: Any = {
    "type": "object",
    "properties": {
        "supplier": {"type": ["string", "null"]},
        "number": {"type": ["string", "null"]},
        "due": {"type": ["string", "null"]},
        "net": AMOUNT,
        "tax": AMOUNT,
        "total": AMOUNT,
        "remarks": {"type": ["string", "null"]},
    },
    "required": ["supplier", "number", "due", "net", "tax", "total", "remarks"],
    "additionalProperties": False,
}
INVOICE = """Holmgren Timber, Sundsvall. Invoice 2026-3381. Delivery of 4 September 2026 to the workshop.
24 boards of larch, 27 x 145 mm, 4.2 m, at 31.50 SEK per metre. 6 boxes of screws, 5 x 70 mm, at 189.00 SEK.
Net amount 4,309.20 SEK. Value added tax 25 percent 1,077.30 SEK. Amount to be paid 5,386.50 SEK.
Please pay by 5 October 2026. Thank you for your order!"""
READ = {
    "supplier": "Holmgren Timber",
    "number": "2026-3381",
    "due": "2026-10-05",
    "net": {"value": 4309.2, "quote": "Net amount 4,309.20 SEK"},
    "tax": {"value": 1077.3, "quote": "Value added tax 25 percent 1,077.30 SEK"},
    "total": {"value": 5386.5, "quote": "Amount to be paid 5,386.50 SEK"},
    "remarks": None,
}


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One invoice, one object."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(answer("invoices/1", "2026-09-22T06:05:10", json.dumps(READ)))
    invoice = f'<invoice id="scan-0922" title="Invoice" date="2026-09-04">\n{INVOICE}\n</invoice>'
    client.chat.completions.create(
        model="gpt-4.1-mini-2025-04-14",
        messages=[
            {"role": "system", "content": text("invoices/system.md")},
            {
                "role": "user",
                "content": f"{invoice}\n\nReturn the JSON object for this invoice. Use only the invoice above.",
            },
        ],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "invoice", "strict": True, "schema": SCHEMA},
        },
        temperature=0,
        max_completion_tokens=400,
    )
    return {"clean/openai.chat.schema.json": stub.recordings}
