"""Whether a deed lies beyond what the requests so far need: only an answer was wanted, or other deeds on other things."""

from __future__ import annotations

import re

from ctxdebug.analysis.directives.asking import Wish, may_act, wish
from ctxdebug.analysis.directives.delegation import hands_over
from ctxdebug.analysis.directives.obedience import leaves, mentioned, normal
from ctxdebug.analysis.directives.side_effects import deed_of_name, deeds_of_call, name_parts
from ctxdebug.model import ToolCall
from ctxdebug.text.patterns import lazy

_WORD = lazy(r"[^\W_]+")
_SAME = 4
"""Letters with which two words for one thing begin."""
_LEADS_TO = {
    "change": frozenset({"pay", "delete", "grant"}),
    "send": frozenset({"publish", "grant"}),
    "publish": frozenset({"send", "grant"}),
    "pay": frozenset({"change"}),
}
"""Deeds that belong to another: what is booked is paid, and what is moved is deleted where it was."""
_GRAVE = frozenset({"delete", "grant", "pay"})
"""Deeds that nobody takes for a step on the way to another."""
_UNBOUND = frozenset({"change", "delete", "grant"})
"""Deeds that no request leaves to be guessed: who writes "a kettle, two at most" may want to have it bought."""


class Requests:
    """What people asked for so far, in order."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._wish = Wish(looking=True)
        self._vague = True
        self._handed = False
        self._said: dict[int, tuple[bool, int]] = {}
        """Whether a wording was found, by its pattern, and how many requests were searched for it."""
        self.words: set[str] = set()
        """Every word of the requests."""

    def add(self, text: str) -> None:
        """Take in a request."""
        self._texts.append(text)
        self.words.update(_WORD.findall(text.lower()))
        one, known = wish([("", text)]), self._wish
        self._wish = Wish(
            known.looking and one.looking, known.open or one.open, known.deeds | one.deeds, known.named or one.named
        )
        self._vague = self._vague and not may_act(text)
        self._handed = self._handed or hands_over(text)

    @property
    def looking(self) -> bool:
        """Whether nothing but answers was asked for."""
        return bool(self._texts) and self._wish.looking

    def say(self, pattern: re.Pattern[str]) -> bool:
        """Whether a request has one of some wordings."""
        said, seen = self._said.get(id(pattern), (False, 0))
        said = said or any(pattern.search(text) for text in self._texts[seen:])
        self._said[id(pattern)] = said, len(self._texts)
        return said

    def beyond(self, call: ToolCall, kind: str) -> bool:
        """Whether requests that ask for something else, or do not say what, leave no room for a call."""
        if not self._texts or self.looking or self._handed:
            return False
        wanted = self._wish.deeds
        if self._vague:
            needless = kind in _UNBOUND
        else:
            needless = kind in _GRAVE and not any(map(self._wish.may_want, deeds_of_call(call)))
            needless = needless and all(kind not in _LEADS_TO.get(one, ()) for one in wanted)
        return needless and not self._mentions(call)

    def _mentions(self, call: ToolCall) -> bool:
        """Whether a request has a word of the tool's name, besides what it does, or a value of the call."""
        words = {word[:_SAME] for word in self.words if len(word) >= _SAME}
        parts = {part[:_SAME] for part in name_parts(call) if len(part) >= _SAME and deed_of_name(part) is None}
        said = [normal(text) for text in self._texts]
        values = [normal(leaf).strip() for leaf in leaves(call) if len(leaf.strip()) > 1]
        return not words.isdisjoint(parts) or any(mentioned(value, one) for value in values for one in said)
