"""Which sentences of an answer state something that a source must support, by how they begin (`claim_kinds.json`)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.text.abstention import abstention
from ctxdebug.text.phrases import phrases

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.question import UserQuestion


_BARE = frozenset(
    {"yes", "no", "sure", "of course", "certainly", "absolutely", "definitely", "yep", "nope", "ja", "nein"}
)


@cache
def openings() -> dict[str, tuple[str, ...]]:
    """How sentences of each class begin, lower-cased."""
    loaded = json.loads(Path(__file__).with_name("claim_kinds.json").read_text("utf-8"))
    return {name: tuple(row.split("|")) for name, row in loaded.items() if isinstance(row, str) and name != "about"}


def states_nothing(text: str) -> str:
    """Why a sentence states nothing that a source must support; empty if it does."""
    low = text.lower().lstrip(" *#>-•\"'").replace("’", "'")
    if low.rstrip(" *_\"')").endswith("?"):
        return "a question"
    if abstention(text):
        return "it says that something is not known"
    if phrases("closing").found_in(text):
        return "an offer"
    for name in ("greeting", "offer", "opinion", "request", "self"):
        if name == "self" and low.startswith(openings()["reports"]):
            continue
        if _opens(low, name):
            return {"self": "what the model says of itself"}.get(
                name, f"an {name}" if name[0] in "aeiou" else f"a {name}"
            )
    if low.rstrip(" *_").endswith(":") or (low.startswith(openings()["lead"]) and len(low) < 60 and low.endswith(":")):
        return "a heading"
    words = re.findall(r"[^\W_]+", low)
    return "" if len(words) > 1 or any(map(str.isdigit, low)) else "a word alone"


def _opens(low: str, name: str) -> bool:
    """Whether a sentence begins with one of the openings of a class; a greeting is a word of its own, and `his` is none."""
    if name != "greeting":
        return low.startswith(openings()[name])
    return any(low.startswith(one) and not low[len(one) : len(one) + 1].isalnum() for one in openings()[name])


def is_yes_or_no(text: str, question: UserQuestion) -> bool:
    """Whether a sentence is the bare answer to a question that asks yes or no."""
    from ctxdebug.analysis.sources.question import Asked

    return question.asked is Asked.YES_NO and text.strip(" *_\"'.!,").lower() in _BARE
