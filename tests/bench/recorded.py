"""Recorded prompts of a data folder: the request as a snapshot, its terms, and what the provider counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Kind, Snapshot
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.tokens.accounting import account, counter, host_of, identity
from ctxdebug.tokens.accounts.measures import measures
from ctxdebug.tokens.memo import Memo
from ctxdebug.wire import WIRE_FORMATS

if TYPE_CHECKING:
    from ctxdebug.tokens.token_account import Account

NAMES = {
    "gemini.generateContent": "google.generate_content",
    "gemini.countTokens": "google.generate_content",
    "bedrock.converse_stream": "bedrock.converse",
    "bedrock.invoke_stream": "bedrock.invoke",
    "cohere.v2.chat": "cohere.chat",
    "anthropic.count_tokens": "anthropic.messages",
    "openai.responses.input_tokens": "openai.responses",
}
"""The record files' format names, where ctxdebug says otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """One recorded prompt."""

    source: str
    path: str
    format: str
    provider: str
    model: str
    """The bare name."""
    tokenizer: str
    host: str
    truth: int
    clean: bool
    """Text only, and nothing known to be hidden."""
    kind: str
    terms: Mapping[str, float]
    account: Account
    request: Any

    @property
    def rule(self) -> str:
        """The rule that the account was drawn up by."""
        return self.account.rule

    @property
    def countable(self) -> bool:
        """Whether the prompt is text that the capture holds."""
        return self.clean and self.account.estimable


@cache
def memo() -> Memo:
    """The user's memo: thousands of texts need not be counted on every run."""
    return Memo()


@cache
def set_aside() -> tuple[tuple[str, str], ...]:
    """(source, end of the path) of the records that nothing is fitted to or judged by."""
    listed = json.loads(Path(__file__).with_name("set_aside.json").read_bytes())["rows"]
    return tuple((row["source"], row["path"]) for row in listed)


def recorded(folder: Path, source: str | None = None) -> Iterator[Recorded]:
    """Every distinct recorded prompt that can be read, of one source or of all."""
    truths = {}
    for line in (folder / "token_truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        truths[truth["source"], truth["path"], str(truth["index"])] = truth
    seen: set[tuple[str, str, int]] = set()
    for file in sorted(folder.glob(f"{source.replace('/', '+')}.jsonl" if source else "*.jsonl")):
        if file.name != "token_truth.jsonl":
            yield from _of_file(file, truths, seen)
    memo().flush()


def _of_file(file: Path, truths: Mapping[Any, Any], seen: set[tuple[str, str, int]]) -> Iterator[Recorded]:
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        truth = truths.get((record["source"], record["path"], str(record["index"])))
        if truth is None or not record.get("request"):
            continue
        if any(record["source"] == source and record["path"].endswith(end) for source, end in set_aside()):
            continue
        key = (truth["model"] or "", json.dumps(record["request"], sort_keys=True), truth["total_input"])
        foreign = "is_byok" in ((record.get("usage") or {}).get("raw") or {}) and truth["provider"] == "openai"
        snapshot = None if key in seen or foreign else snapshot_of(record)
        if snapshot is not None:
            seen.add(key)
            yield _recorded(record, truth, snapshot)


def snapshot_of(record: Mapping[str, Any]) -> Snapshot | None:
    """The record's request and response as a snapshot; None when the format has no reader, or nothing to read."""
    form = WIRE_FORMATS.all().get(NAMES.get(record["format"], record["format"]))
    if form is None:
        return None
    exchange = Exchange(
        pointer=(),
        request=record["request"],
        response=record.get("response"),
        url=record.get("url"),
        provider=record.get("provider"),
        model=record.get("model"),
    )
    try:
        snapshot = assemble(
            form.read(exchange), exchange, path=record["path"], container="bench", format=form.name, policy=Policy()
        )
    except LoadError:
        return None
    return snapshot if snapshot.messages else None


def _recorded(record: Mapping[str, Any], truth: Mapping[str, Any], snapshot: Snapshot) -> Recorded:
    model, tokenizer = identity(snapshot.model, snapshot.answered_by)
    return Recorded(
        record["source"],
        record["path"],
        truth["format"],
        truth["provider"] or "",
        model,
        tokenizer or "",
        host_of(snapshot),
        truth["total_input"],
        truth["clean"],
        kind_of(snapshot),
        measures(snapshot, counter("o200k_base", memo()).count, counter("o200k_base", memo()).rare),
        account(snapshot, memo()),
        record["request"],
    )


def kind_of(snapshot: Snapshot) -> str:
    """`schema`, `tools` (declared or called) or `plain`."""
    if snapshot.settings.response_schema is not None or "outputConfig" in snapshot.parameters:
        return "schema"
    called = any(segment.kind in {Kind.TOOL_CALL, Kind.TOOL_RESULT} for segment in snapshot.segments())
    return "tools" if snapshot.tools or called else "plain"
