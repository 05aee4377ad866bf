"""What a kind of instruction is: its phrasings (data), what they say, the check, and answers that keep and break it.

A phrasing reads its sentence from where the demand begins to its end. A sentence with words that no phrasing has is not read as
this kind, so that no qualifier is ever lost; it is listed as not checkable instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.constraint import Draft, Strength
from ctxdebug.analysis.constraints.marks import named
from ctxdebug.analysis.constraints.masking import QUOTED
from ctxdebug.analysis.constraints.numbers import NUMBER, RELATION, bound, number
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import base_name, wording, wording_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ctxdebug.analysis.constraints.clauses import Sentence
    from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance
    from ctxdebug.analysis.constraints.constraint import Constraint

    Reader = Callable[["Found"], Mapping[str, Any] | None]
    Check = Callable[[Constraint, Answer], Compliance]

_NONE = lazy(r"\W*(?:no|not|never)\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def parts(**more: str) -> dict[str, str]:
    """Return what phrasings share, with what a file of kinds adds: lists by name."""
    shared = {name: text for name, text in wording_file("kinds_parts").lists.items() if name != "blank"}
    return {**shared, "quoted": QUOTED, "number": NUMBER, "relation": f"(?:{RELATION})", "named": named(), **more}


class Found:
    """A phrasing that was found in a sentence: its groups by name, whichever of the phrasings of the kind it was."""

    def __init__(self, sentence: Sentence, match: re.Match[str]) -> None:
        self.sentence = sentence
        self.match = match
        self._names = {base_name(name): name for name in match.re.groupindex if match[name] is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def get(self, name: str, default: str = "") -> str:
        """Return what a group holds, masked as the sentence is."""
        return self.match[self._names[name]] if name in self._names else default

    def raw(self, name: str) -> str:
        """Return what a group holds as it was written, without quotation marks around it."""
        low, high = self.match.span(self._names[name])
        return self.sentence.quoted(low, high).strip()

    def span(self) -> tuple[int, int]:
        """Return where the demand is in the sentence."""
        return self.match.span(self._names["demand"]) if "demand" in self._names else self.match.span()


def nothing(_found: Found) -> Mapping[str, Any]:
    """Read no parameters."""
    return {}


@record(frozen=True, slots=True)
class Kind:
    """One kind of instruction.

    `topic` is the file of wordings in which its phrasings stand, under `type`; `cue` has the words of which a sentence must have
    one. `read` returns the parameters of a match, None where they are not understood. `asks` is an instruction of the kind, and
    `kept`, `broken` and `open` are answers that keep it, break it, and of which it cannot be told.
    """

    type: str
    topic: str
    cue: str
    check: Check
    asks: str
    read: Reader = nothing
    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    negative: bool = False
    fragments: Mapping[str, str] = field(default_factory=dict)

    def pattern(self) -> Pattern:
        """Return the kind as a pattern of the register."""
        phrasings = wording(self.topic, self.type, **parts(**self.fragments))

        def find(sentence: Sentence) -> Iterator[Draft]:
            match = phrasings.search(sentence.text)
            found = None if match is None else Found(sentence, match)
            params = None if found is None else self.read(found)
            if found is None or params is None:
                return
            low, high = found.span()
            # `no sentence may …` permits nothing
            strength = Strength.MUST if _NONE.match(sentence.text[low:high]) else None
            yield Draft(
                self.type, sentence.offset + low, sentence.offset + high, params, self.negative, strength=strength
            )

        return Pattern(self.type, cues(self.cue), find, self.asks)


def ordinal(words: str) -> int:
    """Return the place that an ordinal names, from 1; -1 for the last."""
    low = words.lower().strip()
    if low == "last":
        return -1
    return _ORDINALS.index(low) + 1 if low in _ORDINALS else int("".join(c for c in low if c.isdecimal())[:9] or 0)


def limits(found: Found, *, default: str = "eq") -> dict[str, int | None]:
    """Return the bounds of a phrasing with a relation and a number (`n`, perhaps `m`); a bare number is `default`."""
    n = number(found.get("n"))
    if "m" in found:
        return {"lo": n, "hi": number(found.get("m"))}
    named = next((name for name in ("ge", "gt", "le", "lt", "eq", "ap") if name in found), default)
    bounds = bound(named, n)
    assert bounds is not None
    return {"lo": bounds.lo, "hi": bounds.hi, **({"approx": 1} if bounds.approx else {})}
