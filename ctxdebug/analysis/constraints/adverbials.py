"""Find what says where, when or how far a demand holds and no reader took up: `near the end`, `in the sign-off`, `but not in lists`.

The prepositions and conjunctions that begin such words are few, and what they say is without number, so that the words are known
by how they begin and where they stand: right behind the demand, or before it with a comma. What they name is let pass where it is
the answer, a language or a manner that the sentence asks for, or a text that is to be made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.subjects import is_the_answer, names_a_text
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.analysis.constraints.clauses import Sentence
    from ctxdebug.analysis.constraints.constraint import Draft

_BEHIND = wording("constraint_adverbials", "behind")
_BEFORE = wording("constraint_adverbials", "before")
_OPEN = (
    "length.", "keywords.", "count.char", "case.", "punctuation.none", "emoji", "language", "format.bullets", "format.highlights",
    "format.placeholders", "format.numbered", "format.headings", "format.table", "format.code", "things.", "questions.none", "lists.every",
)  # fmt: skip
"""Kinds whose readers take up no place and no time."""
_FILLER = lazy(
    r"(?: (?:long|in length|in total|total|overall|altogether|only|or more|or less|or fewer|instead|please|either|too|anywhere|at all"
    r"|marks?|points?|letters?|words?)){0,6}",
    re.IGNORECASE,
)


_PLACE = re.compile(r"\W*(?:in|for|of|on|at|with)\b", re.IGNORECASE)
"""Words with which a demand of its own may begin; behind a word of time there is a case."""


def adverbial(sentence: Sentence, drafts: Sequence[Draft], *, standing: bool) -> str | None:
    """Return what narrows the demands of a sentence and stands right beside one of them; None where nothing does."""
    open_ones = [draft for draft in drafts if draft.type.startswith(_OPEN) and not draft.read_whole]
    if not open_ones:
        return None
    if "both" in sentence.words and any(draft.type == "keywords.forbid" for draft in open_ones):
        return "both"  # either of them alone is allowed
    spans = [(draft.start - sentence.offset, draft.end - sentence.offset) for draft in drafts]
    first = min(low for low, _ in spans)
    lead = _BEFORE.match(sentence.text)
    if lead is not None and lead.end() <= first + 1 and not _harmless(sentence, lead, standing=standing):
        return sentence.raw[: lead.end()].strip(" ,")
    for draft in open_ones:
        end = draft.end - sentence.offset
        end = _FILLER.match(sentence.text, end).end()  # type: ignore[union-attr]  # it may match nothing, and then at its place
        tail = sentence.text[end:]
        found = _BEHIND.match(tail)
        if found is None or _harmless(sentence, found, standing=standing):
            continue
        if _PLACE.match(found[0]) and _taken(spans, end, end + found.end()):
            continue
        return sentence.raw[end : end + found.end()].strip(" ,")
    return None


def _taken(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether another demand begins in these words, or reaches into them: `at most 3 words in English`."""
    return any(start <= low < end or low < start < high for low, high in spans)


def _harmless(sentence: Sentence, match: re.Match[str], *, standing: bool) -> bool:
    """Whether the words name the answer or a manner; in a request, whom it is for narrows nothing."""
    named = next((held for name, held in match.groupdict().items() if held and base_name(name) == "np"), None)
    if named is None:
        return False
    behind_for = match[0].lstrip(" \t\"“”'’»)*_").lower().startswith("for")
    return (behind_for and not standing and not names_a_text(named)) or is_the_answer(sentence, named)
