"""Which keys hold no content of a conversation, for every wire format (`metadata.json`), and what is too long for a label."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_SENTENCE = 24, 4
"""Characters and words from which a text is a sentence rather than a label: in 3,554 recorded exchanges, no label is both."""


def is_sentence(text: str) -> bool:
    """Whether a text is too long to be a label: no id, name, type or time, though it stands under such a key."""
    least, words = _SENTENCE
    return len(text) >= least and len(text.split(None, words)) >= words


@cache
def _known() -> Mapping[str, Any]:
    held: Mapping[str, Any] = json.loads(Path(__file__).with_name("metadata.json").read_text("utf-8"))
    return held


class Metadata:
    """Which keys hold no content, for one format, and around its records in a container."""

    def __init__(self, form: str, container: str) -> None:
        rows = _known()
        self._keys = frozenset(rows["keys"]) | frozenset(rows["formats"].get(form, ()))
        self._echoes, self._settings = frozenset(rows["response"]), frozenset(rows["response_settings"].get(form, ()))
        self._response = self._keys | self._echoes | self._settings
        self._descriptions, self._examples = frozenset(rows["descriptions"]), frozenset(rows["examples"])
        self._ids, self._id_endings = frozenset(rows["ids"]), tuple(rows["id_endings"])
        self._endings = tuple(rows["endings"])
        self._spans = tuple(rows["spans"]) if form in rows["span_formats"] else ()
        self._words = frozenset(rows["words"]) | frozenset(rows["formats"].get(form, ()))
        self._words |= frozenset(rows["around"].get(container, ()))

    def holds(self, key: str, *, answered: bool) -> bool:
        """Whether a key's value is no content; `answered` for the top of a response."""
        if key in (self._response if answered else self._keys) or key.endswith(self._endings):
            return True
        return self._is_attribute(key)

    def holds_words(self, key: str, *, answered: bool) -> bool:
        """Whether sentences are to be expected under a key, none of which is content."""
        return key in self._words or (answered and key in self._echoes)

    def describes(self, key: str) -> bool:
        """Whether sentences are to be expected under a key of a setting."""
        return key in self._descriptions

    def exemplifies(self, key: str) -> bool:
        """Whether what is under a key of a schema is an example, which may have any shape."""
        return key in self._examples

    def identifies(self, key: str) -> bool:
        """Whether a key's value is an id or a type, whatever else is known of the object."""
        return key in self._ids or key.endswith(self._id_endings)

    def echoes(self, key: str) -> bool:
        """Whether an answer repeats under a key what was asked."""
        return key in self._echoes

    def _is_attribute(self, key: str) -> bool:
        """Whether a key is an attribute of a span, and none of those that hold messages."""
        return "." in key and bool(self._spans) and not any(mark in key for mark in self._spans)


@lru_cache(maxsize=64)
def metadata_of(form: str, container: str = "") -> Metadata:
    """Return the keys that hold no content in a wire format; the empty name for those of all formats."""
    return Metadata(form, container)


def content_keys() -> frozenset[str]:
    """Return the keys of a request that hold content in one format or another, so that none of them is a parameter."""
    return frozenset(_known()["content"])
