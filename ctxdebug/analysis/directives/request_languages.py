"""Requests in languages other than English: which language a short one is in, and whether it asks for more than an answer."""

from __future__ import annotations

from functools import cache

from ctxdebug.analysis.directives.request_words import all_deeds, beginnings, english_words, general, requests
from ctxdebug.analysis.directives.side_effects import deed_of_verb
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy

WORD = lazy(r"[^\W\d_]+")
SENTENCE = lazy(r"((?:[^\n?.!;:]|[.!;:](?!\s|\Z))+)(\?|[.!;:](?=\s|$)|\n|$)")
_SHORT = 4
"""Words up to which a sentence is only the name of a place."""


def is_place(sentence: str, language: str) -> bool:
    """Whether a sentence only says where the answer is ("mail 22")."""
    words = sentence.split()
    known = requests()[language]["places"].split("|")
    return 1 < len(words) <= _SHORT and words[0].strip("(\"'#") in known


def request_languages(text: str) -> tuple[str, ...]:
    """Return the languages of a request; a short one is told by a word of looking that it begins with."""
    if known := languages(text):
        return known
    first = WORD.search(text.lower())
    return _opened_by().get(first[0], ()) if first else ()


@cache
def _opened_by() -> dict[str, tuple[str, ...]]:
    """Return the languages in which a request for an answer begins with a word, but for words that English has too."""
    found: dict[str, list[str]] = {}
    for code, row in requests().items():
        for word in row["looking"].split("|") if code != "en" else ():
            word = word.strip()
            if " " not in word and not _is_english(word):
                found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def _is_english(word: str) -> bool:
    known = english_words("asking") | english_words("auxiliary") | english_words("english") | general() | all_deeds()
    return word in known or deed_of_verb(word) is not None or word.startswith(beginnings())


def asks_in(language: str, lowered: str) -> bool:
    """Whether a request in another language asks for more than an answer, as far as its words are known."""
    known = requests().get(language)
    if known is None or language == "en":
        return True
    looking, acting, joins, stating = (known[name].split("|") for name in ("looking", "acting", "joins", "stating"))
    for match in SENTENCE.finditer(lowered):
        sentence, question = match[1].strip(" ¿¡-"), match[2] == "?"
        words = WORD.findall(sentence)
        acts = any(word.startswith(tuple(acting)) for word in words)
        if match.start() and not acts and not question and (len(words) < _SHORT or words[0] in stating):
            continue
        if words and not question and not sentence.startswith(tuple(looking)) and not is_place(sentence, language):
            return True
        if question and sentence.startswith(
            tuple(looking)
        ):  # what somebody does is asked, and what is joined may be wanted
            words = words[next((index for index, word in enumerate(words) if word in joins), len(words)) :]
        if any(word.startswith(tuple(acting)) for word in words) or (not question and _joins_more(words, joins)):
            return True
    return False


def _joins_more(words: list[str], joins: list[str]) -> bool:
    """Whether words join a second request; words that end alike around "and" are two things of one ("netto i brutto")."""
    for index, word in enumerate(words):
        if word in joins:
            before, after = words[index - 1 : index], words[index + 1 : index + 2]
            if not before or not after or before[0][-1] != after[0][-1]:
                return True
    return False
