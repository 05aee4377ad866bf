"""What the user's configuration says of a model: another name for it, or other figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import UsageError
from ctxdebug.models.model_info import ModelInfo, Prices
from ctxdebug.records import replace
from ctxdebug.text.nearest import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

VOCABULARIES = frozenset({"o200k_base", "cl100k_base", "o200k_harmony"})
"""Tokenizers that are counted exactly; any other name is a family to estimate."""

OVERRIDE_KEYS = (
    "as",
    "window",
    "max_input",
    "max_output",
    "tokenizer",
    "input",
    "output",
    "cache_read",
    "cache_write",
    "retires",
)
"""What a user may say of a model in the configuration: another model's name, tokens, USD per million tokens, a date."""


MOST = 1e12
"""The largest number that is taken for a size or a price; it keeps NaN and infinity out too."""
SIZES = ("window", "max_input", "max_output")
PRICES = ("input", "output", "cache_read", "cache_write")


def override_for(name: str, overrides: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Find what is said of a name: by the name itself, then by the first glob that fits."""
    if name in overrides:
        return overrides[name]
    from fnmatch import fnmatchcase

    lowered = name.lower()
    return next((given for glob, given in overrides.items() if fnmatchcase(lowered, glob.lower())), {})


def overridden(
    name: str, known: ModelInfo | None, override: Mapping[str, Any], tokenizer: tuple[str, bool] | None
) -> ModelInfo | None:
    """Put the user's word over what is known, or in its place; raises `UsageError` for a key or value that is none."""
    said = checked(name, override)
    said.pop("as", None)
    if not said:
        return known
    family, exact = tokenizer or (None, False)
    info = known or ModelInfo(name, None, tokenizer=family, tokenizer_exact=exact, source="configuration")
    prices = {key: said.pop(key) for key in PRICES if key in said}
    if prices:
        info = replace(info, prices=replace(info.prices or Prices(), long_from=None, long=None, **prices))
    if "tokenizer" in said:
        said["tokenizer_exact"] = said["tokenizer"] in VOCABULARIES
    if "window" in said:
        said |= {"at_most": False, "max_input": said.get("max_input")}
    return replace(info, matched=f"{info.matched}, configuration" if known else "configuration", **said)


def checked(name: str, override: Mapping[str, Any]) -> dict[str, Any]:
    """Give an override with its values in their types; raises `UsageError` naming the key and what it wants."""
    for key in override:
        if key not in OVERRIDE_KEYS:
            raise UsageError(f"models.{name}: unknown key {key!r}; {choices(str(key), OVERRIDE_KEYS)}")
    return {key: _value(name, key, value) for key, value in override.items()}


def _value(name: str, key: str, value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST
    if key in SIZES and number and value == int(value) and value > 0:
        return int(value)
    if key in PRICES and number and value >= 0:
        return float(value)
    if key == "retires":
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            pass
    elif key in {"as", "tokenizer"} and isinstance(value, str) and value:
        return value
    wanted = {**dict.fromkeys(SIZES, "a number of tokens"), **dict.fromkeys(PRICES, "USD per million tokens"),
              "retires": "a date (YYYY-MM-DD)", "as": "a model's name", "tokenizer": "a tokenizer's name"}[key]  # fmt: skip
    raise UsageError(f"models.{name}.{key}: {value!r} is not {wanted}")
