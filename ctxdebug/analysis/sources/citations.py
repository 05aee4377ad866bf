"""Citations in an answer: whether the cited id exists, the cited source says it, and another says it better."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_CITED = wording("source_citations", "cited")
_WORDED = lazy(r"\b(?:source|document|doc|passage)\s#?(?P<number>\d{1,3})\b(?!\s?(?:percent|%|-))", re.IGNORECASE)
_DEFINED = lazy(r"^[ \t]*(?:\[\^?(?P<bracket>[\w.-]{1,40})\]:?|(?P<number>\d{1,3})[.)])\s+\S.{3,}", re.MULTILINE)
_REFERENCES = lazy(
    r"^[ \t#*]*(?:references|sources|citations|footnotes|bibliography|works cited)\b", re.IGNORECASE | re.MULTILINE
)
_CODE = lazy(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_LEAD = lazy(r"^(?:doc(?:ument)?|source|ref|citation|passage|chunk|id)[ :#_-]{0,2}(?=\w)", re.IGNORECASE)
_PLACEHOLDER = frozenset(
    "x todo your name date insert link url email e.g city state company number amount citation citation-needed source ref id redacted".split()
)
_LABEL = lazy(r"^(?:\d{1,3}|[\w-]*\d[\w.-]*|[a-z]+[-_][\w.-]+|[\w-]+\.[a-z]{2,4})$", re.IGNORECASE)
_FITS_BETTER = 0.3
_VALUE_LEADS = frozenset(":=(,→")
"""Characters after which a bracket holds a value."""


@record(frozen=True, slots=True)
class Citation:
    """A citation in an answer: its label, where it stands, the source it leads to (None: unknown), and how well that says it."""

    label: str
    start: int
    end: int
    source: int | None
    share: float = 0.0
    """Share of the cited sentence's words that the source's nearest sentences hold."""
    better: int | None = None
    """Another source that says it clearly better."""
    better_share: float = 0.0
    passage: Passage | None = None
    claim: str = ""


def citations(answer: str, corpus: Corpus) -> tuple[Citation, ...]:
    """Every citation of an answer, resolved and checked."""
    if not corpus.retrieved or (not any(mark in answer for mark in "[【(<") and not _WORDED.search(answer)):
        return ()
    labels = _Labels(corpus)
    code = [match.span() for match in _CODE.finditer(answer)]
    tail = _references_at(answer)
    defined = {(match.group("bracket") or match.group("number")).lower() for match in _DEFINED.finditer(answer, tail)}
    spans = read(answer).spans if answer else ()
    found = []
    for label, start, end in _labels(answer):
        if (start >= tail and tail) or any(begin <= start < stop for begin, stop in code):
            continue
        source = labels.find(label)
        if source is None and (label.lower() in defined or not labels.looks_meant(label)):
            continue
        found.append(_checked(label, start, end, source, answer, spans, corpus))
    return tuple(found)


def uncited(sentence: str) -> str:
    """Return a sentence with its citations blanked, every other character in its place."""
    return (
        _CITED.sub(lambda match: " " * len(match.group()), sentence)
        if any(mark in sentence for mark in "[【(<")
        else sentence
    )


def _references_at(answer: str) -> int:
    matches = list(_REFERENCES.finditer(answer))
    return matches[-1].start() if matches and matches[-1].start() > len(answer) * 0.3 else len(answer)


def _labels(answer: str) -> Iterator[tuple[str, int, int]]:
    for match in _CITED.finditer(answer):
        kind = str(match.lastgroup)
        inner = match.group(kind)
        if kind == "lenticular":
            inner = inner.split("†", 1)[0].split(":", 1)[0]
        labels = re.split(r"\s?[,;]\s?", inner) if kind in {"bracket", "named"} else [inner]
        if kind == "bracket" and _is_printed_list(answer, match, labels):
            continue
        for label in labels:
            if label.strip():
                yield label.strip(), match.start(), match.end()
    taken = [match.span() for match in _CITED.finditer(answer)]
    for match in _WORDED.finditer(answer):
        if not any(start <= match.start() < end for start, end in taken):
            yield match.group("number"), match.start(), match.end()


def _is_printed_list(answer: str, match: re.Match[str], labels: Sequence[str]) -> bool:
    """`[8, 5, 8, 4]`: a value that the answer prints, by a repeated number, by its own line, or by what leads to it."""
    if len(labels) < 2:
        return False
    line = answer[answer.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = answer[match.end() : match.end() + 40].split("\n", 1)[0]
    alone = not any(map(str.isalnum, line)) and not any(map(str.isalnum, after))
    led = line.rstrip()[-1:] in _VALUE_LEADS and not _REFERENCES.search(line.strip(" *_-:").lower())
    return len(set(labels)) < len(labels) or alone or led


class _Labels:
    """The labels by which the sources can be cited: ids, titles, file names, and their number in order."""

    def __init__(self, corpus: Corpus) -> None:
        self.known: dict[str, int] = {}
        self.order = corpus.retrieved
        self.count = len(self.order)
        ids = [corpus.sources[number].id.lower() for number in self.order]
        for number in self.order:
            source = corpus.sources[number]
            for label in (source.id, source.title, source.id.rsplit("/", 1)[-1], source.title.rsplit("/", 1)[-1]):
                if label:
                    self.known.setdefault(label.strip().lower(), number)
                    self.known.setdefault(label.strip().lower().rsplit(".", 1)[0], number)
        self.numeric = any(one.isdigit() for one in ids)
        self.shapes = {_shape(one) for one in ids if one}

    def find(self, label: str) -> int | None:
        """Return the source that a label leads to."""
        low = label.strip().lower()
        for form in (low, _LEAD.sub("", low)):
            if form in self.known:
                return self.known[form]
        bare = _LEAD.sub("", low)
        if bare.isdigit() and not self.numeric and 1 <= int(bare) <= self.count:
            return self.order[int(bare) - 1]
        if bare.isdigit() and not self.numeric and bare == "0" and self.count:
            return self.order[0]
        inside = [
            number
            for known, number in self.known.items()
            if len(bare) > 5 and (bare in known or (len(known) > 5 and known in bare))
        ]
        return inside[0] if inside else None

    def looks_meant(self, label: str) -> bool:
        """Whether an unknown label was meant as a source's: a number, or of the shape that the sources' ids have."""
        low = label.strip().lower()
        bare = _LEAD.sub("", low)
        if bare != low and _shape(low) in self.shapes:
            return True  # `doc D` beside `doc A`
        if bare in _PLACEHOLDER or not _LABEL.match(bare):
            return False
        return (
            (bare.isdigit() and int(bare) < 200) or _shape(label.lower()) in self.shapes or _shape(bare) in self.shapes
        )


def _shape(label: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", label.lower()))


def _checked(
    label: str,
    start: int,
    end: int,
    source: int | None,
    answer: str,
    spans: Sequence[tuple[int, int]],
    corpus: Corpus,
) -> Citation:
    words = _claim(answer, spans, start)
    claim = statement(_CITED.sub(" ", words))
    if source is None or weight_of(claim.stems) < 2:
        return Citation(label, start, end, source, claim=words)
    shares = shares_of(claim, corpus)
    share, passage = shares.get(source, (0.0, None))
    better = max((number for number in shares if number != source), key=lambda number: shares[number][0], default=None)
    if better is not None and (shares[better][0] < 0.6 or shares[better][0] < share + _FITS_BETTER):
        better = None
    return Citation(
        label,
        start,
        end,
        source,
        share,
        better,
        shares[better][0] if better is not None else 0.0,
        passage,
        words,
    )


def _claim(answer: str, spans: Sequence[tuple[int, int]], at: int) -> str:
    """Return the sentence that carries the citation: the one it stands in, or the one before if it opens a new one."""
    previous = ""
    for start, end in spans:
        if start <= at < end:
            text = answer[start:end]
            return previous if at - start < 3 and previous and len(_CITED.sub("", text).strip()) < 12 else text
        if start > at:
            break
        previous = answer[start:end]
    return previous


def shares_of(claim: Statement, corpus: Corpus) -> dict[int, tuple[float, Passage | None]]:
    """Return per source how much of the claim its best sentence and the one after it hold."""
    total = weight_of(claim.stems) or 1.0
    found: dict[int, tuple[float, Passage | None]] = {}
    for number in corpus.retrieved:
        statements = corpus.of(number)
        for at, one in enumerate(statements):
            common = claim.stems & one.stems
            if not common:
                continue
            if at + 1 < len(statements):
                common |= claim.stems & statements[at + 1].stems
            share = weight_of(common) / total
            if number not in found or share > found[number][0]:
                found[number] = (share, corpus.passage(one))
    return found
