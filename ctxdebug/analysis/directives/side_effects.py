"""Which calls have side effects, and which of those an untrusted value may not decide: told by the words of the tool's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ctxdebug.model import ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stems import stem
from ctxdebug.text.toml_data import toml_data

_WORD = lazy(r"[^\W\d_]+")
_PARTS = lazy(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])|\d+")
_GRAVEST = ("pay", "grant", "send", "publish", "delete", "run", "change")
"""Kinds of side effects, for names that have words of several (`create_comment`)."""
_ACTIONS = frozenset({"action", "operation", "op", "verb", "aktion", "accion", "acción"})
"""Arguments that say what a tool is to do."""
_OUTWARD = frozenset({"send", "publish"})


@cache
def _table() -> tuple[frozenset[str], dict[str, str]]:
    data = toml_data(Path(__file__).with_name("side_effects.toml"))
    deeds = {word: name for name, words in data["deeds"].items() for word in words.split()}
    return frozenset(data["looking"].split()), deeds


@cache
def _named() -> dict[str, str]:
    """Return the kinds of side effects by the words of tools' names."""
    data = toml_data(Path(__file__).with_name("side_effects.toml"))
    return _table()[1] | {word: name for name, words in data["names"].items() for word in words.split()}


@cache
def _stems() -> dict[str, str]:
    return {stem(word): kind for word, kind in _table()[1].items()}


def deed(call: ToolCall) -> str | None:
    """Return what kind of side effect a call has; None for a call that only looks, or whose name does not tell."""
    return deed_of_name("_".join((call.name, *_action(call))))


def name_parts(call: ToolCall) -> tuple[str, ...]:
    """Return the words of a call's name, and of the action that one of its arguments names, in lower case."""
    return tuple(part.lower() for name in (call.name, *_action(call)) for part in _PARTS.findall(name))


def _action(call: ToolCall) -> tuple[str, ...]:
    """Return the action of a tool that has several, as its arguments name it (`firewall(action="allow")`)."""
    held = call.parsed if isinstance(call.parsed, Mapping) else {}
    return tuple(
        value for key, value in held.items() if key in _ACTIONS and isinstance(value, str) and value.isidentifier()
    )


def deeds_of_call(call: ToolCall) -> frozenset[str]:
    """Return every kind of side effect that the words of a call's name may mean: `delete_ssh_key` takes away, and is about access."""
    return _deeds_of_name("_".join((call.name, *_action(call))))


def deed_of_name(name: str) -> str | None:
    """Return what kind of side effect the tool of a name has; None for one that only looks, or whose name does not tell."""
    found = _deeds_of_name(name)
    return next((kind for kind in _GRAVEST if kind in found), None)


def _deeds_of_name(name: str) -> frozenset[str]:
    looking, deeds = _table()[0], _named()
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts or parts[0] in looking:
        return frozenset()
    return frozenset(deeds[part] for part in ("_".join(parts), *parts) if part in deeds)


def deeds_asked(words: str) -> frozenset[str]:
    """Return the kinds of side effects that the words of an instruction ask for."""
    kinds = _stems()
    return frozenset(kinds[stem(word)] for word in _WORD.findall(words.lower()) if stem(word) in kinds)


def deed_of_verb(verb: str) -> str | None:
    """Return the kind of side effect that a verb of a request asks for; None where it asks for none, or leaves it open."""
    _, deeds = _table()
    return deeds.get(verb) or _stems().get(stem(verb))


def outward(kind: str) -> bool:
    """Whether a side effect carries words to somebody else."""
    return kind in _OUTWARD
