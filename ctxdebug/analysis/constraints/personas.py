"""Tell a sentence that only says what the model is from one that asks something of its answers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data

_SAYS = lazy(
    r"\s*(?:you are|you['’]re|act as) (?:an?|the|our|my) (?P<words>[A-Za-z][A-Za-z -]{1,120})[.!]?\s*", re.IGNORECASE
)
_LONGEST = 7
"""Words of a description that is still one noun and what stands before it."""


def is_bare(text: str) -> bool:
    """Whether a sentence names a role and nothing else, so that no answer can break it.

    Only words of the table count: `You are a helpful coding assistant.` is bare, `You are a terse assistant.` and `You are
    an assistant that answers in French.` are not.
    """
    match = _SAYS.fullmatch(text)
    if match is None:
        return False
    words = match["words"].lower().split()
    roles, modifiers = _words()
    return len(words) <= _LONGEST and words[-1] in roles and all(word in roles | modifiers for word in words[:-1])


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    held = toml_data(Path(__file__).with_name("personas.toml"))
    return frozenset(held["roles"].split()), frozenset(held["modifiers"].split())
