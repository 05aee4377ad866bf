"""OpenRouter's stored generations: the prompt and the completion of one call, as its API gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Problem, pointer_text


def _is_content(row: Mapping[str, Any]) -> bool:
    asked, answered = row.get("input"), row.get("output")
    known = isinstance(asked, dict) and bool({"messages", "prompt"} & asked.keys())
    return known and isinstance(answered, dict) and "completion" in answered


def _is_about(row: Mapping[str, Any]) -> bool:
    return str(row.get("id", "")).startswith("gen-") and {"tokens_prompt", "native_tokens_prompt"} <= row.keys()


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"completion"', '"input"') or first_row(source, '"tokens_prompt"')
    known = row is not None and (_is_content(row) or _is_about(row))
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "openrouter",
    "`input` of messages and `output` of completion, as OpenRouter's /generation/content gives them",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a generation; the counts of one, without its text, are told."""
    for found in rows(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        if not _is_content(row):
            told = "is OpenRouter's count of a call, without its text: `GET /api/v1/generation/content?id=…` has that"
            yield Problem(source.path, told, pointer_text(at), unknown=True)
            continue
        asked = row["input"]
        key = "messages" if asked.get("messages") else "prompt"
        if key not in asked:
            yield Problem(
                source.path,
                "is a generation of OpenRouter whose input has neither messages nor a prompt",
                pointer_text(at),
            )
            continue
        answer: Any = {
            "role": "assistant",
            "content": row["output"].get("completion"),
            "reasoning": row["output"].get("reasoning"),
        }
        yield Exchange(
            at,
            request={"messages": asked[key]} if key == "messages" else asked[key],
            request_at=(*at, "input") if key == "messages" else (*at, "input", key),
            response={"message": answer} if key == "messages" else row["output"].get("completion"),
            response_at=(*at, "output") if key == "messages" else (*at, "output", "completion"),
            format="messages" if key == "messages" else "logged-row",
            origins={
                (*at, "output", "message", "content"): (*at, "output", "completion"),
                (*at, "output", "message", "reasoning"): (*at, "output", "reasoning"),
            },
        )
