"""Citations in an answer: whether the cited id exists, the cited source says it, and another says it better."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.citable import Citable, as_corpus, citables, has_elements, place
from ctxdebug.analysis.sources.citation_labels import CITED, ENTRY, LETTER, PART, REFERENCES, WORDED, is_part, labels_in
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.whole_numbers import whole_number

_DEFINED = lazy(r"^[ \t]*(?:\[\^?(?P<bracket>[\w.-]{1,40})\]:?|(?P<number>\d{1,3})[.)])\s+\S.{3,}", re.MULTILINE)
_CODE = lazy(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_LEAD = lazy(r"^(?:doc(?:ument)?|source|ref|citation|passage|chunk|id)[ :#_-]{0,2}(?=\w)", re.IGNORECASE)
_PLACEHOLDER = frozenset(
    "x todo your name date insert link url email e.g city state company number amount citation citation-needed source ref id redacted".split()
)
_LABEL = lazy(r"^(?:\d{1,3}|[\w-]*\d[\w.-]*|[a-z]+[-_][\w.-]+|[\w-]+\.[a-z]{2,4})$", re.IGNORECASE)
_FITS_BETTER = 0.3
_SAYS_IT = 0.6
"""Share of a cited sentence that another passage has, to be the right one."""
_SAYS_MUCH = 0.45
"""The same, where the cited passage has none of it."""
_SAYS_NOTHING = 0.1
_SAYS_LITTLE = 2.0
"""Weight of a cited sentence under which the one before it is read with it."""
_VALUED = 0.7
"""Weight of a value of a cited sentence."""
_SEVERAL = 2
_SHORT_TITLE = 5
_MOST_TITLES = 60
_SLUG = lazy(r"^[a-z]{3,}[a-z0-9]{0,30}(?:[-_.][a-z0-9]{1,30}){1,5}$")
_NAMED_BEFORE = lazy(
    r"\b(?:according to|as stated in|as per|per|in the words of|as described in|based on|from|(?:stands?|written|found|listed) in)"
    r"\s(?:the |our |your )?[\"“”'*_]{0,2}$",
    re.IGNORECASE,
)
_SAYS_AFTER = lazy(r"[\"“”'*_]{0,2}\s(?:says|states|explains|notes|mentions|specifies|tells|lists|confirms|gives)\b")


@record(frozen=True, slots=True)
class Citation:
    """A citation in an answer: its label, where it stands, the source it leads to (None: unknown), and how well that says it."""

    label: str
    start: int
    end: int
    known: bool
    """Whether the label leads to a passage that can be cited."""
    source: int | None = None
    """The source of that passage; None where it is unknown, or a part of the prompt's own text."""
    name: str = ""
    """What a message calls the cited passage."""
    share: float = 0.0
    """Share of the cited sentence's words that the passage's nearest sentences hold."""
    better: str = ""
    """What another passage is called that says it clearly better."""
    better_share: float = 0.0
    passage: Passage | None = None
    claim: str = ""


def citations(answer: str, corpus: Corpus, others: Sequence[str] = (), *, asked: bool = False) -> tuple[Citation, ...]:
    """Every citation of an answer, resolved and checked.

    `others` are texts of the prompt with parts that can be cited as well; `asked` is whether the prompt asks for citations.
    """
    can_cite = any(mark in answer for mark in "[【(<§") or answer.lstrip()[:1] == "{" or bool(WORDED.search(answer))
    if not (corpus.sources or others) or not (can_cite or _titled_in(answer, corpus)):
        return ()
    every = citables(corpus, others, asked=asked)
    if not any(one.retrieved for one in every) and not (
        every
        and (
            any(one.search(answer) for one in (ENTRY, LETTER, PART)) or "[^" in answer or any(map(has_elements, others))
        )
    ):
        return ()
    labels = _Labels(every, asked=asked)
    passages = as_corpus(every)
    code = [match.span() for match in _CODE.finditer(answer)]
    tail = _references_at(answer)
    defined = {(match.group("bracket") or match.group("number")).lower() for match in _DEFINED.finditer(answer, tail)}
    spans = read(answer).spans if answer else ()
    found = []
    for label, start, end in labels_in(answer):
        if (start >= tail and tail) or any(begin <= start < stop for begin, stop in code):
            continue
        cited = labels.find(label)
        if cited is None and label.isdecimal() and not labels.count and any(map(has_elements, others)):
            continue  # elements of a prompt have ids of their own; a mere number is none of them
        if cited is None and (label.lower() in defined or not labels.looks_meant(label, answer, end)):
            continue
        if cited is None and is_part(label) and any(label in text for text in (corpus.text, *others)):
            continue  # a section that the given text refers to
        found.append(_checked(label, start, end, cited, answer, spans, passages, every))
    taken = [(one.start, one.end) for one in found]
    for cited, start, end in _titles(answer, every):
        if not any(begin <= start < stop for begin, stop in taken):
            found.append(_checked(answer[start:end], start, end, cited, answer, spans, passages, every))
    return tuple(found)


def _titled_in(answer: str, corpus: Corpus) -> bool:
    low = answer.lower()
    return any(len(one.title) > _SHORT_TITLE and one.title.lower() in low for one in corpus.sources)


def _titles(answer: str, every: Sequence[Citable]) -> Iterator[tuple[int, int, int]]:
    """Yield where the answer says in words from which document something is: its number, and the span of its title."""
    low = answer.lower()
    for number, one in enumerate(every[:_MOST_TITLES]):
        title = one.title.lower()
        if len(title) <= _SHORT_TITLE or " " not in title:
            continue
        at = low.find(title)
        while at >= 0:
            end = at + len(title)
            if _NAMED_BEFORE.search(answer[max(0, at - 40) : at]) or _SAYS_AFTER.match(answer, end):
                yield number, at, end
            at = low.find(title, end)


def uncited(sentence: str) -> str:
    """Return a sentence with its citations blanked, every other character in its place."""
    if not any(mark in sentence for mark in "[【(<§"):
        return sentence
    blanked = CITED.sub(lambda match: " " * len(match.group()), sentence)
    blanked = LETTER.sub(lambda match: " " * len(match.group()), blanked)
    return PART.sub(lambda match: " " * len(match.group()), blanked)


def _references_at(answer: str) -> int:
    matches = list(REFERENCES.finditer(answer))
    return matches[-1].start() if matches and matches[-1].start() > len(answer) * 0.3 else len(answer)


class _Labels:
    """The labels by which passages can be cited: ids, titles, file names, and their number in order."""

    def __init__(self, every: Sequence[Citable], *, asked: bool) -> None:
        self.known: dict[str, int] = {}
        self.asked = asked
        self.order = [number for number, one in enumerate(every) if one.retrieved]
        self.count = len(self.order)
        ids = [one.labels[0].lower() for one in every if one.labels]
        for number, one in enumerate(every):
            for label in one.labels:
                self.known.setdefault(label.strip().lower(), number)
                self.known.setdefault(label.strip().lower().rsplit(".", 1)[0], number)
        self.numeric = any(one.isdigit() for one in ids)
        self.shapes = {_shape(one) for one in ids if one}

    def find(self, label: str) -> int | None:
        """Return the passage that a label leads to."""
        low = label.strip().lower()
        bare = _LEAD.sub("", low)
        for form in (low, bare, *((f"row {bare}",) if bare.isdecimal() and not self.count else ())):
            if form in self.known:
                return self.known[form]
        if is_part(low):
            return None
        number = whole_number(bare)
        if number is not None and not self.numeric and 1 <= number <= self.count:
            return self.order[number - 1]
        if bare == "0" and not self.numeric and self.count:
            return self.order[0]
        inside = [
            number
            for known, number in self.known.items()
            if len(bare) > 5 and (bare in known or (len(known) > 5 and known in bare))
        ]
        return inside[0] if inside else None

    def looks_meant(self, label: str, answer: str, end: int) -> bool:
        """Whether an unknown label was meant as a source's: a number, of the shape of their ids, or an id where ids are asked for."""
        low = label.strip().lower()
        if is_part(low):
            return low[0] != "(" and any(known.startswith(low.split()[0]) for known in self.known)
        bare = _LEAD.sub("", low)
        if bare != low and _shape(low) in self.shapes:
            return True  # `doc D` beside `doc A`
        if bare in _PLACEHOLDER or not _LABEL.match(bare):
            return False
        if self.asked and self.shapes and _SLUG.match(bare) and answer[end : end + 1] in {".", "", "\n", ",", ";"}:
            return True
        number = whole_number(bare)
        return (
            (number is not None and number < 200) or _shape(label.lower()) in self.shapes or _shape(bare) in self.shapes
        )


def _shape(label: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", label.lower()))


def _checked(
    label: str,
    start: int,
    end: int,
    cited: int | None,
    answer: str,
    spans: Sequence[tuple[int, int]],
    passages: Corpus,
    every: Sequence[Citable],
) -> Citation:
    words = _claim(answer, spans, start) if answer.lstrip()[:1] != "{" else f"{answer[:start]} {answer[end:]}"
    if cited is None:
        return Citation(label, start, end, known=False, claim=words)
    one = every[cited]
    blank = Citation(label, start, end, known=True, source=one.source, name=one.name, claim=words)
    claim = statement(CITED.sub(" ", words.replace(answer[start:end], " ")))
    if _weight(claim) < _SAYS_LITTLE and len(CITED.findall(_sentence(answer, spans, start))) < _SEVERAL:
        words = _before(answer, spans, start) + " " + words
        claim = statement(CITED.sub(" ", words))
    if _weight(claim) < _SAYS_LITTLE:
        return blank
    shares = shares_of(claim, passages)
    share, passage = shares.get(cited, (0.0, None))
    better = max((number for number in shares if number != cited), key=lambda number: shares[number][0], default=None)
    least = _SAYS_IT if share > _SAYS_NOTHING else _SAYS_MUCH
    if better is not None and (shares[better][0] < least or shares[better][0] < share + _FITS_BETTER):
        better = None
    return replace(
        blank,
        share=share,
        better=every[better].name if better is not None else "",
        better_share=shares[better][0] if better is not None else 0.0,
        passage=place(one, passage),
        claim=words,
    )


def _sentence(answer: str, spans: Sequence[tuple[int, int]], at: int) -> str:
    """Return the sentence that a place is in."""
    return next((answer[start:end] for start, end in spans if start <= at < end), "")


def _before(answer: str, spans: Sequence[tuple[int, int]], at: int) -> str:
    """Return the sentence before the one that a place is in."""
    earlier = [span for span in spans if span[1] <= at]
    return answer[slice(*earlier[-1])] if earlier else ""


def _claim(answer: str, spans: Sequence[tuple[int, int]], at: int) -> str:
    """Return the sentence that carries the citation: the one it stands in, or the one before if it opens a new one."""
    previous = ""
    for start, end in spans:
        if start <= at < end:
            text = answer[start:end]
            others = [match for match in CITED.finditer(answer, start, end) if not match.start() <= at < match.end()]
            if others:  # each of several citations bears what stands before it
                begin = max((match.end() for match in others if match.end() <= at), default=start)
                part = answer[begin:at]
                text = part if any(map(str.isalpha, part)) else text
            return previous if at - start < 3 and previous and len(CITED.sub("", text).strip()) < 12 else text
        if start > at:
            break
        previous = answer[start:end]
    return previous


def _told(claim: Statement) -> list[Value]:
    """Return the values of a cited sentence that say something of their own."""
    return [value for value in claim.values if value.kind in NUMERIC or value.kind in {ValueKind.DATE, ValueKind.CLOCK}]


def _weight(claim: Statement) -> float:
    """Return how much a cited sentence says: by its words, and by its values."""
    return weight_of(claim.stems) + _VALUED * len(_told(claim))


def shares_of(claim: Statement, corpus: Corpus) -> dict[int, tuple[float, Passage | None]]:
    """Return per source how much of the claim its best sentence and the one after it hold."""
    total = _weight(claim) or 1.0
    found: dict[int, tuple[float, Passage | None]] = {}
    for number in corpus.retrieved:
        statements = corpus.of(number)
        for at, one in enumerate(statements):
            common = claim.stems & one.stems
            if not common:
                continue
            said = statements[at : at + 2]
            common = common.union(*(claim.stems & near.stems for near in said))
            equal = sum(any(says(value, other) for near in said for other in near.values) for value in _told(claim))
            share = (weight_of(common) + _VALUED * equal) / total
            if number not in found or share > found[number][0]:
                found[number] = (share, corpus.passage(one))
    return found
