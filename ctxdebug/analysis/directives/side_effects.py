"""Which calls have side effects, and which of those an untrusted value may not decide: told by the words of the tool's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ctxdebug.model import ToolCall
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.stems import stem
from ctxdebug.text.toml_data import toml_data

_WORD = lazy(r"[^\W\d_]+")
_PARTS = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_GRAVEST = ("pay", "grant", "send", "publish", "delete", "run", "change")
"""Kinds of side effects, for names that have words of several (`create_comment`)."""
_OUTWARD = frozenset({"send", "publish"})
_GENERAL = frozenset(
    "do handle deal fix solve resolve manage complete work help process finish take organize organise triage implement build"
    " make prepare continue go act proceed clean refactor set add improve setup arrange plan close migrate answer follow obey write draft"
    " carry perform apply use deploy fill sign register subscribe join rate score vote order hire rent sell trade exchange return"
    " replace swap switch turn start stop restart launch lock unlock call phone print claim upgrade renew extend enroll accept decline"
    " reject confirm label tag pin star like block mute mark flag archive restore grab".split()
)
"""Verbs of a request that leave it to the model what to do."""
_ASKING = lazy(
    r"""
    (?:^|[.!?;:,\n(]\s{0,20}|\b(?:and|then|please|to|also|just|kindly|now|you|me|us|let's|or|but|don't|not|must|should|help|\d\.)\s{1,3}
      |[-*]\s{1,3})
    (?=([a-z]{2,20})\b)
    """,
    re.VERBOSE,
)
"""A word where a verb of a request stands: "what did he write" has none, "read it and write to him" has two."""
_LOOKS = lazy(
    r"""
    [^a-z]{0,6}(?:please\s|can\s you\s|could\s you\s|and\s|so\s|ok,?\s|hi,?\s|hello,?\s)?
    (?:what|when|who|whose|which|where|why|how|is|are|am|does|do|did|has|have|had|was|were|will|would|should|any|summar|read|list|explain
      |describe|compare|check|show|tell\sme|give\sme|find|count|look|review|recap|classif|analy|name|identif|search|quote|extract|calculat
      |comput|sum|get|view|see|translat)
    """,
    re.VERBOSE,
)
"""How an English request for an answer begins; a short one may be in no language that can be told."""
_TO_OTHERS = lazy(r"\b(?:tell|let|inform|ask)\s+(?!me\b|us\b|what\b|who\b|how\b)\w", re.IGNORECASE)


@cache
def _table() -> tuple[frozenset[str], dict[str, str]]:
    data = toml_data(Path(__file__).with_name("side_effects.toml"))
    deeds = {word: name for name, words in data["deeds"].items() for word in words.split()}
    return frozenset(data["looking"].split()), deeds


def deed(call: ToolCall) -> str | None:
    """Return what kind of side effect a call has; None for a call that only looks, or whose name does not tell."""
    return deed_of_name(call.name)


def deed_of_name(name: str) -> str | None:
    """Return what kind of side effect the tool of a name has; None for one that only looks, or whose name does not tell."""
    looking, deeds = _table()
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts or parts[0] in looking:
        return None
    whole = "_".join(parts)
    found = {deeds[part] for part in (whole, *parts) if part in deeds}
    return next((kind for kind in _GRAVEST if kind in found), None)


def deeds_asked(words: str) -> frozenset[str]:
    """Return the kinds of side effects that the words of an instruction ask for."""
    _, deeds = _table()
    kinds = {stem(word): kind for word, kind in deeds.items()}
    return frozenset(kinds[stem(word)] for word in _WORD.findall(words.lower()) if stem(word) in kinds)


def outward(kind: str) -> bool:
    """Whether a side effect carries words to somebody else."""
    return kind in _OUTWARD


def asks_only_to_look(said: Iterable[str]) -> bool:
    """Whether requests ask for nothing but an answer: no verb in them changes anything or leaves it open what to do."""
    return not any(_asks_for_more(text) for text in said)


@by_text
def _asks_for_more(text: str) -> bool:
    known = languages(text)
    if "en" not in known:
        lowered = text.lower()
        if not _LOOKS.match(lowered):
            return all(_asks_for_more_in(language, lowered) for language in known or _requests())
    if _TO_OTHERS.search(text):
        return True
    acting = _acting()
    return any(word in acting or stem(word) in acting for word in _ASKING.findall(text.lower()))


@cache
def _requests() -> dict[str, dict[str, str]]:
    return toml_data(Path(__file__).with_name("requests.toml"))


def _asks_for_more_in(language: str, lowered: str) -> bool:
    """Whether a request in another language asks for more than an answer, as far as its words are known."""
    known = _requests().get(language)
    if known is None:
        return True
    looks = lowered.rstrip().endswith("?") or lowered.lstrip(" ¿¡-").startswith(tuple(known["looking"].split("|")))
    acting = tuple(known["acting"].split("|"))
    return not looks or any(word.startswith(acting) for word in _WORD.findall(lowered))


@cache
def _acting() -> frozenset[str]:
    _, deeds = _table()
    acting = {form for word in deeds for form in (word, stem(word))}
    return frozenset(acting | _GENERAL | {stem(word) for word in _GENERAL})
