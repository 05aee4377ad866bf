"""Whether a sentence gives an instruction: as an order, as a phrase in a list, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.qualifiers import speaks_of_form
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.clauses import Sentence

FIRST = 3
"""Sentences of a text that may be phrases and give instructions all the same, less one."""
YOU_ARE = spaced(r"^\W*(?:you are|you['’]re) (?!not|allowed|free|welcome)")
_QUESTION = wording("constraint_extraction", "question")
_TELLING = wording("constraint_extraction", "telling")
"""Words of a story or a statement: a sentence with them, and without any word of obligation, is no order."""
_THIRD_PERSON = spaced(r"^\W*(?:he|she|they) (?!must|should|shall)")
_FRAGMENT_LIMIT = 160


def order_of(sentence: Sentence, *, standing: bool) -> str | None:
    """Whether a sentence gives an instruction: `order`, `fragment` (a list item or a phrase), or None."""
    text = sentence.text
    if grammar.PERMISSION.search(text) and not (grammar.OBLIGATION.search(text) or grammar.BOUND.search(text)):
        return None
    if grammar.first_word_is_imperative(text) or grammar.REQUEST.search(text) or grammar.COMMA_IMPERATIVE.search(text):
        return "order"
    if YOU_ARE.match(text):
        return "order"
    if _TELLING.search(text) and (_THIRD_PERSON.match(text) or not grammar.OBLIGATION.search(text)):
        return None
    if grammar.SUBJECT.search(text):
        return "order"
    if _QUESTION.match(text) and text.rstrip().endswith("?"):
        return "fragment"
    if grammar.DEONTIC.search(text) or grammar.DESCRIPTIVE.search(text) or sentence.under_negation:
        return "order"
    if len(text) <= _FRAGMENT_LIMIT and (standing or sentence.item or sentence.index <= FIRST or len(text) < 80):
        return "fragment"
    return None


def demands(sentence: Sentence, *, standing: bool) -> bool:
    """Whether a sentence without a typed instruction obliges: in words that say so, or as the imperative of a standing rule."""
    if grammar.OBLIGATION.search(sentence.text):
        return True
    return grammar.first_word_is_imperative(sentence.text) and (standing or _MANNER.match(sentence.text) is not None)


_MANNER = spaced(r"^\W*(?:please )?(?:keep|stay|be|remain|avoid|sound|make it)\b")
"""Verbs by which a user says how to answer, and not what."""


def about_form(sentence: Sentence, order: str) -> bool:
    """Whether a sentence without a typed instruction still says how to answer."""
    text = sentence.text
    if order == "fragment":
        return speaks_of_form(sentence) and not text.rstrip().endswith("?")
    return speaks_of_form(sentence) or grammar.SUBJECT.search(text) is not None or _MEASURED.search(text) is not None


_MEASURED = wording("constraint_extraction", "measured")
