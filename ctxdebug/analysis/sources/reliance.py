"""How far an answer has to keep to what was given: not at all, to records that were looked up, or to nothing but the texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.assertions import openings
from ctxdebug.analysis.sources.source_segments import is_one_word, is_workspace
from ctxdebug.analysis.sources.stated import before_question
from ctxdebug.model import Kind, Role
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import sentence_spans
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_KEEP = wording("source_reliance", "keep")
_WRITES = wording("source_reliance", "writes")
_RESTATES = wording("source_reliance", "restates")
_WRITER = wording("source_reliance", "writer")
_REMEMBERS = wording("source_reliance", "remembers")
_PRIVATE = wording("source_reliance", "private")
_OWN = wording("source_reliance", "own")
INSTRUCTS = lazy(r"\b(?:you|your|the user|assistant)\b")
"""Words of a sentence that speaks to the model."""
_OF_ONESELF = lazy(r"(?:(?:and|but|so|well|also|ok|okay),? )?(?:my|our|we|i)(?:['’](?:m|re|ve|ll))?\s")
_WISHES = lazy(
    r"\b(?:want|need|would|like|wonder|think|guess|believe|hope|wish|should|could|can|might|must|please|looking|prefer|plan|trying|try|"
    r"maybe|perhaps|about to|used to|if)\b|['’]d\b"
)
_MOST_GIVEN = 24_000
"""Characters of a request up to which all of it is in view of the answer: more is a session at work."""
_MOST_SAID = 2_000
"""Characters of an answer that answers, and does not write."""
_SMALL = 2_500
"""Characters of a system prompt that gives the facts to answer from, and is no manual."""
_WORDS = 4
_FACTS = 2
_ROLE = 300
"""Characters of a system prompt in which it says what the model is."""
_ONLY = lazy(r"\b(?:only|just|alone|exclusively|solely|nothing but)\b", re.IGNORECASE)
_NEAR = 40
"""Characters around a tool's name in which a prompt says that nothing else is to be used."""
_ASKED = 600
"""Characters at the end of the question's message in which the question stands."""


class Reliance(IntEnum):
    """What an answer may say that no given text says."""

    FREE = 0
    """Anything: a chat, a text to be written, work on files."""
    RECORDS = 1
    """What everybody knows, but no name, figure or date of the matter: records were looked up, or the user asks what was told."""
    GIVEN = 2
    """Nothing: the prompt says that the answer has to come from what is given."""


def reliance(analysis: Analysis, *, looked_up: bool, stated: Callable[[], bool]) -> Reliance:
    """Return how far the answer of an exchange has to keep to what was given.

    `looked_up` is whether documents were; `stated` says whether the user or the developer states something about what was asked.
    """
    asked, read = analysis.question, analysis.segments
    answers = analysis.snapshot.answer_segments()
    if asked is None or len(analysis.answer) > _MOST_SAID or any(one.kind is Kind.TOOL_CALL for one in answers):
        return Reliance.FREE
    if sum(len(one.text) for one in read) > _MOST_GIVEN or any(is_workspace(one.tool) for one in read if one.tool):
        return Reliance.FREE
    spoken = languages(analysis.answer)
    if spoken and "en" not in spoken:
        return Reliance.FREE  # its words are compared with none, and any noun may be written as a name
    if is_generative(analysis, looked_up=looked_up):
        return Reliance.FREE
    words = asked.text[-_ASKED:]
    restates = _RESTATES.search(words) is not None
    told = _told(analysis)
    results = any(one.kind is Kind.TOOL_RESULT and not one.is_error and not is_one_word(one.text) for one in read)
    said = before_question(asked.text)
    given = results or looked_up or states_facts(told, least=1) or states_facts(said, least=1)
    if _KEEP.search(words) or (given and (_KEEP.search(told) or _keeps_to_a_tool(analysis, told))):
        return Reliance.GIVEN
    if results or looked_up or restates or _REMEMBERS.search(words) or _is_private(words, analysis):
        return Reliance.RECORDS
    facts = len(told) <= _SMALL and not analysis.snapshot.tools and states_facts(told)
    return Reliance.RECORDS if facts and stated() else Reliance.FREE


def _is_private(words: str, analysis: Analysis) -> bool:
    """Whether a question asks after what only the user can have told: the birthday of a sister, the number of a vet."""
    if not _PRIVATE.search(words):
        return False
    return any(_OWN.search(one.text) for one in analysis.segments if one.role is Role.USER and one.kind is Kind.TEXT)


def _keeps_to_a_tool(analysis: Analysis, told: str) -> bool:
    """Whether a prompt says `only` of a tool that was called: `Answer from price_list only`, `only use track() for shipment facts`."""
    names = {one.tool for one in analysis.segments if one.kind is Kind.TOOL_RESULT and one.tool and one.tool in told}
    return any(
        _ONLY.search(told[max(0, at - _NEAR) : at + len(name) + _NEAR]) for name in names for at in (told.find(name),)
    )


def is_generative(analysis: Analysis, *, looked_up: bool) -> bool:
    """Whether a text of the model's own is asked for: a poem, names, ideas, advice, a plan; not a given text in fewer words."""
    asked = analysis.question
    words = asked.text[-_ASKED:] if asked is not None else ""
    if _WRITES.search(words) and not _RESTATES.search(words):
        return True
    return not looked_up and _WRITER.search(_told(analysis)[:_ROLE]) is not None


def _told(analysis: Analysis) -> str:
    return "\n".join(
        one.text for one in analysis.segments if one.role in {Role.SYSTEM, Role.DEVELOPER} and one.kind is Kind.TEXT
    )


def states_facts(told: str, least: int = _FACTS) -> bool:
    """Whether a prompt says how things are, and not only what to do: in sentences that speak to nobody."""
    found = 0
    for start, end in sentence_spans(told):
        sentence = told[start:end].lstrip(" *-•#")
        if len(sentence.split()) >= _WORDS and not INSTRUCTS.search(sentence.lower()):
            found += not sentence.lower().startswith(openings()["instruction"])
    return found >= least


def tells_of_oneself(low: str) -> bool:
    """Whether a user's sentence, in lower case, says how things are with him or her, and wishes for nothing: `my rent is 840 euros`."""
    return bool(_OF_ONESELF.match(low)) and not _WISHES.search(low) and not INSTRUCTS.search(low)


def tells_of_user(said: str) -> bool:
    """Whether a user's message says how things are with him or her."""
    return any(tells_of_oneself(said[start:end].lower().lstrip(" *#>-•\"'")) for start, end in sentence_spans(said))
