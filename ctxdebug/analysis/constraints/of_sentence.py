"""Read the instructions of one sentence: what its cue words call for, how binding it is, about what, under which condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.addressees import addressee, addressee_of_section
from ctxdebug.analysis.constraints.adverbials import adverbial
from ctxdebug.analysis.constraints.conditions import conditional
from ctxdebug.analysis.constraints.constraint import CHECKED_TYPES, Constraint, Draft, Scope, Strength, Target
from ctxdebug.analysis.constraints.constraint import KINDS as WHOLE
from ctxdebug.analysis.constraints.families import PATTERNS as FAMILIES
from ctxdebug.analysis.constraints.kinds import KINDS
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.orders import YOU_ARE, about_form, demands, order_of
from ctxdebug.analysis.constraints.qualifiers import unread
from ctxdebug.analysis.constraints.selection.fitting import fits
from ctxdebug.analysis.constraints.selection.phrases import names_parts, of_each_answer, selected, spliced
from ctxdebug.analysis.constraints.subjects import contrast, occasion, other_subject
from ctxdebug.records import replace
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Sentence
    from ctxdebug.analysis.constraints.pattern import Pattern

PATTERNS = (*(kind.pattern() for kind in KINDS), *FAMILIES)
_BY_CUE: dict[str, int] = {}
for _number, _pattern in enumerate(PATTERNS):
    for _cue in _pattern.cues:
        _BY_CUE[_cue] = _BY_CUE.get(_cue, 0) | 1 << _number
_CUES = frozenset(_BY_CUE)
EXEMPT = wording("constraint_subjects", "exempt")
"""Words that say where a rule of the same sentence, or of the one before, does not hold: `code comments are exempt`."""
_ABOUT_TEXTS = CHECKED_TYPES | {"style", "format.title"}


def constraints_of(sentence: Sentence, *, standing: bool) -> list[Constraint]:
    """Return the instructions of a sentence; where it names parts of the answer, with the parts that it names."""
    if (under := _under_condition(sentence, standing=standing)) is not None:
        return under
    found = list(_plain(sentence, standing=standing))
    again = of_each_answer(sentence) if standing and not (found and all(_decided(one) for one in found)) else None
    if again is not None and (own := constraints_of(again, standing=standing)) and all(_decided(one) for one in own):
        return [replace(one, text=sentence.raw, start=sentence.offset, end=sentence.end) for one in own]
    if not names_parts(sentence) or (found and all(_decided(one) for one in found)):
        return found
    return _of_parts(sentence, standing=standing) or found


def _under_condition(sentence: Sentence, *, standing: bool) -> list[Constraint] | None:
    """Return what a sentence asks under a condition that the user's message shows; None where it has none, or asks more."""
    found = conditional(sentence) if sentence.words & _IF else None
    if found is None:
        return None
    condition, low, high = found
    own = constraints_of(spliced(sentence, low, high, ""), standing=standing)
    if not own or not all(_decided(one) and not one.of_calls for one in own):
        return None
    return [
        replace(
            one, text=sentence.raw, start=sentence.offset, end=sentence.end, condition=condition.text, when=condition
        )
        for one in own
    ]


_IF = frozenset({"if", "when", "whenever", "unless"})


def _decided(one: Constraint) -> bool:
    return one.of_calls or (one.type in CHECKED_TYPES and one.unchecked is None)


def _of_parts(sentence: Sentence, *, standing: bool) -> list[Constraint]:
    """Return what a sentence asks of the parts that it names, where the rest of it is read whole."""
    chosen = selected(sentence)
    if chosen is None:
        return []
    again = list(_plain(chosen.sentence, standing=standing))
    own = _beside(again, chosen.sentence, chosen.at)
    if len(own) != 1 or not fits(own[0], chosen.parts):
        return []
    return [
        replace(
            one,
            text=sentence.raw,
            start=sentence.offset,
            end=sentence.end,
            parts=chosen.parts if one is own[0] else one.parts,
        )
        for one in again
    ]


def _beside(found: list[Constraint], sentence: Sentence, at: int) -> list[Constraint]:
    """Return the instructions of the clause at a place; of the one behind it where that is all that its own clause has."""
    low, high = sentence.clause(min(at, len(sentence.text) - 1))
    for _ in range(2):
        own = [one for one in found if one.start - sentence.offset < high and one.end - sentence.offset > low]
        if own or low or high >= len(sentence.text):
            return own
        low, high = sentence.clause(min(high + 2, len(sentence.text) - 1))
    return own


def _plain(sentence: Sentence, *, standing: bool) -> Iterator[Constraint]:
    order = order_of(sentence, standing=standing)
    if order is None:
        return
    drafts = _drafts(sentence, _called(sentence), fragment=order == "fragment")
    if (
        not drafts
        and not sentence.text.endswith((":", "?"))
        and ((order == "order" and demands(sentence, standing=standing)) or about_form(sentence, order))
    ):
        drafts = [Draft("untyped", sentence.offset, sentence.end, {}, grammar.negated(sentence.text))]
    conceded = [match.span() for match in grammar.CONCESSION.finditer(sentence.text)]
    drafts = [d for d in drafts if not any(low <= d.start - sentence.offset < high for low, high in conceded)]
    own = [d for d in drafts if d.read_whole]
    if own:
        drafts = [d for d in drafts if d in own or all(d.end <= o.start or d.start >= o.end for o in own)]
    if YOU_ARE.match(sentence.text):
        drafts = [
            d
            for d in drafts
            if d.type not in CHECKED_TYPES or _DOES.search(sentence.text[: d.start - sentence.offset + 12])
        ]
    qualifier = unread(sentence, drafts) if any(draft.type in CHECKED_TYPES for draft in drafts) else None
    if qualifier is None and drafts:
        qualifier = adverbial(sentence, drafts, standing=standing)
    if qualifier is None and order == "fragment" and sentence.listed:
        qualifier = "the list under it"
    first = min((draft.start for draft in drafts), default=0) - sentence.offset
    when = occasion(sentence, first) if standing and drafts and first > 0 else None
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


_DOES = wording("constraint_extraction", "does")
"""Words by which a description of the model (`you are a bot that answers in German`) says what it does."""
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
    bound = grammar.OBLIGATION.search(part) or grammar.BOUND.search(part) or grammar.NOTHING_MAY.search(part)
    if grammar.PERMITTED.search(part) and not bound:
        strength = Strength.MAY
    elif grammar.DEFAULT.search(text):
        strength = Strength.DEFAULT
    elif grammar.WEAK.search(text) and not re.search(r"\b(?:must|never|always|exactly)\b", text, re.IGNORECASE):
        strength = Strength.WISH if grammar.WISH.search(part) else Strength.SHOULD
    exempt = EXEMPT.search(text) if draft.type in CHECKED_TYPES else None
    condition = draft.condition or _condition(sentence, draft) or (_things(sentence, draft, high) if standing else None)
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
        draft.type, draft.params, sentence.raw, draft.start, draft.end, draft.negative, draft.strength or strength, condition, target, scope,
        qualifier, sentence.index,
    )  # fmt: skip


def _condition(sentence: Sentence, draft: Draft) -> str | None:
    """Find the condition under which an instruction holds, in the text's words; an order of calls is one itself."""
    text = sentence.text
    read = (draft.start - sentence.offset, draft.end - sentence.offset) if draft.type == "tools.order" else (0, 0)
    for pattern in (grammar.CONDITION, grammar.TRAILING_CONDITION):
        for match in pattern.finditer(text):
            if read[0] <= match.start("lead") < read[1] or _conceded(sentence, match):
                continue
            return sentence.raw[match.start("lead") : match.end("lead")].strip(" ,")
    if sentence.header:
        header = grammar.CONDITION.search(sentence.header) or _HEADER_CONDITION.search(sentence.header)
        if header:
            return header["lead"].strip(" ,:-*")
    return None


def _conceded(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a condition is no condition, but a case that is named because the demand holds in it too: `even if …`."""
    before = sentence.text[: match.start("lead")].rstrip().lower()
    return match["lead"].lower().startswith("even ") or before.endswith(" even")


_FOR_THINGS = wording("constraint_extraction", "for things")
_LAYOUTS = frozenset({"format.bullets", "format.numbered", "format.table", "format.headings", "format.code"})


def _things(sentence: Sentence, draft: Draft, high: int) -> str | None:
    """Return what a standing layout is for (`tables for comparisons`): an answer without these needs none."""
    if draft.type not in _LAYOUTS or draft.negative or draft.params.get("hi") is not None:
        return None
    end = draft.end - sentence.offset
    match = _FOR_THINGS.search(sentence.text[end:high])
    return sentence.raw[end : end + match.end()].strip() if match else None


_HEADER_CONDITION = spaced(
    r"(?P<lead>(?:\b(?:if|when|whenever|unless|during|in case)"
    r"|(?:^\W*|\b(?:rules?|guidelines?|instructions?|requirements?|formats?|formatting|style|notes?) )for)\b[^:]{3,120}):"
)
"""A heading that says when its rules hold, or for what: `Rules for tables:`, and not `Script for the phone line:`."""
