"""What can be known of one model: limits, tokenizer, prices, retirement, and how we came to know."""

from __future__ import annotations

from datetime import date

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Prices:
    """USD for a million tokens; None where the source does not say."""

    input: float | None = None
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    cache_write_long: float | None = None
    """Writing a cache that lives for an hour or more."""
    reasoning: float | None = None
    """Only where reasoning costs another price than the rest of the output."""
    long_from: int | None = None
    """Prompt tokens above which `long` holds, for the whole request."""
    long: Prices | None = None


@record(frozen=True, slots=True)
class ModelInfo:
    """One model at one host. Sizes are tokens; None is unknown, never none."""

    name: str
    """As the catalogue lists it."""
    provider: str | None
    """The host whose row it is; None where only the model, and not this host, is known."""
    window: int | None = None
    """Prompt and answer together, unless `separate_output`."""
    max_input: int | None = None
    """Where the provider caps the prompt below the window."""
    max_output: int | None = None
    tokenizer: str | None = None
    tokenizer_exact: bool = False
    """False: no public vocabulary, counts are estimates of this family."""
    prices: Prices | None = None
    retires: date | None = None
    is_alias: bool = False
    """A name that its vendor points to newer snapshots; False for a pinned one, or where that is not known."""
    reasoning: bool | None = None
    supports: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    cache_minimum: int | None = None
    """The shortest prefix that the provider caches."""
    at_most: bool = False
    """The window is the model's own; this host may serve less (a self-hosted or unlisted one)."""
    separate_output: bool = False
    """The answer has a limit of its own and takes nothing from the window."""
    source: str = ""
    matched: str = "exact"
    """The rules that led from the name asked for to `name`."""
