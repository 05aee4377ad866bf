"""Prompts whose rendering or vocabulary is not public: weighed terms, with the band that recorded counts gave.

`estimates.json` is written by `scripts/estimates.py`; it says for each family on how many recorded prompts its weights
and its band were fitted, and how far it was off on sources it was not fitted on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Kind, Message, Role, Segment, Snapshot
from ctxdebug.tokens.accounts.measures import (
    TEXT,
    arguments_of,
    call_tokens,
    compact,
    loop_start,
    measures,
    parted,
    properties_of,
    schema_of,
    tool_tokens,
    words,
    written,
)
from ctxdebug.tokens.count import Count
from ctxdebug.tokens.token_account import Account, Block, BlockKind, TokenAccount

if TYPE_CHECKING:
    from ctxdebug.model import Tool


CONTENT = 0.13
"""How far the ratio of two vocabularies differs from one kind of text to another: the prompts that bands were fitted on
are short, and half template. 96 % of 402 growths of a long Claude session lie within it."""


FRAMED = 4000.0
"""Tokens. The recorded prompts that the shares were fitted on are no longer; what frames a text does not grow with it, and
beyond this size only the vocabulary's own uncertainty (`CONTENT`) does."""


@cache
def table() -> Any:
    """Return the families of models, their weights and bands."""
    return json.loads(Path(__file__).with_name("estimates.json").read_bytes())


def family_of(tokenizer: str | None, model: str, host: str) -> Mapping[str, Any]:
    """Return the first family that fits a tokenizer, a model's name and a host; the last row of the table fits all."""
    for row in table()["families"]:
        if row["tokenizer"] not in {tokenizer, "*"}:
            continue
        if re.search(row.get("model", ""), model) and re.search(row.get("host", ""), host):
            found: Mapping[str, Any] = row
            return found
    raise LookupError("the table of estimates has no last row")


def without_template(family: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the family for a raw completion: the text alone, with at most a token that opens it, or a template after all."""
    weights = {"one": 1.0, **{name: family["weights"][name] for name in ("text", "rare") if name in family["weights"]}}
    bands = {
        kind: [[2.0, max(less[1], SHARE)], [TEMPLATE, max(more[1], SHARE)]]
        for kind, (less, more) in family["band"].items()
    }
    return {**family, "name": f"{family['name']}, a raw prompt", "weights": weights, "band": bands, "may_lack": {}}


TEMPLATE = 40.0
"""Tokens that a server adds which renders raw prompts with a chat template all the same (Ollama with Llama 3: 26)."""
SHARE = 0.1
"""How far the text of a raw prompt may be off: the short prompts of chat bands are half template."""

_TEXTS: dict[tuple[str, str], dict[tuple[str, bool, int, int], Block]] = {}
_MOST_TEXTS = 100_000
"""Texts and their blocks: the turns of a session repeat its history."""


class Estimate:
    """One prompt on its way into an account, by the weights of a family."""

    def __init__(self, snapshot: Snapshot, draft: TokenAccount, family: Mapping[str, Any]) -> None:
        self.snapshot, self.draft, self.family = snapshot, draft, family
        self.weights: Mapping[str, float] = family["weights"]

    def account(self) -> Account:
        """Weigh every block; what is left of the total is framing."""
        terms = measures(self.snapshot, self.draft.count, self.draft.rare if self._weight("rare") else None)
        value = sum(weight * terms[name] for name, weight in self.weights.items())
        self._segments()
        for index, tool in enumerate(self.snapshot.tools):
            if not tool.deferred:
                self._enter(BlockKind.TOOL, tool.name, self._tool(tool), tool=index)
        schema = schema_of(self.snapshot)
        if schema is not None:
            number = self._weight("schema") * self.draft.count(compact(schema)) + self._weight("schemas")
            self._enter(BlockKind.SCHEMA, "response schema", number)
        entered = sum(block.count.value for block in self.draft.blocks)
        low, high = self._band(value, terms)
        framing = round(value) - entered
        self.draft.blocks.append(Block(BlockKind.FRAMING, "framing", Count.estimate(framing, min(framing, 0), framing)))
        unknown = "; ".join(dict.fromkeys(self.draft.unknown))
        total = Count.estimate(value, max(0, low), high)
        return Account(tuple(self.draft.blocks), total, not unknown, unknown, f"estimate, {self.family['name']}")

    def _segments(self) -> None:
        loop = loop_start(self.snapshot)
        kept = _TEXTS.setdefault((self.family["name"], self.draft.encoding), {})
        if len(kept) > _MOST_TEXTS:
            kept.clear()
        for message in self.snapshot.messages:
            for segment in message.segments:
                if segment.kind is not Kind.TEXT or segment.call_id is not None:
                    self._segment(message, segment, in_loop=message.index >= loop)
                    continue
                key = (segment.id, segment.role is Role.ASSISTANT, hash(segment.text), len(segment.text))
                block = kept.get(key)
                if block is None:
                    self._segment(message, segment, in_loop=False)
                    kept[key] = self.draft.blocks[-1]
                else:
                    self.draft.blocks.append(block)

    def _band(self, value: float, terms: Mapping[str, float]) -> tuple[float, float]:
        kind = "schema" if terms["schemas"] else "tools" if terms["tools"] or terms["calls"] else "plain"
        (fixed_below, below), (fixed_above, above) = self.family["band"].get(kind) or self.family["band"]["all"]
        content = CONTENT * sum(block.count.value for block in self.draft.blocks if block.part is BlockKind.SEGMENT)
        framed = min(value, FRAMED)
        less = max(fixed_below + below * framed, content) + sum(less for less, _ in self.draft.doubts)
        more = max(fixed_above + above * framed, content) + sum(more for _, more in self.draft.doubts)
        less += sum(weight * terms[name] for name, weight in self.family.get("may_lack", {}).items())
        more += sum(weight * terms[name] for name, weight in self.family.get("may_gain", {}).items())
        return value - less, value + more

    def _weight(self, name: str) -> float:
        return self.weights.get(name, 0.0)

    def _enter(self, part: BlockKind, label: str, number: float, **where: Any) -> None:
        (_, below), (_, above) = self.family["band"]["all"]
        count = Count.estimate(number, max(0.0, number * (1 - below) - 2), number * (1 + above) + 2)
        self.draft.blocks.append(Block(part, label, count, **where))

    def _segment(self, message: Message, segment: Segment, *, in_loop: bool) -> None:
        count, weight = self.draft.count, self._weight
        if segment.kind is Kind.TOOL_CALL:
            number = weight("called") * call_tokens(segment, count) + weight("arguments") * arguments_of(segment)
        elif segment.kind is Kind.TOOL_RESULT or segment.call_id is not None:
            number = weight("result") * count(segment.text)
        elif segment.kind is Kind.THINKING:
            number = weight("thoughts" if in_loop else "past_thoughts") * count(segment.text)
        elif segment.kind in TEXT:
            tagged, text = parted(segment)
            number = weight("tagged") * count(tagged) + weight("text") * count(text)
        else:
            return
        if weight("rare") and (text := written(segment)):
            number += weight("rare") * self.draft.rare(text)
        self._enter(BlockKind.SEGMENT, segment.kind.value, number, message=message.index, segment=segment.id)

    def _tool(self, tool: Tool) -> float:
        count, weight = self.draft.count, self._weight
        return (
            weight("tools")
            + weight("described") * bool(tool.description)
            + weight("declared") * tool_tokens(tool, count)
            + weight("words") * words(tool, count)
            + weight("properties") * properties_of(tool.schema)
        )
