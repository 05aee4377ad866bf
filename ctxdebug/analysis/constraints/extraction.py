"""Find every instruction of a text: one scan for cue words, then only the patterns that they call for."""

from __future__ import annotations

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.clauses import REACH, REACH_BACK, Sentence, sentences
from ctxdebug.analysis.constraints.constraint import CHECKED_TYPES, Constraint, Target
from ctxdebug.analysis.constraints.merging import merged
from ctxdebug.analysis.constraints.of_sentence import EXEMPT, constraints_of
from ctxdebug.analysis.constraints.orders import FIRST
from ctxdebug.analysis.constraints.other_languages import SHORT, in_any_language, instructions_in, language_of
from ctxdebug.records import replace
from ctxdebug.text.languages import languages
from ctxdebug.text.recall import by_length

_MOST_SAID = 512
"""Sentences of one text that are remembered while it is read: a table of rules says the same over and over."""


def extract(text: str, *, standing: bool = False) -> list[Constraint]:
    """Every instruction of a text, in order of place.

    `standing` says that the text is a system or developer message, whose instructions hold for the
    whole conversation. Instructions without a known type are listed as `untyped`. English in full; the commonest kinds in the
    languages of `other_languages`.
    """
    return list(_extracted(text, standing))


@by_length(8.0)
def _extracted(text: str, standing: bool) -> tuple[Constraint, ...]:
    """Return a conversation sends its history again with every turn, and each text is read once."""
    code = language_of(text)
    if code is not None:
        own = instructions_in(text, code, standing=standing)
        short = len(text) <= SHORT and not _typed(own)  # which few words may be taken for another language's
        english = _english(text, standing=standing) if short else []
        return tuple(english if _typed(english) else own)
    found = _english(text, standing=standing)
    if not _typed(found) and len(text) <= SHORT and not languages(text):
        found = in_any_language(text, standing=standing) or found
    return tuple(found)


def _typed(found: list[Constraint]) -> bool:
    return any(one.type != "untyped" for one in found)


def _english(text: str, *, standing: bool) -> list[Constraint]:
    found: list[Constraint] = []
    said: dict[tuple[object, ...], tuple[Sentence, list[Constraint]]] = {}
    for sentence in sentences(text):
        key = _alike(sentence)
        known = said.get(key)
        if known is None:
            if len(said) >= _MOST_SAID:
                said.clear()
            own = constraints_of(sentence, standing=standing)
            if not any(one.type in _OF_WHAT_WENT_BEFORE for one in own):
                said[key] = sentence, own
            found += own
        else:
            found += _moved(*known, sentence)
        if grammar.EXCEPTION.search(sentence.text) or EXEMPT.search(sentence.text):
            _except_those_before(found, sentence)
    exceptions = _for_parts(found)
    return merged([_with_exception(one, exceptions) for one in found])


def _except_those_before(found: list[Constraint], exception: Sentence) -> None:
    """Give the instructions of the sentence before the exception that this one makes; they are the last but its own."""
    for at in range(len(found) - 1, -1, -1):
        if found[at].sentence < exception.index - 1:
            return
        if found[at].sentence == exception.index - 1:
            found[at] = _excepted(found[at], exception)


_Part = tuple[str, bool, int]
"""Type, whether it is negative, and the sentence of an instruction that is not about the answer."""


def _for_parts(found: list[Constraint]) -> dict[_Part, Constraint]:
    """Return the first instruction of each type, sign and sentence that is about another thing than the answer."""
    parts: dict[_Part, Constraint] = {}
    for one in found:
        if one.target is Target.OTHER:
            parts.setdefault((one.type, one.negative, one.sentence), one)
    return parts


def _with_exception(one: Constraint, exceptions: dict[_Part, Constraint]) -> Constraint:
    """Return a rule as it holds beside one of its kind that says otherwise for a part: `no lists; recipes use lists`."""
    if one.type not in CHECKED_TYPES or one.of_calls or one.condition or one.target is not Target.RESPONSE:
        return one
    near = (exceptions.get((one.type, not one.negative, one.sentence + by)) for by in (0, 1))
    other = next((part for part in near if part is not None), None)
    return one if other is None else replace(one, condition=other.text.strip())


def _excepted(one: Constraint, exception: Sentence) -> Constraint:
    """Return an instruction as it holds with the exception that the next sentence makes."""
    return one if one.condition else replace(one, condition=exception.raw.strip())


_OF_WHAT_WENT_BEFORE = frozenset({"position.repeat"})
"""Kinds that read the text before their sentence too."""


def _alike(sentence: Sentence) -> tuple[object, ...]:
    """Return all that its constraints are read from: two sentences with the same of it say the same."""
    around = sentence.whole[max(0, sentence.offset - REACH_BACK) : sentence.end + REACH]
    return (
        sentence.text, min(sentence.offset, REACH_BACK), around, sentence.header, sentence.item, sentence.section, sentence.listed,
        sentence.index <= FIRST,
    )  # fmt: skip


def _moved(sentence: Sentence, found: list[Constraint], to: Sentence) -> list[Constraint]:
    by = to.offset - sentence.offset
    return [replace(one, start=one.start + by, end=one.end + by, sentence=to.index) for one in found]
