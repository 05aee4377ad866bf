"""A sentence in German, French, Spanish or Italian: its content words, its values, and the words that turn it round.

The words are data (`text/wordings/<language>/claim_operators.txt`, `spoken.json`); what they do to a sentence is the same in each.
"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from pathlib import Path

from ctxdebug.analysis.claims.values import Value, values
from ctxdebug.records import record
from ctxdebug.text.languages import all_languages, languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.stems import stemmer
from ctxdebug.text.wordings import wording
from ctxdebug.text.words import LETTERS, stop_words

SPOKEN = ("de", "fr", "es", "it")
"""Languages whose operators are known."""
LABELS = (
    "negation", "forbidden", "permitted", "option", "may", "obligation", "must", "at_least", "at_most", "before",
    "after", "all", "some", "guard", "ahead", "empty", "exists",
)  # fmt: skip
_PHRASES = ("needless", "only_with")
"""Classes of phrases that hold content words of their own."""
_DECIDES = ("negation", "forbidden", "permitted", "option", "obligation")
_OPERATORS = {
    one: {label: wording("claim_operators", label, language=one) for label in (*LABELS, *_PHRASES)} for one in SPOKEN
}
_BORDER = lazy(
    r"[,:]\s{1,3}|[;()–—|]\s{0,3}|\s(?:und|oder|aber|sowie|et|ou|mais|y|pero|e|ed|ma|mentre|während|tandis que|mientras)\s"
)
_REPLY = lazy(r"\W{0,4}(?:ja|nein|oui|non|sí|si|no|sì|yes|leider nein)\s?[,.!:;]", re.IGNORECASE)
"""The yes or no that an answer begins with, which is no word of its sentence."""
_LEAST = 5
"""Letters by which two words are one, where the longer is made of the shorter."""
_SHORT = 400
_PIECE = 2
"""Content words of a clause that is compared for itself."""


@record(frozen=True, slots=True)
class SpokenWord:
    """A content word: as written, its stem, its span."""

    text: str
    stem: str
    start: int
    end: int


def spoken_language(*texts: str) -> str:
    """Return the language of the first text that tells one of these; empty where the first that tells any is English."""
    for text in texts:
        found = languages(text)
        known = next((one for one in found if one in SPOKEN), "") or _by_few_words(text)
        if known:
            return known
        if "en" in found and is_english(text):
            return ""
    return ""


def is_english(text: str) -> bool:
    """Whether a text has a function word that English has, and none of these languages."""
    known = all_languages()
    shared = frozenset[str]().union(*(known[one].function_words for one in SPOKEN))
    return any(match[0].lower() in known["en"].function_words - shared for match in LETTERS.finditer(text[:_SHORT]))


@by_text
def _by_few_words(text: str) -> str:
    """Tell the language of a short sentence by function words that only one of these has, and English has none of."""
    counts = _few_words(text)
    return counts[-1][1] if counts and counts[-1][0] > counts[-2][0] else ""


def is_foreign(text: str) -> bool:
    """Whether a text, too short to tell its language, has function words of one of these and none of English."""
    counts = _few_words(text)
    return bool(counts) and counts[-1][0] > 0


def _few_words(text: str) -> list[tuple[int, str]]:
    """Return how many function words of each language a text has, the most last; nothing where it has one of English alone."""
    if is_english(text):
        return []
    known = all_languages()
    words = {match[0].lower() for match in LETTERS.finditer(text[:_SHORT])} - known["en"].function_words
    return sorted((sum(word in known[one].function_words for word in words), one) for one in SPOKEN)


@record(frozen=True)
class SpokenClause:
    """A clause, or a whole sentence, at `start:end` of its text."""

    text: str
    language: str
    start: int
    end: int
    denied: bool = False
    """Whether it is a question that was answered with a no."""

    def spans(self, label: str) -> list[tuple[int, int]]:
        """Where the words of a class are."""
        return [match.span() for match in _OPERATORS[self.language][label].finditer(self.text, self.start, self.end)]

    def has(self, *labels: str) -> bool:
        """Whether it has a word of one of the classes."""
        return any(_OPERATORS[self.language][one].search(self.text, self.start, self.end) for one in labels)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The typed values in it."""
        return tuple(one for one in values(self.text) if self.start <= one.start < self.end)

    @cached_property
    def words(self) -> tuple[SpokenWord, ...]:
        """The words that say what it is about: no value, no operator, no word without a subject."""
        taken = [(one.start, one.end) for one in self.values]
        taken += [span for label in LABELS for span in self.spans(label)]
        stem, stops = stemmer(self.language), stop_words(self.language)
        return tuple(
            SpokenWord(match[0], stem(match[0]), *match.span())
            for match in LETTERS.finditer(self.text, self.start, self.end)
            if len(match[0]) > 1
            and match[0].lower() not in stops
            and not any(start < match.end() and match.start() < end for start, end in taken)
        )

    def of_class(self, name: str) -> dict[str, SpokenWord]:
        """Return its words of a closed class, by the form that the class lists."""
        known = _classes()[self.language][name]
        return {known[low]: one for one in self.words if (low := one.text.lower()) in known}

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its sentence, a reply at its head apart."""
        reply = _REPLY.match(self.text)
        return self.start <= (reply.end() if reply else 0) and self.end >= len(self.text.rstrip(" .!"))

    def around(self, place: int) -> SpokenClause:
        """Return the part between two commas or conjunctions that a place is in."""
        borders = [match.span() for match in _BORDER.finditer(self.text, self.start, self.end)]
        start = max((end for _, end in borders if end <= place), default=self.start)
        stop = min((begin for begin, _ in borders if begin > place), default=self.end)
        return SpokenClause(self.text, self.language, start, stop)

    def after(self, place: int) -> SpokenWord | None:
        """Return the content word behind a place."""
        return next((one for one in self.words if one.start >= place), None)

    def before(self, place: int) -> SpokenWord | None:
        """Return the content word before a place."""
        return next((one for one in reversed(self.words) if one.end <= place), None)


@cache
def _data() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("spoken.json").read_text("utf-8"))
    return loaded


@cache
def _classes() -> dict[str, dict[str, dict[str, str]]]:
    """Return the closed classes of each language: forms as written, with `montags` and `lundis`, and what each is a form of."""
    return {
        language: {
            name: {form: word for word in _data()[language][name].split() for form in (word, word + "s")}
            for name in ("weekday", "month")
        }
        for language in SPOKEN
    }


@cache
def opposites(language: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of opposite words of a language, either way round."""
    pairs = [tuple(pair.split("|")) for pair in _data()[language]["opposites"].split()]
    return frozenset((a, b) for one, other in pairs for a, b in ((one, other), (other, one)))


def is_reply(text: str, language: str) -> bool:
    """Whether a sentence says no more than a yes or a no: `Ja.`, or `Non, ce n'est pas possible`."""
    reply = _REPLY.match(text)
    return reply is not None and not SpokenClause(text, language, reply.end(), len(text)).words


def answered(question: str, reply: str, language: str) -> SpokenClause:
    """Return what a yes or a no to a question says."""
    return SpokenClause(question, language, 0, len(question), denied=reply.lstrip(" *_")[:1] in "Nn")


def pieces(text: str, language: str) -> tuple[SpokenClause, ...]:
    """Return a sentence as a whole, and the clauses of it that have content of their own."""
    reply = _REPLY.match(text)
    begin = reply.end() if reply else 0
    whole = SpokenClause(text, language, begin, len(text.rstrip()))
    borders = [begin, *(at for match in _BORDER.finditer(text, begin) for at in match.span()), len(text)]
    parts = [SpokenClause(text, language, start, end) for start, end in zip(borders[::2], borders[1::2], strict=True)]
    kept = [one for one in parts if len(one.words) >= _PIECE or (one.words and (one.values or one.has(*_DECIDES)))]
    return (whole, *kept) if len(parts) > 1 else (whole,)


def akin(one: str, other: str) -> bool:
    """Whether two stems are of one word: equal, or one made with the other, `holzkohlegrill` with `holzkohl`, `gegrillt` with `grill`."""
    if one == other:
        return True
    short, long = sorted((one.removeprefix("ge"), other.removeprefix("ge")), key=len)
    if len(short) >= _LEAST - 1 and long.startswith(short) and len(long) - len(short) <= 2:
        return True
    return len(short) >= _LEAST and (long.startswith(short) or long.endswith(short))
