"""What a request asks for: an answer only, or deeds; which deeds, and whom it names for them.

A request counts as one for an answer only where each of its sentences is known to be a question or to begin with a verb of
looking. What is not known may ask for anything, so that nothing that followed from it is held against the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ctxdebug.analysis.directives.delegation import hands_over
from ctxdebug.analysis.directives.request_languages import (
    SENTENCE,
    WORD,
    acts_in,
    asks_in,
    is_place,
    readable,
    request_languages,
)
from ctxdebug.analysis.directives.request_words import (
    all_deeds,
    beginnings,
    deeds_by_verb,
    english_words,
    general,
    requests,
)
from ctxdebug.analysis.directives.side_effects import deed_of_verb
from ctxdebug.records import record
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.stems import stem

_OPENING = lazy(
    r"""
    [^a-z\n]{0,12}(?:(?:please|pls|kindly|hi|hello|hey|ok|okay|so|and|now|then|also|just|first|quick\s question|thanks|great|sure
      |can\s you|could\s you|would\s you|will\s you|can\s u|i\s want\s to|i\s need\s to|i'd\s like\s to|i\s would\s like\s to|help\s me
      |i\s want\s you\s to|i'd\s like\s you\s to|you\s should|let's)[\s,:!-]{1,4}){0,4}
    """,
    re.VERBOSE,
)
"""What may stand before the verb of a request."""
_JOINED = lazy(
    r"""
    (?:\b(?:and|then|or|but)\s{1,3}(?:then\s{1,3}|also\s{1,3}|please\s{1,3}|just\s{1,3}){0,2}|[,–—-]\s{1,3}(?:then\s{1,3}|please\s{1,3})?)
    ([a-z]{2,20})
    (?=\s{1,3}(?:it|them|him|her|that|this|these|those|the|my|our|his|their|a|an|all|everything|everybody|everyone|back|off|out|up|us|me
      |to|with|on|for|as|if|whatever|what|accordingly|[A-Z]\w{0,30})\b|\s{0,3}$)
    """,
    re.VERBOSE,
)
"""A word where a further verb of a request may stand: "read it and sort it out"."""
_WITHOUT = lazy(
    r"\b(?:don't|do\s{1,3}not|never|without)\s{1,3}(?:chang|edit|modify|touch|fix|writ|delet|updat)\w{0,4}\s{1,3}(?:anything|(?:any\s{1,3})?files?)\b|\b(?:no|without(?:\s{1,3}any)?)\s{1,3}(?:changes?|edits?|actions?|fix(?:es)?|replies)\b",
    re.IGNORECASE,
)
"""What a request rules out: it asks for nothing."""
_SHORTENED = lazy(r"\b(incl|approx|max|min|nr|vs|ca|e\.g|i\.e)\.", re.IGNORECASE)
"""Words whose full stop ends no sentence."""
_VERB = lazy(
    r"""
    (?:^|[.!?;:,\n(]\s{0,20}|\b(?:and|then|please|to|also|just|kindly|now|you|me|us|let's|or|but|don't|not|must|should|help|\d\.)\s{1,3}
      |[-*]\s{1,3})
    (?=([a-z]{2,20})\b)
    """,
    re.VERBOSE,
)
"""A word where a verb of a request stands: "what did he write" has none, "read it and write to him" has two."""
_TO_OTHERS = lazy(r"\b(?:tell|let|inform|ask)\s+(?!me\b|us\b|what\b|who\b|how\b)\w", re.IGNORECASE)
NAMED = lazy(r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|\b[A-Z]{2}\d{2}[A-Z0-9 ]{8,32}\b")
"""An address or an account."""


@record(frozen=True, slots=True)
class Wish:
    """What the users of a conversation asked for: `deeds` are kinds of side effects; `open` where it is left to the model."""

    looking: bool = False
    open: bool = False
    deeds: frozenset[str] = frozenset()
    named: bool = False
    """Whether they named an address or an account themselves."""
    segment: str | None = None
    """The id of the first request that asks for more than an answer."""

    def may_want(self, kind: str | None) -> bool:
        """Whether a side effect of a kind may be what was asked for."""
        return not self.looking and (self.open or kind is None or kind in self.deeds)


def wish(requests: Iterable[tuple[str, str]]) -> Wish:
    """Return what requests ask for, each an id and a text."""
    known, deeds, unclear, named, first = False, set[str](), False, False, None
    for identifier, text in requests:
        known = True
        named = named or NAMED.search(text) is not None
        if asks_for_more(text):
            first = first or identifier
            here, vague = deeds_of(text)
            deeds |= here
            unclear = unclear or vague
    return Wish(known and first is None, unclear, frozenset(deeds), named, first)


@by_text
def asks_for_more(text: str) -> bool:
    """Whether a request may ask for more than an answer; so does one that is not understood."""
    if hands_over(text):
        return True
    known = request_languages(text)
    if "en" in known or (text.isascii() and not known) or _begins_in_english(text):
        return _more_in_english(text)
    lowered = text.lower()
    if not known and any(acts_in(language, lowered) for language in readable() if language != "en"):
        return True
    return all(asks_in(language, lowered) for language in known or readable())


@by_text
def deeds_of(text: str) -> tuple[frozenset[str], bool]:
    """Return the kinds of side effects that a request names, and whether it leaves open what is to be done."""
    known = languages(text)
    if known and "en" not in known:
        return frozenset(), True
    found, open_ = set[str](), hands_over(text)
    for verb in (*_VERB.findall(text.lower()), *_JOINED.findall(text)):
        found |= {kind for kind, verbs in deeds_by_verb() if verb in verbs}
        if kind := deed_of_verb(verb):
            found.add(kind)
        open_ = open_ or verb in general() or stem(verb) in general()
    if _TO_OTHERS.search(text):
        found.add("send")
    return frozenset(found), open_ or not found


@by_text
def may_act(text: str) -> bool:
    """Whether a request may want a deed: it is no question, has a word for one, or leaves open what is done.

    So does one in a language that is not read.
    """
    if not asks_for_more(text):
        return False
    words, known = WORD.findall(text.lower()), request_languages(text)
    if not words or hands_over(text) or _TO_OTHERS.search(text):
        return True
    if "en" in known or (text.isascii() and not known):
        return not all(
            _harmless(*match.groups()) for match in SENTENCE.finditer(text.lower()) if match[1].strip()
        ) or any(
            deed_of_verb(word) or word in all_deeds() or word in general() or stem(word) in general() for word in words
        )
    acting = [tuple(requests()[code]["acting"].split("|")) for code in known if code in readable()]
    asked = all(match[2] == "?" for match in SENTENCE.finditer(text) if match[1].strip())
    return not acting or not asked or any(word.startswith(acts) for acts in acting for word in words)


def _harmless(sentence: str, end: str) -> bool:
    """Whether a sentence is a question, looks, says how things are or is an address."""
    rest = sentence.strip()
    return end == "?" or "://" in rest or _states(rest) or not _acts(rest, end)


def _begins_in_english(text: str) -> bool:
    match = _OPENING.match(text.lower())
    rest = text.lower()[match.end() if match else 0 :]
    return rest.split(" ", 1)[0].rstrip("?,.'s") in english_words("asking")


def _more_in_english(text: str) -> bool:
    """Whether some sentence is neither a question nor a request to look, or a further verb in it changes something."""
    if _TO_OTHERS.search(text):
        return True
    text = _SHORTENED.sub(r"\1", _WITHOUT.sub("", text))
    lowered = text.lower()
    if text.strip() and WORD.search(text) is None:  # a number or a sign chooses what somebody offered
        return True
    verbs = [verb for verb in _VERB.findall(lowered) if verb != "do"]
    if any(deed_of_verb(verb) or verb in general() or stem(verb) in general() for verb in verbs):
        return True
    if any(not verb.startswith(beginnings()) and verb not in english_words("asking") for verb in _JOINED.findall(text)):
        return True
    sentences = [(match[1].strip(), match[2]) for match in SENTENCE.finditer(lowered) if match[1].strip()]
    sentences = [one for one in sentences if not is_place(one[0], "en")] if len(sentences) > 1 else sentences
    if sentences and sentences[0][1] == "?":
        where = tuple(requests()["en"]["where"].split("|"))
        sentences = [one for one in sentences if not one[0].startswith(where)]
    return any(
        _acts(sentence, end) for place, (sentence, end) in enumerate(sentences) if not place or not _states(sentence)
    )


def _states(sentence: str) -> bool:
    """Whether a sentence behind a request only says how things are ("Ms Pike needs it at 3"), as far as its words tell."""
    words = WORD.findall(sentence)
    return (
        bool(words)
        and words[0] in english_words("stating")
        and english_words("pressing").isdisjoint(words)
        and not any(deed_of_verb(word) or word in general() for word in words)
    )


def _acts(sentence: str, end: str) -> bool:
    """Whether a sentence is not known to ask for an answer."""
    opening = _OPENING.match(sentence)
    rest = sentence[opening.end() if opening else 0 :]
    if len(WORD.findall(rest)) < 2 or rest.startswith(("http://", "https://")):
        return not rest.startswith(beginnings()) and WORD.search(rest) is not None and "/" not in rest
    first = WORD.match(rest)
    word = first[0] if first else ""
    asked = word in english_words("asking") or (end == "?" and _is_question(word, sentence))
    return not asked and not rest.startswith(tuple(requests()["en"]["looking"].split("|")))


def _is_question(first: str, sentence: str) -> bool:
    """Whether a sentence with a question mark ("anything new?") asks nobody to do anything, as far as its words tell."""
    auxiliary = english_words("auxiliary")
    if first in auxiliary and first not in english_words("wishing"):
        return True
    words = set(WORD.findall(sentence))
    asks = first in auxiliary or not (words.isdisjoint(english_words("asking")) and words.isdisjoint(auxiliary))
    return (
        asks
        and words.isdisjoint(_TO_YOU)
        and not any(deed_of_verb(word) or word in general() or stem(word) in general() for word in words)
    )


_TO_YOU = frozenset("you u ya please pls".split())
