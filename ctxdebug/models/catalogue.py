"""What is known of one model, by whatever name it was asked for.

An unknown model is None, never a guess: a wrong window is worse than none. The figures come from a
dated snapshot (`data/snapshot.json`); `ModelInfo.source` and `.matched` say where and how it was found.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ctxdebug.models.data_files import read, read_host
from ctxdebug.models.model_info import ModelInfo, Prices
from ctxdebug.models.overrides import OVERRIDE_KEYS, overridden, override_for
from ctxdebug.models.spelling import Spelling, canonical_host, implied_host, plain_names, spellings
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["OVERRIDE_KEYS", "ModelInfo", "Prices", "resolve", "tokenizer_of"]

LONGEST_NAME = 300
"""Characters; what is longer (a prompt in the wrong field) names no model, and would cost time."""

SUPPORTS = {
    "v": "vision",
    "r": "reasoning",
    "s": "structured output",
    "c": "prompt caching",
    "t": "tools",
    "p": "parallel tools",
    "f": "prefill",
    "m": "system in mid-conversation",
    "d": "documents",
    "a": "audio",
}


def resolve(
    name: str | None, provider: str | None = None, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> ModelInfo | None:
    """Give what is known of a model as it was named in a request; None when that is nothing.

    `overrides` maps a name or a glob to `OVERRIDE_KEYS`; the first entry that fits the name holds.
    """
    if not name or not name.strip() or len(name) > LONGEST_NAME:
        return None
    override = override_for(name, overrides or {})
    known = _known(str(override.get("as", name)), canonical_host(provider), provider is not None)
    return overridden(name, known, override, tokenizer_of(name)) if override else known


def tokenizer_of(name: str) -> tuple[str, bool] | None:
    """(tokenizer or family, whether it is exact) by name alone, also for a model that is not listed."""
    row = _first("rows", plain_names(name), "tokenizers") if len(name) <= LONGEST_NAME else None
    return (row["tokenizer"], row["exact"]) if row else None


@cache
def _patterns(file: str, table: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [(lazy(row["pattern"]), row) for row in read(file)[table]]


def _first(table: str, texts: Iterable[str], file: str = "names") -> dict[str, Any] | None:
    return next((row for pattern, row in _patterns(file, table) if any(map(pattern.match, texts))), None)


@lru_cache(maxsize=1024)
def _known(name: str, host: str | None, host_told: bool) -> ModelInfo | None:
    """Look at the host that was named, then at the model's vendor, then among open weights and other hosts."""
    implied = implied_host(name)
    host = host or (None if host_told else implied)
    if host and (info := _at_host(name, host)):
        return info if info.window else _windowed(info, name, host)
    found = _model_itself(name, host, host_told)
    if found is None and implied and implied != host and (info := _at_host(name, implied)):
        found = _away(info, host)
    return found or _deployment(name, host)


def _model_itself(name: str, host: str | None, host_told: bool) -> ModelInfo | None:
    found = _open_weights(name, host) or _by_maker(name, host, host_told)
    return found if found and found.window else _elsewhere(name, host) or found


def _windowed(info: ModelInfo, name: str, host: str) -> ModelInfo:
    """Complete a host's row that has no window with the model's own, which the host may undercut."""
    other = _model_itself(name, host, host_told=True)
    if other is None or other.window is None:
        return info
    source = info.source if other.source in info.source else f"{info.source}; window: {other.source}"
    return replace(
        info, window=other.window, max_output=info.max_output or other.max_output, at_most=True, source=source
    )


def _at_host(name: str, host: str) -> ModelInfo | None:
    table = read_host(host)
    spelling = next((spelling for spelling in spellings(name) if spelling.text in table), None)
    return _info(name, host, spelling, table[spelling.text]) if spelling else None


def _by_maker(name: str, host: str | None, host_told: bool) -> ModelInfo | None:
    for spelling in spellings(name):
        row = _first("vendors", (spelling.text,))
        if row and (info := _at_host(spelling.text, row["vendor"])):
            matched = " + ".join(rule for rule in (*spelling.rules, info.matched) if rule != "exact") or "exact"
            info = replace(info, matched=matched)
            same = host is None and not host_told
            return info if same or host == row["vendor"] or _kind(host) == "gateway" else _away(info, host)
    return None


def _away(info: ModelInfo, host: str | None) -> ModelInfo:
    """Move a model to a host without a row of its own: its limits at most, and no price."""
    matched = f"{info.provider}'s own" if info.matched == "exact" else f"{info.matched}, {info.provider}'s own"
    return replace(info, provider=host, prices=None, retires=None, cache_minimum=None, at_most=True, matched=matched)


def _kind(host: str | None) -> str | None:
    return read("hosts")["hosts"][host]["kind"] if host else None


def _open_weights(name: str, host: str | None) -> ModelInfo | None:
    names = plain_names(name)
    row = _first("open_weights", names)
    if row is None or _kind(host) == "vendor":
        return None
    info = _bare(name, host, names[-1] if _kind(host) == "server" else names[0], row["window"])
    return replace(info, source=row["source"], matched="open weights")


def _elsewhere(name: str, host: str | None) -> ModelInfo | None:
    windows = read("elsewhere")
    for spelling in spellings(name):
        if spelling.same_model and spelling.text in windows:
            info = _bare(name, host, spelling.text, windows[spelling.text])
            return replace(info, source=_source(""), matched="listed at other hosts")
    return None


def _bare(name: str, host: str | None, listed: str, window: int) -> ModelInfo:
    tokenizer, exact = tokenizer_of(name) or (None, False)
    return ModelInfo(
        listed, host, window=window, tokenizer=tokenizer, tokenizer_exact=exact, is_alias=_floats(name), at_most=True
    )


def _deployment(name: str, host: str | None) -> ModelInfo | None:
    """Read a deployment that its owner named after one model, and nothing that could be another."""
    if host is None or not (vendor := read("hosts")["hosts"][host].get("deployments_of")):
        return None
    words = re.split(r"[-_ ]+", name.strip().lower())
    table, variants = read_host(vendor), set(read("names")["deployment_variants"])
    spans = [(i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    found = [(i, j) for i, j in spans if "-".join(words[i:j]) in table]
    widest = [s for s in found if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in found)]
    if len(widest) != 1:
        return None
    start, end = widest[0]
    others = words[:start] + words[end:]
    if any(word in variants or any(character.isdigit() for character in word) for word in others):
        return None
    info = _by_maker("-".join(words[start:end]), host, host_told=True)
    return replace(info, is_alias=True, matched="deployment name") if info else None


@cache
def _source(letters: str) -> str:
    snapshot = read("snapshot")
    named = [
        f"{s['package']} {s['version']}" for key, s in snapshot["sources"].items() if key in letters or not letters
    ]
    return f"{', '.join(named)} (read {snapshot['date']})"


def _info(name: str, host: str, spelling: Spelling, row: list[Any]) -> ModelInfo:
    fields = dict(zip(read("snapshot")["fields"], row[1:], strict=False))
    flags = fields.get("supports") or ""
    tokenizer, exact = tokenizer_of(name) or (None, False)
    vendor = _first("vendors", plain_names(name))
    facts = read("hosts")["hosts"][vendor["vendor"] if vendor else host]
    retires = fields.get("retires") if spelling.same_model else None
    return ModelInfo(
        name=spelling.text,
        provider=host,
        window=fields.get("window"),
        max_input=fields.get("max_input"),
        max_output=fields.get("max_output"),
        tokenizer=tokenizer,
        tokenizer_exact=exact,
        prices=_prices(fields),
        retires=date.fromisoformat(retires) if retires else None,
        is_alias=_floats(spelling.text if "snapshot in the name" in spelling.rules else name),
        reasoning=True if "r" in flags else False if "R" in flags else None,
        supports=frozenset(SUPPORTS[flag] for flag in flags if flag in SUPPORTS),
        lacks=frozenset(SUPPORTS[flag.lower()] for flag in flags if flag.isupper()),
        cache_minimum=fields.get("cache_minimum"),
        separate_output=bool(facts.get("separate_output")),
        source=_source(row[0]),
        matched=" + ".join(spelling.rules) or "exact",
    )


def _prices(fields: Mapping[str, Any]) -> Prices | None:
    if fields.get("input") is None:
        return None
    long = fields.get("long")
    return Prices(
        fields["input"],
        fields.get("output"),
        fields.get("cache_read"),
        fields.get("cache_write"),
        fields.get("cache_write_long"),
        fields.get("reasoning_output"),
        long[0] if long else None,
        Prices(*long[1:]) if long else None,
    )


def _floats(name: str) -> bool:
    if name.strip().lower().endswith(":latest"):
        return True
    row = _first("floating", plain_names(name))
    return bool(row and row["floating"])
