"""Which calls have side effects, and which of those an untrusted value may not decide: told by the words of the tool's name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ctxdebug.analysis.directives.action import content_words
from ctxdebug.model import ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.stems import stem

_PARTS = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_GRAVEST = ("pay", "grant", "send", "publish", "delete", "run", "change")
"""Kinds of side effects, for names that have words of several (`create_comment`)."""
_OUTWARD = frozenset({"send", "publish"})
_GENERAL = frozenset(
    "do handle deal fix solve resolve manage complete work help process finish take organize organise triage implement build"
    " make prepare continue go act proceed clean refactor set add improve setup arrange plan close migrate answer follow obey write draft".split()
)
"""Verbs of a request that leave it to the model what to do."""
_TO_OTHERS = lazy(r"\b(?:tell|let|inform|ask|give|show)\s+(?!me\b|us\b)\w", re.IGNORECASE)


@cache
def _table() -> tuple[frozenset[str], dict[str, str]]:
    data = tomllib.loads(files(__package__).joinpath("side_effects.toml").read_text("utf-8"))
    deeds = {word: name for name, words in data["deeds"].items() for word in words.split()}
    return frozenset(data["looking"].split()), deeds


def deed(call: ToolCall) -> str | None:
    """Return what kind of side effect a call has; None for a call that only looks, or whose name does not tell."""
    looking, deeds = _table()
    parts = [part.lower() for part in _PARTS.findall(call.name)]
    if not parts or parts[0] in looking:
        return None
    whole = "_".join(parts)
    found = {deeds[part] for part in (whole, *parts) if part in deeds}
    return next((kind for kind in _GRAVEST if kind in found), None)


def outward(kind: str) -> bool:
    """Whether a side effect carries words to somebody else."""
    return kind in _OUTWARD


def asks_only_to_look(said: Iterable[str]) -> bool:
    """Whether requests ask for nothing but an answer: no verb in them changes anything or leaves it open what to do."""
    return not any(_asks_for_more(text) for text in said)


@by_text
def _asks_for_more(text: str) -> bool:
    return bool(_acting() & frozenset(content_words(text) + text.lower().split()) or _TO_OTHERS.search(text))


@cache
def _acting() -> frozenset[str]:
    _, deeds = _table()
    noun_like = {
        "text",
        "message",
        "mail",
        "email",
        "order",
        "issue",
        "command",
        "comment",
        "pr",
        "post",
        "permission",
        "shell",
    }
    acting = {form for word in deeds if word not in noun_like for form in (word, stem(word))}
    return frozenset(acting | _GENERAL | {stem(word) for word in _GENERAL})
