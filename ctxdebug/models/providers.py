"""What holds for a whole provider: cached tokens, placement advice, default windows, silent truncation."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from ctxdebug.models.data_files import read
from ctxdebug.models.spelling import canonical_host, plain_names
from ctxdebug.records import record


@record(frozen=True, slots=True)
class ProviderFacts:
    """One provider's habits; None where they are not known."""

    host: str
    roles: tuple[str, ...]
    """The words it knows, as captured."""
    top_level_system: bool
    """System text stands outside the message list."""
    alternation: str
    """`required`, `merged` (same roles in a row become one), `template` (the chat template decides), or `none`."""
    cached: str
    """Cached tokens are `within` the prompt count, `beside` it (to be added), or `unreliable`."""
    cache_minimum: int | None = None
    """Tokens, where the model's own row does not say (`ModelInfo.cache_minimum`)."""
    cache_step: int | None = None
    cache_marks: bool | None = None
    """Whether the request must mark what is cached."""
    cache_breakpoints: int | None = None
    tools_with_none: str | None = None
    """Whether declared tools are `kept` in the prompt or `dropped` from it where the request forbids calls."""
    completions: str | None = None
    """`templated` where a raw completion is rendered with the model's chat template."""
    cache_source: str | None = None
    cache_seconds: int | None = None
    """How long a cached prefix surely lives after it was last read."""
    cached_source: str | None = None


@record(frozen=True, slots=True)
class Placement:
    """Where a vendor advises to put instructions and documents in a long prompt."""

    models: str
    instructions: str
    """`both ends` or `end`."""
    documents: str
    advice: str
    source: str
    from_tokens: int | None = None
    """Prompt size from which the advice is given."""


@record(frozen=True, slots=True)
class DefaultWindow:
    """The window that a server gives when nobody asks for another; None is the model's own."""

    host: str
    tokens: int | None
    setting: str
    source: str
    seen_from: str | None = None
    seen_until: str | None = None
    when: str | None = None

    def holds_on(self, day: date | None) -> bool:
        """Whether this was a default on a day; on an unknown day every one may have been."""
        return day is None or (
            (self.seen_from or "") <= str(day) and (not self.seen_until or str(day) <= self.seen_until)
        )


@record(frozen=True, slots=True)
class Truncation:
    """How a server makes a prompt fit."""

    id: str
    host: str
    enabled: str
    """`always`, or the setting that permits it."""
    silent: bool
    loses: str
    """Which part, in plain words."""
    law: str
    """`half` (window/2 + offsets stay), `window`, `messages`, `items`, `middle`, `last`."""
    source: str
    formats: tuple[str, ...] = ()
    parameter: str | None = None
    value: str | None = None
    keep: str | None = None
    recorded: str | None = None
    """The prompt count that gives it away, as a formula."""
    offsets: tuple[int, ...] = ()
    """What is added to the law's figure in recorded counts."""
    setting: str | None = None

    def prompt_tokens(self, window: int) -> tuple[int, ...]:
        """Give the prompt counts that this law leaves behind in a window; empty where it has no formula."""
        base = {"half": window // 2, "window": window}.get(self.law)
        return tuple(base + offset for offset in self.offsets) if base is not None else ()


@cache
def provider_facts(provider: str | None) -> ProviderFacts | None:
    """Look a provider up by any of its names."""
    host = canonical_host(provider)
    raw = read("providers")["providers"].get(host) if host else None
    return ProviderFacts(host=host, **(raw | {"roles": tuple(raw["roles"])})) if raw and host else None


def takes_seed(wire: str) -> bool:
    """Whether requests of a wire format can set a seed."""
    return bool(read("providers")["wire_formats"].get(wire, {}).get("seed"))


def cache_marks(wire: str) -> tuple[str, ...]:
    """Give the words by which requests of a wire format mark what is to be cached; empty where they show none."""
    return tuple(read("providers")["wire_formats"].get(wire, {}).get("cache_marks", ()))


@cache
def placement(model: str | None) -> Placement | None:
    """Look up the placement advice for a model."""
    names = plain_names(model) if model else ()
    for raw in read("providers")["placement"]:
        if any(re.match(raw["models"], name) for name in names):
            return Placement(**raw)
    return None


@cache
def default_windows(provider: str | None) -> tuple[DefaultWindow, ...]:
    """List the windows a self-hosted server may have by default, oldest version first."""
    host = canonical_host(provider)
    return tuple(DefaultWindow(**raw) for raw in read("providers")["windows"] if raw["host"] == host)


@cache
def truncations(provider: str | None, wire: str | None = None) -> tuple[Truncation, ...]:
    """List the ways in which a provider may cut a prompt."""
    host = canonical_host(provider)
    policies = (_truncation(raw) for raw in read("providers")["truncation"] if raw["host"] == host)
    return tuple(policy for policy in policies if wire is None or not policy.formats or wire in policy.formats)


@cache
def reported_settings() -> frozenset[str]:
    """List the request settings that shorten the prompt and are reported in the response, so nothing is lost in silence."""
    return frozenset(
        raw["parameter"] for raw in read("providers")["truncation"] if raw.get("parameter") and not raw["silent"]
    )


def _truncation(raw: dict[str, Any]) -> Truncation:
    lists = {"formats": tuple(raw.get("formats", ())), "offsets": tuple(raw.get("offsets", ()))}
    return Truncation(**(raw | lists))
