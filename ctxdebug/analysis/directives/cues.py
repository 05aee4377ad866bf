"""The named marks of an instruction in a piece of text: they give a finding its reasons, word by word.

Every gap in a pattern is a bounded run of one character set, so the search is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording


class Frame(StrEnum):
    """What makes a text an instruction to the model, and not just an imperative."""

    OVERRIDE = "override"
    AUTHORITY = "authority claim"
    BREAKOUT = "role or delimiter imitation"
    URGENCY = "attention trigger"
    SECRECY = "secrecy"
    EXFILTRATION = "exfiltration"
    PERSONA = "persona"
    ENCODED = "encoded"
    STEERING = "answer steering"
    INSERTION = "code insertion"
    HIDDEN = "hidden"
    ADDRESSED = "addressed to the model"
    DEED = "action for a tool"
    APPROVAL = "claimed approval"
    HIJACK = "answer hijack"
    COMPLETION = "fake completion"
    POLICY = "replacement policy"
    PERSISTENCE = "persistence"
    SUBSTITUTION = "tool substitution"


@record(frozen=True, slots=True)
class Cue:
    """A kind of mark: its name, what it shows, the frame that it gives (None for a mark that only supports)."""

    name: str
    shows: str
    frame: Frame | None
    pattern: re.Pattern[str]


@record(frozen=True, slots=True)
class Mark:
    """A cue found at characters `start` to `end` of the text."""

    cue: Cue
    start: int
    end: int


def _cue(name: str, shows: str, frame: Frame | None) -> Cue:
    return Cue(name, shows, frame, wording("injection_marks", name))


CUES: tuple[Cue, ...] = (
    _cue("override", "tells the reader to drop its instructions", Frame.OVERRIDE),
    _cue("override-all", "tells the reader to drop what came before", Frame.OVERRIDE),
    _cue("override-your", "tells the reader to drop its own instructions, whatever they are called", Frame.OVERRIDE),
    _cue("instructions-void", "says that the instructions no longer apply", Frame.OVERRIDE),
    _cue("new-instructions", "announces new instructions", Frame.OVERRIDE),
    _cue("only-this", "claims to be the only thing that counts", Frame.OVERRIDE),
    _cue("precedence", "claims to come first", Frame.URGENCY),
    _cue("attention", "calls for attention like a trigger", Frame.URGENCY),
    _cue("task-shift", "turns from the task at hand to another", Frame.OVERRIDE),
    _cue("addressee", "speaks to a model or assistant", Frame.AUTHORITY),
    _cue("claimed-author", "claims to come from the user or from whoever is in charge", Frame.AUTHORITY),
    _cue("before-task", "puts itself before the user's task", Frame.AUTHORITY),
    _cue("role-tag", "imitates a role tag or a template token", Frame.BREAKOUT),
    _cue("end-marker", "pretends that its envelope ends here", Frame.BREAKOUT),
    _cue("todo", "a to-do in place of data", None),
    _cue("request", "asks the reader to do something", None),
    _cue("transfer", "asks to send something somewhere", Frame.EXFILTRATION),
    _cue("secret-object", "names a secret or personal record", None),
    _cue("secret-transfer", "asks to hand over a secret", Frame.EXFILTRATION),
    _cue("recipient", "names an address", None),
    _cue("answer-steering", "says how the answer is to read", Frame.STEERING),
    _cue("code-insertion", "asks to put given code into the answer", Frame.INSERTION),
    _cue("secrecy", "asks to keep it from the user", Frame.SECRECY),
    _cue("persona", "puts the model into another role", Frame.PERSONA),
    _cue("rules-off", "says that no rules apply", Frame.PERSONA),
    _cue("reveal-prompt", "asks for the system prompt", Frame.EXFILTRATION),
    _cue("tool-use", "names a tool to use", None),
    _cue("hazard", "asks for a step that cannot be undone", None),
    _cue("first-person", "speaks as if it were the user", None),
    _cue("fake-completion", "claims that the task is already done", Frame.BREAKOUT),
    _cue("unquestioned", "forbids to question it", Frame.URGENCY),
    _cue("bare-task", "a task of its own", None),
)  # fmt: skip

TELLTALES = frozenset(
    """
    ignore ignoring disregard disregarding forget override overriding bypass discard follow following attention
    vergiss vergessen ignoriere ignorieren ignoriert ignora ignore olvida olvide ignorez oublie oubliez
    message note instruction instructions request if set put lay leave push now
    ai llm llms chatbot chatbots notice reminder warning
    """.split()
)
"""Without one of these words the next pattern cannot match."""
PLAIN_INSTRUCTION = wording("injection_marks", "plain instruction")
"""Instructions that need no weighing: the textbook override, and words addressed to whichever model reads them."""


_OVERRIDES = frozenset({"override", "override-all", "override-your"})
_OVERRIDING = frozenset(
    """
    ign dis for ove byp aba nul sup can sus neg scr she def pos dro hal cea pau ski voi set put lay pus cas bru lea
    swe sto pay let ver mis olv oub dim esq заб игн
    """.split()
)
"""How every verb of the override cues begins: without one of them, three costly searches can be left out."""
_ADDRESSED = frozenset({"recipient", "transfer"})
_DIGIT = lazy(r"[@0-9]|://|www", re.IGNORECASE)


def marks(text: str, start: int = 0, end: int | None = None, words: Iterable[str] | None = None) -> Iterator[Mark]:
    """Yield the first mark of every cue in characters `start` to `end`; `words` are their tokens, where they are known."""
    stop = len(text) if end is None else end
    piece = text[start:stop]
    overriding = words is None or any(word[:3] in _OVERRIDING for word in words)
    addressed = _DIGIT.search(piece) is not None
    for cue in CUES:
        if (cue.name in _OVERRIDES and not overriding) or (cue.name in _ADDRESSED and not addressed):
            continue
        if match := cue.pattern.search(piece):
            yield Mark(cue, start + match.start(), start + match.end())
