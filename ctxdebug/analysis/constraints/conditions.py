"""Conditions that the user's own message shows to hold or not to hold: its language, a word in it.

`If the user writes in German, answer in German` is checked where the message is in German, and asks for nothing where it is not. Any
other condition leaves its instruction not checkable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.families.language import CODES
from ctxdebug.analysis.constraints.masking import QUOTED
from ctxdebug.records import record
from ctxdebug.text.languages import languages
from ctxdebug.text.wordings import base_name, wording, wording_source

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.clauses import Sentence

_GIVEN = {"name": "|".join(sorted(CODES, key=len, reverse=True)), "quoted": QUOTED}
_FRONT = wording("constraint_conditions", "front", message=wording_source("constraint_conditions", "message", **_GIVEN))
_BEHIND = wording(
    "constraint_conditions", "behind", message=wording_source("constraint_conditions", "message", **_GIVEN)
)


_OTHERWISE = frozenset({"otherwise", "else"})


@record(frozen=True, slots=True)
class Condition:
    """What the user's message must be: in a language (ISO 639-1), or with a word in it; `unless` turns it round."""

    text: str
    language: str | None = None
    word: str | None = None
    unless: bool = False

    def holds(self, message: str) -> bool | None:
        """Whether it holds for a message; None where that cannot be told."""
        if self.word is not None:
            found = re.search(rf"(?<!\w){re.escape(self.word)}(?!\w)", message, re.IGNORECASE) is not None
            return found is not self.unless if message.strip() else None
        spoken = languages(message)
        if len(spoken) != 1:
            return None
        return (spoken[0] == self.language) is not self.unless


def conditional(sentence: Sentence) -> tuple[Condition, int, int] | None:
    """Return the condition of a sentence, in front or behind, with the characters that it takes; None where there is no such one."""
    match = _FRONT.match(sentence.text) or _BEHIND.search(sentence.text)
    if match is None or sentence.text[: match.start()].rstrip().lower().endswith(("even", "except", "not")):
        return None
    if sentence.words & _OTHERWISE:
        return None  # what is said of the other case does not hold in this one
    held = {base_name(name): name for name, text in match.groupdict().items() if text}
    unless = match[held["if"]].lower() == "unless"
    raw = sentence.raw[match.start() : match.end()].strip(" ,")
    if "word" in held:
        word = sentence.quoted(*match.span(held["word"])).strip()
        return (Condition(raw, word=word, unless=unless), *match.span()) if word else None
    return (Condition(raw, language=CODES[match[held["language"]].lower()], unless=unless), *match.span())
