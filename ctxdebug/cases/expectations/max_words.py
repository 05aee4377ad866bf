"""How long the answer may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation

_WORDS = lazy(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@assertion("max-words", Annotated[int, msgspec.Meta(ge=1)])
def max_words(value: int, seen: Observation) -> Outcome:
    """Expect at most so many words; in Chinese and Japanese, characters."""
    count = sum(any(character.isalnum() for character in word) for word in _WORDS.findall(seen.answer))
    return Outcome(count <= value, f"the answer has {count} words, {value} are allowed")
