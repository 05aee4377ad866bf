"""The words of requests, by language: how those begin that ask for an answer only, and what asks for more (requests.toml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.text.stems import stem
from ctxdebug.text.toml_data import toml_data


@cache
def requests() -> dict[str, dict[str, Any]]:
    """Return the words by language."""
    return toml_data(Path(__file__).with_name("requests.toml"))


@cache
def deeds_by_verb() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the kinds of side effects, each with the verbs of English requests that ask for it."""
    return tuple((kind, frozenset(verbs.split())) for kind, verbs in requests()["en"]["deeds"].items())


@cache
def general() -> frozenset[str]:
    """Return the verbs of English requests that leave open what is done."""
    words = requests()["en"]["general"].split()
    return frozenset({*words, *(stem(word) for word in words)})


@cache
def english_words(name: str) -> frozenset[str]:
    """Return a row of English words by its name."""
    return frozenset(requests()["en"][name].split("|"))


@cache
def beginnings() -> tuple[str, ...]:
    """Return how English words begin that only look, or join what is looked at."""
    return (*requests()["en"]["looking"].split("|"), *requests()["en"]["joining"].split("|"))


@cache
def all_deeds() -> frozenset[str]:
    """Return every verb of English requests that asks for a side effect."""
    return frozenset().union(*(verbs for _, verbs in deeds_by_verb()))
