"""What an image costs, by the rules that the providers publish; the rules are in `images.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctxdebug.model import Media

PATCH = 32
SQUARE = 512


@cache
def _rules() -> Any:
    return json.loads(Path(__file__).with_name("images.json").read_bytes())["rules"]


def media_tokens(media: Media, model: str) -> int | None:
    """Return the tokens of an image; None when its size, or the model's rule, is not known, and for sound and files."""
    rule = next((row for row in _rules() if re.match(row["model"], model)), None)
    if media.type != "image" or rule is None:
        return None
    if media.detail == "low" and "low" in rule:
        return int(rule["low"])
    if not media.width or not media.height:
        return None
    return _KINDS[rule["kind"]](media.width, media.height, rule)


def _tiles(width: float, height: float, rule: Mapping[str, Any]) -> int:
    scale = min(1.0, float(rule["fit"]) / max(width, height))
    scale *= min(1.0, float(rule["short"]) / (min(width, height) * scale))
    squares = ceil(width * scale / SQUARE) * ceil(height * scale / SQUARE)
    return int(rule["base"]) + int(rule["tile"]) * squares


def _patches(width: float, height: float, rule: Mapping[str, Any]) -> int:
    patches = ceil(width / PATCH) * ceil(height / PATCH)
    if patches > rule["most"]:
        scale = sqrt(rule["most"] * PATCH * PATCH / (width * height))
        patches = min(int(rule["most"]), ceil(width * scale / PATCH) * ceil(height * scale / PATCH))
    return round(patches * float(rule["factor"]))


def _area(width: float, height: float, rule: Mapping[str, Any]) -> int:
    scale = min(1.0, float(rule["long"]) / max(width, height))
    return min(int(rule["most"]), round(width * height * scale * scale / float(rule["per"])))


def _flat(width: float, height: float, rule: Mapping[str, Any]) -> int:
    if max(width, height) <= rule["small"]:
        return int(rule["each"])
    tile = min(max(256.0, min(width, height) / 1.5), float(rule["tile"]))
    return int(rule["each"]) * ceil(width / tile) * ceil(height / tile)


_KINDS: Mapping[str, Callable[[float, float, Mapping[str, Any]], int]] = {
    "tiles": _tiles,
    "patches": _patches,
    "area": _area,
    "flat": _flat,
}
