"""What an answer adds to what was given, by its place: a clause, an item of a list, a sentence, a thing that no text mentions.

A part is foreign where no content word of it, nor one of like meaning, is in any text; what stands beside it is in the texts. One
foreign word is a paraphrase; a whole part of them is something new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ctxdebug.analysis.claims.alignment import Word, words_of
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import GENERIC, WEIGHT, kinds, likes, weight_of
from ctxdebug.analysis.sources.assertions import openings
from ctxdebug.analysis.sources.claim import Difference
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_JOINS = wording("source_additions", "joins")
_GOES_ON = wording("source_additions", "goes_on")
_ADVISES = wording("source_additions", "advises")
_DENIES = wording("source_additions", "denies")
_HEDGES = wording("source_additions", "hedges")
_SAYS_MUCH = 0.5
"""Weight of a word from which it says something of its own."""
_FEWEST = 2
"""Such words of a part that was added, at least."""
_MORE = 3
"""The same behind a mere `and`, where a paraphrase goes on as well."""
_GIVEN = 0.5
"""Share of the words beside it that the texts have."""
_IN_ITS_WORDS = 0.8
"""The same, from which a sentence keeps to the words of the texts, so that a thing in other words is another thing."""
_THING = lazy(
    r"\s{0,3}(?:(?:the |your |all |each |every )?[a-z]{2,20} (?:also )?"
    r"(?:has|have|gets?|receives?|offers?|provides?|includes?|features?) |there (?:is|are) (?:also )?|with )?"
    r"(?:also )?(?:(?:an?|free|complimentary|one|two|three|four|several) )+"
    r"(?:(?!(?:is|are|was|were|be|been|being|can|must|will|has|have|had|that|which|who|when|if|to)\b)[\w’'-]{1,24}[ ]?){2,8}\W{0,3}$",
    re.IGNORECASE,
)
"""A thing and no clause: `an outdoor hot tub`, `guests receive a welcome basket with local cheese`."""
_NEW = 0.6
"""Share of what a sentence says beyond the question that no text has, for it to answer from elsewhere."""
_ITEM = lazy(r"[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+\S")
_LABEL = lazy(r"[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+[^:\n]{1,60}:(?=\s+\S+\s+\S)")
_ITEMS = 3
_PARTS = frozenset(
    "half halves quarter quarters third thirds dozen couple once twice yes yeah yep ok okay sure sadly luckily sorry afraid".split()
)
_JUDGES = lazy(r"\W{0,4}(?:that|this|what a|how)\b|[^.]{0,300}!\W{0,3}$", re.IGNORECASE)
"""`That's quite hot!`: what somebody thinks of it."""
_IF = lazy(r"\W{0,4}(?:if|when|unless|should|in case)\b", re.IGNORECASE)
_ROOT = 4
_ENDING = 3
"""Letters by which two forms of a word differ at most, behind the first four."""
_ALMOST_ALL = 0.8
_ALSO = lazy(r"\b(?:also|additionally|furthermore|moreover|in addition|besides|on top of that)\b", re.IGNORECASE)
_SPOKEN_TO = lazy(r"\b(?:you|your|please|I|we|let)\b")


def is_given(stem: str, given: frozenset[str]) -> bool:
    """Whether stems have a word, one of like meaning, or a wider one."""
    return stem in given or not given.isdisjoint(likes(stem) | kinds(stem))


def _akin(stem: str, given: frozenset[str]) -> bool:
    """Whether stems have one that begins alike: `abstention`, where it says `abstained`."""
    return stem[: max(_ROOT, len(stem) - _ENDING)] in _roots(given)


@lru_cache(64)
def _roots(given: frozenset[str]) -> frozenset[str]:
    return frozenset(stem[:size] for stem in given for size in range(_ROOT, len(stem) + 1))


def foreign(words: Sequence[Word], given: frozenset[str]) -> list[Word]:
    """Return the words that say something of their own and that no text has in any like form."""
    return [
        word
        for word in words
        if word.stem
        and word.stem not in GENERIC
        and WEIGHT[word.stem] >= _SAYS_MUCH
        and not is_given(word.stem, given)
        and not _akin(word.stem, given)
        and word.low not in openings()["countries"]
        and word.low not in _PARTS
    ]


def added_conjunct(
    own: Statement, evidence: Evidence, question: UserQuestion | None, *, vouched: bool
) -> Difference | None:
    """Return a clause behind `because of`, `and`, `including` of which no content word is in any text, beside what is.

    `vouched` is whether a value of the sentence is in the texts: beside it, words may differ from a record's.
    """
    words = words_of(own)
    given = evidence.corpus.stems
    asked = question.stems if question is not None else frozenset()
    for start, end, fewest in _parts(own.text):
        inside = [word for word in words if start <= word.start < end]
        if any(one.search(own.text, start, end) for one in (_DENIES, _HEDGES)) or _ADVISES.match(own.text, start):
            continue
        content = [word for word in inside if word.stem]
        new = foreign(inside, given | asked)
        if len(new) < fewest or any(is_given(word.stem, given) for word in content if word.stem not in GENERIC):
            continue
        if any(start <= value.start < end for value in own.values) or "`" in own.text[start:end]:
            continue  # a figure is looked for on its own
        beside = {word.stem for word in words if word.stem and not start <= word.start < end}
        held = {stem for stem in beside if is_given(stem, given | asked)}
        thing = _THING.match(own.text, start, end) is not None and weight_of(held) >= _IN_ITS_WORDS * weight_of(beside)
        if beside and (vouched or thing or weight_of(held) >= _GIVEN * weight_of(beside)):
            kind = "thing" if thing and len(new) > 1 else "addition"
            return Difference(kind, own.text[new[0].start : new[-1].end], "", new[0].start, new[-1].end)
    return None


def _parts(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the clauses that a joining word begins, up to the next one or the end, and how many new words tell that one is added."""
    starts = [
        *((match.start(), match.end(), _FEWEST) for match in _JOINS.finditer(text)),
        *((match.start(), match.end(), _MORE) for match in _GOES_ON.finditer(text)),
    ]
    starts.sort()
    for at, (_, end, fewest) in enumerate(starts):
        yield end, starts[at + 1][0] if at + 1 < len(starts) else len(text), fewest


def label_end(text: str) -> int:
    """Where the words end that an item of a list begins with and that name the item only: `3. Schema Design: Create the tables`; 0 without."""
    found = _LABEL.match(text)
    return found.end() if found else 0


def is_list_item(text: str) -> bool:
    """Whether a sentence is an item of a list."""
    return _ITEM.match(text) is not None


def added_item(own: Statement, others: Sequence[Statement], evidence: Evidence) -> Difference | None:
    """Return an item of a list of which no content word is in any text, where the texts have every other item."""
    if len(others) + 1 < _ITEMS:
        return None
    given = evidence.corpus.stems
    words = words_of(own)
    new = foreign(words, given)
    if not new or any(is_given(word.stem, given) for word in words if word.stem and word.stem not in GENERIC):
        return None
    if any(foreign(words_of(other), given) for other in others):
        return None
    return Difference("item", own.text[new[0].start : new[-1].end], "", new[0].start, new[-1].end)


def added_sentence(own: Statement, evidence: Evidence, question: UserQuestion | None) -> Difference | None:
    """Return a sentence that goes on with `also`, almost no content word of which is in any text."""
    if not _ALSO.search(own.text) or _DENIES.search(own.text) or _SPOKEN_TO.search(own.text):
        return None
    given = evidence.corpus.stems | (question.stems if question is not None else frozenset())
    words = [word for word in words_of(own) if word.stem and word.stem not in GENERIC]
    new = foreign(words, given)
    if len(new) < _FEWEST or weight_of({word.stem for word in new}) < _ALMOST_ALL * weight_of({w.stem for w in words}):
        return None
    return Difference("addition", own.text[new[0].start : new[-1].end], "", new[0].start, new[-1].end)


def beyond_what_was_asked(
    own: Statement, evidence: Evidence, question: UserQuestion, *, vouched: bool
) -> Difference | None:
    """Return what a sentence says of a thing that was asked for and that no text mentions.

    The question names it (`surface`, `Ferrovit`), the texts do not, and most of what the sentence says beside the question's words is
    in no text either. A sentence that denies or abstains says nothing of it; one with a figure of the texts (`vouched`) speaks of them.
    """
    if (
        vouched
        or _JUDGES.match(own.text)
        or _DENIES.search(own.text)
        or _IF.match(own.text)
        or not missing(question, evidence)
    ):
        return None
    words = words_of(own)
    said = [word for word in words if word.stem and word.stem not in GENERIC and word.stem not in question.stems]
    new = foreign(said, evidence.corpus.stems | question.stems)
    total = weight_of({word.stem for word in said})
    if not new or weight_of({word.stem for word in new}) < _NEW * total:
        return None
    return Difference("addition", own.text[new[0].start : new[-1].end], "", new[0].start, new[-1].end)


def missing(question: UserQuestion, evidence: Evidence) -> frozenset[str]:
    """Return the words of a question that say something of their own and that no text has in any like form."""
    return frozenset(
        stem
        for stem in question.stems
        if stem not in GENERIC and WEIGHT[stem] >= _SAYS_MUCH and not is_given(stem, evidence.stated)
    )
