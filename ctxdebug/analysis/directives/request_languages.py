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
    """Return the languages of a request; a short one is told by the words of looking that it begins with."""
    known, start = languages(text), text.lower().lstrip(" ¿¡-")
    found = {
        (words, code)
        for words, code in _opened_by()
        if start.startswith(words) and not start[len(words) : len(words) + 1].isalpha()
    }
    if known and {code for _, code in found}.isdisjoint(known):
        found = {one for one in found if " " in one[0]}  # two words tell more than a few letters of a short text
        return tuple(sorted({code for _, code in found})) or known
    return known or tuple(sorted({code for _, code in found}))


@cache
def _opened_by() -> tuple[tuple[str, str], ...]:
    """Return how requests for an answer begin, each with its language; words that English has too are left out."""
    return tuple(
        (words, code)
        for code, row in requests().items()
        if code != "en"
        for words in map(str.strip, row["looking"].split("|"))
        if " " in words or not _is_english(words)
    )


def readable() -> tuple[str, ...]:
    """Return the languages in which words are parted, which a request of unknown language may be in."""
    return tuple(code for code, row in requests().items() if "ends" not in row)


def _is_english(word: str) -> bool:
    known = english_words("asking") | english_words("auxiliary") | english_words("english") | general() | all_deeds()
    return word in known or deed_of_verb(word) is not None or word.startswith(beginnings())


def asks_in(language: str, lowered: str) -> bool:
    """Whether a request in another language asks for more than an answer, as far as its words are known."""
    known = requests().get(language)
    if known is None or language == "en":
        return True
    if "ends" in known:
        return _asks_by_parts(lowered, *(tuple(known[name].split("|")) for name in ("looking", "ends", "acting")))
    looking, acting, joins, stating = (known[name].split("|") for name in ("looking", "acting", "joins", "stating"))
    telling = known.get("telling", "").split("|")
    for match in SENTENCE.finditer(lowered):
        sentence, question = match[1].strip(" ¿¡-"), match[2] == "?"
        words = WORD.findall(sentence)
        acts = any(word.startswith(tuple(acting)) for word in words)
        if match.start() and not acts and not question and (len(words) < _SHORT or words[0] in stating):
            continue
        if words and not question and not sentence.startswith(tuple(looking)) and not is_place(sentence, language):
            return True
        if opened := max((one for one in looking if sentence.startswith(one)), key=len, default=""):
            words = WORD.findall(sentence[len(opened) :])  # the verb itself is read: "fais-moi un résumé"
            if question or opened.strip() in telling:  # what somebody does is asked, and what is joined may be wanted
                words = words[next((index for index, word in enumerate(words) if word in joins), len(words)) :]
        if any(part.strip().startswith(tuple(acting)) for part in sentence.split(",")[1:]):
            return True
        if any(word.startswith(tuple(acting)) for word in words) or (not question and _joins_more(words, joins)):
            return True
    return False


def acts_in(language: str, lowered: str) -> bool:
    """Whether a text has a word that asks for a deed in a language, long enough to be none of another one."""
    acting = tuple(one for one in requests()[language].get("acting", "").split("|") if len(one) >= _SHORT)
    return bool(acting) and any(word.startswith(acting) for word in WORD.findall(lowered))


def _joins_more(words: list[str], joins: list[str]) -> bool:
    """Whether words join a second request; words that end alike around "and" are two things of one ("netto i brutto")."""
    for index, word in enumerate(words):
        if word in joins:
            before, after = words[index - 1 : index], words[index + 1 : index + 2]
            if not before or not after or before[0][-1] != after[0][-1]:
                return True
    return False


def _asks_by_parts(lowered: str, begins: tuple[str, ...], ends: tuple[str, ...], acting: tuple[str, ...]) -> bool:
    """Whether a request asks for more in a language whose verbs come last, or whose words are not parted by blanks."""
    for part in filter(None, map(str.strip, _PARTS.split(lowered))):
        if any(one in part for one in acting):
            return True
        sentence = part.rstrip(".。!！ ")
        if not (sentence.endswith(("?", "？", "؟")) or sentence.startswith(begins) or sentence.endswith(ends)):
            return True
    return False


_PARTS = lazy(r"(?<=[。！？!?؟\n])|(?<=\.)\s")
