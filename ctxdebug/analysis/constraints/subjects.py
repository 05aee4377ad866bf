"""Tell whether a demand is about the answer itself: `The letter must be at least 60 words long` is about a letter.

What a clause says of another thing than the answer (letters, prose, French replies, questions about prices) is kept or broken by
that thing. It is a demand on the answer only where the same text asks for one such thing (`Write a letter. The letter must …`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.grammar import first_word_is_imperative
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.toml_data import toml_data
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.clauses import Sentence

_SAID_OF = wording("constraint_subjects", "said of")
_HELD_TO = wording("constraint_subjects", "held to")
_PLACED_IN = wording("constraint_subjects", "placed in")
_LABEL = wording("constraint_clauses", "label")
"""What a bound is for, before a colon: `Subject: at most 6 words`."""
_OCCASION = wording("constraint_subjects", "occasion")
_EVERY_OCCASION = wording("constraint_subjects", "every occasion")
_MADE = wording("constraint_subjects", "made")
_WORD = lazy(r"[^\W_][\w'’-]*")
_LINKS = frozenset(
    "of to for about from in on with by that which who sent written given at per between among after before".split()
)
_OPENINGS = frozenset("if when unless while as at under over without until once during".split())
"""With the prepositions, what begins no subject."""
_COUNTED = frozenset("first second third last each every any no initial capital single same".split())
"""Words before a letter of the alphabet."""
_QUANTIFIERS = frozenset("each all any none most every both some one".split())
_PAIR = 2
_PARTS = frozenset("section part column row cell field paragraph".split())
"""Parts that a name tells from the others: `the Summary section`."""
_SIGNS = frozenset("letter character vowel consonant symbol digit".split())


@cache
def _words() -> dict[str, frozenset[str]]:
    data = toml_data(Path(__file__).with_name("subjects.toml"))
    parts = toml_data(Path(__file__).with_name("qualifiers.toml"))["parts"]
    form = frozenset(f"{parts['always']} {parts['beside']}".split())
    return {**{name: frozenset(words.split()) for name, words in data["words"].items()}, "form": form}


def other_subject(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the clause around a demand says it of another thing than the answer; offsets count from the sentence's start."""
    low, _ = sentence.clause(start)
    if low > 1 and sentence.text[low - 1] == "(":
        low, _ = sentence.clause(low - 2)  # what stands in brackets is said of what stands before them
    _, high = sentence.clause(max(start, min(end, len(sentence.text)) - 1))
    clause = sentence.text[low:high]
    found = _HELD_TO.match(clause)
    if found is None and not first_word_is_imperative(clause):
        found = _SAID_OF.match(clause)
    if found is not None and low + _span(found, "np")[1] <= start + 1 and _is_other(sentence, _held(found, "np")):
        return True
    label = _LABEL.match(sentence.text)
    if label is not None and label.end() <= start + 1 and _is_other(sentence, label["part"]):
        return True
    behind = _PLACED_IN.search(sentence.text, end, high)
    return behind is not None and names_a_text(behind["np"]) and _is_other(sentence, behind["np"])


def contrast(sentence: Sentence, start: int, end: int) -> str | None:
    """Return what a later part of the sentence says of the same for another thing: `Avoid lists; recipes use lists`."""
    low = sentence.text.find(";", end)
    found = _SAID_OF.match(sentence.text[low + 1 :]) if low >= 0 else None
    if found is None or not _is_other(sentence, found["np"]):
        return None
    named = {word for word in _named(sentence.text[start:end]) if len(word) >= _LONG}
    return sentence.raw[low + 1 :].strip() if named.intersection(_named(sentence.text[low:])) else None


_LONG = 4
"""Letters of a word that says what a demand is about."""


def _named(phrase: str) -> list[str]:
    return [found[0].lower().replace("’", "'") for found in _WORD.finditer(phrase)]


def occasion(sentence: Sentence, start: int) -> str | None:
    """Return the occasion that a standing rule begins with (`On Sundays, …`); None where it holds on every occasion."""
    found = _OCCASION.match(sentence.text)
    low, high = (0, 0) if found is None else _span(found, "lead")
    if found is None or high > start or _EVERY_OCCASION.match(sentence.text[low:high]):
        return None
    return sentence.raw[low:high].strip(" ,")


def _span(match: re.Match[str], name: str) -> tuple[int, int]:
    """Return where a group of a wording is, whichever of its alternatives was found."""
    return next(match.span(n) for n in match.re.groupindex if base_name(n) == name and match[n] is not None)


def _held(match: re.Match[str], name: str) -> str:
    low, high = _span(match, name)
    return match.string[low:high].lower()


def _is_other(sentence: Sentence, phrase: str) -> bool:
    words = _words()
    named = _named(phrase)
    while named and named[0] in words["passing"]:
        named = named[1:]
    if named[:2] in (["everything", "you"], ["anything", "you"], ["whatever", "you"], ["all", "you"]):
        return False
    if not named or named[0] in _LINKS or named[0] in _OPENINGS:
        return False
    if len(named[-1]) == 1 and len(named) > 1 and named[-2] in _SIGNS:
        return False
    if len(named) > _PAIR and named[0] in _QUANTIFIERS and named[1] == "of":
        named = named[2:]
    cut = next((n for n, word in enumerate(named) if n and word in _LINKS), len(named))
    head, before, after = named[cut - 1], named[: cut - 1], named[cut + 1 :]
    if head in words["whole"] or head in words["measures"]:
        plain = all(word in words["determiners"] for word in before)
        return not (plain or head in words["measures"]) or not all(word in words["anyone"] for word in after)
    letter = head == "letter" and not _COUNTED.intersection(before)
    if head in words["form"] and not letter:
        return head in _PARTS and not all(word in words["determiners"] or word in _COUNTED for word in before)
    return not _is_made(sentence, head)


def is_the_answer(sentence: Sentence, phrase: str) -> bool:
    """Whether words behind `in` or `for` name the answer, a part of it, or the manner in which it is to be written."""
    named = _named(phrase)
    cut = next((n for n, word in enumerate(named) if n and (word in _LINKS or word == "such")), len(named))
    return not named or named[cut - 1] in _words()["manner"] or not _is_other(sentence, phrase)


def names_a_text(phrase: str) -> bool:
    """Whether words name a kind of text: `the summary`."""
    words = _words()
    named = _named(phrase)
    return bool(named) and (_singular(named[-1]) in words["texts"] or named[-1] in words["whole"])


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s") if not word.endswith("ss") else word


def is_product(sentence: Sentence, noun: str) -> bool:
    """Whether a thing is what the text has its reader write, answer by answer: `bulletins` of `You write avalanche bulletins`."""
    return _is_made(sentence, _singular(noun.lower()))


def _is_made(sentence: Sentence, head: str) -> bool:
    """Whether the text asks for the thing as its one answer: a request names it, and no other kind of text."""
    made = _made(sentence.whole[:_TASK])
    return head in made and len(made & _words()["texts"]) <= 1


_TASK = 20_000
"""Characters of a text in which its request is looked for."""


@by_text
def _made(text: str) -> frozenset[str]:
    """Return what a text asks to be made, in the singular (`write a letter`, `summarize it`)."""
    requests = list(_MADE.finditer(text))
    found = {_singular(word[0]) for match in requests for word in _WORD.finditer(_held(match, "np"))}
    verbs = {_held(match, "verb") for match in requests}
    for verb, noun in (("summari", "summary"), ("translate", "translation"), ("list", "list")):
        if any(one.startswith(verb) for one in verbs):
            found.add(noun)
    return frozenset(found)
