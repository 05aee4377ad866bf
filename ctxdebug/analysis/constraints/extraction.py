"""Find every instruction of a text: one scan for cue words, then only the patterns that they call for."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.addressees import addressee, addressee_of_section
from ctxdebug.analysis.constraints.clauses import REACH, REACH_BACK, Sentence, sentences
from ctxdebug.analysis.constraints.constraint import CHECKED_TYPES, Constraint, Draft, Scope, Strength, Target
from ctxdebug.analysis.constraints.constraint import KINDS as WHOLE
from ctxdebug.analysis.constraints.families import PATTERNS as FAMILIES
from ctxdebug.analysis.constraints.kinds import KINDS
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.other_languages import SHORT, in_any_language, instructions_in, language_of
from ctxdebug.analysis.constraints.qualifiers import speaks_of_form, unread
from ctxdebug.analysis.constraints.subjects import contrast, occasion, other_subject
from ctxdebug.text.languages import languages
from ctxdebug.text.recall import by_length
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.pattern import Pattern

_LISTED_ONLY = frozenset({"persona", "topic", "style", "secrecy", "safety"})
PATTERNS = (*(kind.pattern() for kind in KINDS), *FAMILIES)
_BY_CUE: dict[str, int] = {}
for _number, _pattern in enumerate(PATTERNS):
    for _cue in _pattern.cues:
        _BY_CUE[_cue] = _BY_CUE.get(_cue, 0) | 1 << _number
_CUES = frozenset(_BY_CUE)
_FIRST = 3
"""Sentences of a text that may be phrases and give instructions all the same, less one."""
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
            own = list(_constraints(sentence, standing=standing))
            if not any(one.type in _OF_WHAT_WENT_BEFORE for one in own):
                said[key] = sentence, own
            found += own
        else:
            found += _moved(*known, sentence)
        if grammar.EXCEPTION.search(sentence.text) or _EXEMPT.search(sentence.text):
            _except_those_before(found, sentence)
    exceptions = _for_parts(found)
    return _merged([_with_exception(one, exceptions) for one in found])


def _except_those_before(found: list[Constraint], exception: Sentence) -> None:
    """Give the instructions of the sentence before the exception that this one makes; they are the last but its own."""
    for at in range(len(found) - 1, -1, -1):
        if found[at].sentence < exception.index - 1:
            return
        if found[at].sentence == exception.index - 1:
            found[at] = _excepted(found[at], exception)


_EXEMPT = wording("constraint_subjects", "exempt")
"""Words that say where a rule of the same sentence, or of the one before, does not hold: `code comments are exempt`."""
_ABOUT_TEXTS = CHECKED_TYPES | {"style", "format.title"}


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
        sentence.index <= _FIRST,
    )  # fmt: skip


def _moved(sentence: Sentence, found: list[Constraint], to: Sentence) -> list[Constraint]:
    by = to.offset - sentence.offset
    return [replace(one, start=one.start + by, end=one.end + by, sentence=to.index) for one in found]


def _constraints(sentence: Sentence, *, standing: bool) -> Iterator[Constraint]:
    order = _order(sentence, standing=standing)
    if order is None:
        return
    drafts = _drafts(sentence, _called(sentence), fragment=order == "fragment")
    if (
        not drafts
        and not sentence.text.endswith((":", "?"))
        and ((order == "order" and _demands(sentence, standing=standing)) or _about_form(sentence, order))
    ):
        drafts = [Draft("untyped", sentence.offset, sentence.end, {}, grammar.negated(sentence.text))]
    own = [d for d in drafts if d.read_whole]
    if own:
        drafts = [d for d in drafts if d in own or all(d.end <= o.start or d.start >= o.end for o in own)]
    if _YOU_ARE.match(sentence.text):
        drafts = [
            d
            for d in drafts
            if d.type not in CHECKED_TYPES or _DOES.search(sentence.text[: d.start - sentence.offset + 12])
        ]
    qualifier = unread(sentence, drafts) if any(draft.type in CHECKED_TYPES for draft in drafts) else None
    if qualifier is None and order == "fragment" and sentence.listed:
        qualifier = "the list under it"
    first = min((draft.start for draft in drafts), default=0) - sentence.offset
    when = occasion(sentence, first) if standing and drafts else None
    for draft in drafts:
        of_calls = draft.type.startswith(("tools.", "acts."))
        yield _constraint(sentence, draft, None if of_calls else qualifier, when, standing=standing)


def _called(sentence: Sentence) -> Iterator[Pattern]:
    mask = 0
    for word in sentence.words & _CUES:
        mask |= _BY_CUE[word]
    number = 0
    while mask:
        if mask & 1:
            yield PATTERNS[number]
        mask >>= 1
        number += 1


def _drafts(sentence: Sentence, patterns: Iterator[Pattern], *, fragment: bool) -> list[Draft]:
    found: list[Draft] = []
    seen: set[tuple[str, str]] = set()
    for pattern in patterns:
        if fragment and not pattern.bare:
            continue
        for draft in pattern.find(sentence):
            key = (draft.type, repr(draft.params))
            if key not in seen:
                seen.add(key)
                found.append(draft)
    phrases = " ".join(_phrases(found)).lower()
    return [
        d
        for d in found
        if d.type != "keywords.include"
        or not phrases
        or not all(w.lower().rstrip(".") in phrases for w in d.params["words"])
    ]


def _phrases(drafts: list[Draft]) -> Iterator[str]:
    """Words that a sentence names as a beginning, an end or a choice, and so not as keywords."""
    for draft in drafts:
        yield str(draft.params.get("phrase") or "")
        yield from draft.params.get("options", ())


_QUESTION = wording("constraint_extraction", "question")
_TELLING = wording("constraint_extraction", "telling")
"""Words of a story or a statement: a sentence with them, and without any word of obligation, is no order."""
_YOU_ARE = spaced(r"^\W*(?:you are|you['’]re) (?!not|allowed|free|welcome)")
_DOES = wording("constraint_extraction", "does")
"""Words by which a description of the model (`you are a bot that answers in German`) says what it does."""
_THIRD_PERSON = spaced(r"^\W*(?:he|she|they) (?!must|should|shall)")
_FRAGMENT_LIMIT = 160


def _order(sentence: Sentence, *, standing: bool) -> str | None:
    """Whether a sentence gives an instruction: `order`, `fragment` (a list item or a phrase), or None."""
    text = sentence.text
    if grammar.PERMISSION.search(text) and not (grammar.OBLIGATION.search(text) or grammar.BOUND.search(text)):
        return None
    if grammar.first_word_is_imperative(text) or grammar.REQUEST.search(text) or grammar.COMMA_IMPERATIVE.search(text):
        return "order"
    if _YOU_ARE.match(text):
        return "order"
    if _TELLING.search(text) and (_THIRD_PERSON.match(text) or not grammar.OBLIGATION.search(text)):
        return None
    if grammar.SUBJECT.search(text):
        return "order"
    if _QUESTION.match(text) and text.rstrip().endswith("?"):
        return "fragment"
    if grammar.DEONTIC.search(text) or grammar.DESCRIPTIVE.search(text) or sentence.under_negation:
        return "order"
    if len(text) <= _FRAGMENT_LIMIT and (standing or sentence.item or sentence.index <= _FIRST or len(text) < 80):
        return "fragment"
    return None


def _demands(sentence: Sentence, *, standing: bool) -> bool:
    """Whether a sentence without a typed instruction obliges: in words that say so, or as the imperative of a standing rule."""
    if grammar.OBLIGATION.search(sentence.text):
        return True
    return grammar.first_word_is_imperative(sentence.text) and (standing or _MANNER.match(sentence.text) is not None)


_MANNER = spaced(r"^\W*(?:please )?(?:keep|stay|be|remain|avoid|sound|make it)\b")
"""Verbs by which a user says how to answer, and not what."""


def _about_form(sentence: Sentence, order: str) -> bool:
    """Whether a sentence without a typed instruction still says how to answer."""
    text = sentence.text
    if order == "fragment":
        return speaks_of_form(sentence) and not text.rstrip().endswith("?")
    return speaks_of_form(sentence) or grammar.SUBJECT.search(text) is not None or _MEASURED.search(text) is not None


_MEASURED = wording("constraint_extraction", "measured")
_STATEMENT = wording("constraint_extraction", "statement")
"""What another thing does (`the user interface shows at most 3 lines`): whether the answer is meant is not said."""


def _constraint(
    sentence: Sentence, draft: Draft, qualifier: str | None, when: str | None, *, standing: bool
) -> Constraint:
    text = sentence.text
    at = max(draft.start - sentence.offset, 0)
    strength = Strength.MUST
    low, high = sentence.clause(min(at, len(text) - 1))
    part = text[low:high]
    if grammar.PERMITTED.search(part) and not (grammar.OBLIGATION.search(part) or grammar.BOUND.search(part)):
        strength = Strength.MAY
    elif grammar.DEFAULT.search(text):
        strength = Strength.DEFAULT
    elif grammar.WEAK.search(text) and not re.search(r"\b(?:must|never|always|exactly)\b", text, re.IGNORECASE):
        strength = Strength.WISH if grammar.WISH.search(part) else Strength.SHOULD
    exempt = _EXEMPT.search(text) if draft.type in CHECKED_TYPES else None
    condition = draft.condition or _condition(sentence) or (_things(sentence, draft, high) if standing else None)
    condition = condition or when
    if condition is None and exempt is not None:
        condition = sentence.raw[exempt.start() :].strip()
    if condition is None and draft.type in CHECKED_TYPES and ";" in text:
        condition = contrast(sentence, at, max(at, draft.end - sentence.offset))
    if qualifier is None and (fact := _STATEMENT.search(part)):
        qualifier = sentence.raw[low + fact.start() : low + fact.end()].strip()
    target = draft.target
    if target is None and draft.type in WHOLE:
        target = addressee_of_section(sentence)
    end = max(at, draft.end - sentence.offset)
    target = target or addressee(sentence, at, end)
    if target is Target.RESPONSE and draft.type in _ABOUT_TEXTS and not draft.type.startswith(("tools.", "acts.")):
        target = Target.OTHER if other_subject(sentence, at, end) else target
    scope = Scope.CONVERSATION if standing or grammar.STANDING.search(text) else Scope.TURN
    return Constraint(
        draft.type, draft.params, sentence.raw, draft.start, draft.end, draft.negative, draft.strength or strength, condition, target, scope, qualifier, sentence.index
    )  # fmt: skip


def _condition(sentence: Sentence) -> str | None:
    """Find the condition under which a sentence's instructions hold, in the text's words."""
    text = sentence.text
    for pattern in (grammar.CONDITION, grammar.TRAILING_CONDITION):
        for match in pattern.finditer(text):
            return sentence.raw[match.start("lead") : match.end("lead")].strip(" ,")
    if sentence.header:
        header = grammar.CONDITION.search(sentence.header) or _HEADER_CONDITION.search(sentence.header)
        if header:
            return header["lead"].strip(" ,:-*")
    return None


_FOR_THINGS = wording("constraint_extraction", "for things")
_LAYOUTS = frozenset({"format.bullets", "format.numbered", "format.table", "format.headings", "format.code"})


def _things(sentence: Sentence, draft: Draft, high: int) -> str | None:
    """Return what a standing layout is for (`tables for comparisons`): an answer without these needs none."""
    if draft.type not in _LAYOUTS or draft.negative or draft.params.get("hi") is not None:
        return None
    end = draft.end - sentence.offset
    match = _FOR_THINGS.search(sentence.text[end:high])
    return sentence.raw[end : end + match.end()].strip() if match else None


_HEADER_CONDITION = spaced(r"(?P<lead>\b(?:if|when|whenever|unless|for|during|in case)\b[^:]{3,120}):")


def _merged(found: list[Constraint]) -> list[Constraint]:
    """Drop a second constraint that says exactly what an earlier neighbour says."""
    kept: list[Constraint] = []
    for constraint in sorted(found, key=lambda c: (c.start, c.end)):
        twin = any(
            c.type == constraint.type
            and c.params == constraint.params
            and c.negative == constraint.negative
            and constraint.sentence - c.sentence <= 1
            for c in kept[-6:]
        )
        near = list(takewhile(lambda c: constraint.sentence - c.sentence <= 4, reversed(kept)))  # noqa: B023 (used at once)
        if constraint.type == "position.repeat" and any(c.type == "position.repeat" for c in near):
            continue
        echo = constraint.type == "untyped" and any(
            c.type in _EDGES and 0 < constraint.sentence - c.sentence <= 2 for c in near
        )
        if not twin and not (echo and _ECHO.search(constraint.text)):
            kept.append(constraint)
    labelled = any(c.type == "format.sections" and str(c.params.get("marker")).lower() == "paragraph" for c in kept)
    if labelled:
        kept = [c for c in kept if c.type != "length.paragraphs"]
    if sum(c.type == "length.paragraphs" for c in kept) > 1:
        kept = _one_paragraph_count(kept)
    counted = {c.type for c in kept if _is_counted(c)}
    return [c for c in kept if c.type not in _ONCE_COUNTED or c.type not in counted or _is_counted(c) or c.negative]


_EDGES = frozenset({"position.end", "position.start", "position.repeat"})
_ECHO = wording("constraint_extraction", "echo")
"""`No other words should follow this phrase`: it says the strictness that the check of the phrase has anyway."""


def _one_paragraph_count(kept: list[Constraint]) -> list[Constraint]:
    """Keep one count of paragraphs where a neighbour only adds the separator or an example of it."""
    counts = [c for c in kept if c.type == "length.paragraphs" and not c.params.get("each")]
    split = next((c for c in counts if c.params.get("separator")), None)
    if split is None or max(c.sentence for c in counts) - min(c.sentence for c in counts) > 4:
        return kept
    first = counts[0]
    joined = replace(first, params={**first.params, "separator": split.params["separator"]})
    return [joined if c is first else c for c in kept if c is first or c not in counts]


_ONCE_COUNTED = frozenset({"format.bullets", "format.placeholders", "format.highlights", "format.sections"})
"""Types where `use bullet points` beside `exactly 3 bullet points` says nothing more."""


def _is_counted(constraint: Constraint) -> bool:
    lo, hi = constraint.params.get("lo"), constraint.params.get("hi")
    return hi is not None or lo not in {None, 1}
