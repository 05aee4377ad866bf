"""What an answer stands on, sentence by sentence: supported, contradicted, or in no source; numbers, dates, names and URLs one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.arithmetic import Operands, derivation
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.scorer import scorer
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.analysis.sources.support import bigrams, features, nearest
from ctxdebug.analysis.sources.value_search import find_value, written
from ctxdebug.text.patterns import lazy

MOST_SENTENCES = 400
"""Answer sentences looked at; the rest is said to be unread."""
MOST_PARTS = 24
"""Values of one sentence that are looked up; a longer row is a table."""
_SUPPORTED_SHARE = 0.6
_FEW_PERCENTS = 8
_CONTRADICTS = 0.65
_CODE = lazy(
    r"```.*?(?:```|\Z)|`[^`\n]{1,200}`|<(?P<call>function|tool_call|invoke)\b[^>]{0,80}>.*?(?:</(?P=call)>|\Z)",
    re.DOTALL,
)
"""Code, and a tool call that the model printed as text: neither states anything."""
_ITEM = lazy(r"^[ \t]*(?:[-*•+]|\d{1,3}[.)])\s+", re.MULTILINE)
_ITEM_NUMBER = lazy(r"[ \t*#>_]*$")
_HEDGED = lazy(
    r"\b(?:e\.g\.|for example|for instance|such as|say|suppose|imagine|assume|hypothetical|if you|example|"
    r"(?:training|knowledge) (?:data|cut-?off)|cut-?off|my (?:last|latest) (?:update|training)|as of my)\b",
    re.IGNORECASE,
)
_RUN = lazy(r"[A-ZÀ-Þ][\w’'-]+(?:\s(?:of|de|van|von|la|du)?\s?[A-ZÀ-Þ][\w’'-]+)+")

_Original = Callable[[int], int]
"""Position in a reading -> position in the captured text."""


class Grounding(StrEnum):
    """Three-valued, and a fourth for what makes no claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    ABSENT = "absent"
    NO_CLAIM = "no claim"


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A number, date, name or URL of the answer. `start`/`end` count characters of the captured answer."""

    kind: str
    text: str
    start: int
    end: int
    verdict: Grounding
    how: str = ""
    """`as written`, `the user said so`, `sum of …`, or what the source says instead."""
    passage: Passage | None = None
    specific: bool = True
    """False for what an answer may say without a source: small counts, list numbers, examples."""
    at: int = 0
    """Where it begins in its sentence as it is read."""


@dataclass(frozen=True, slots=True)
class Support:
    """One sentence of the answer: its verdict, the two scores, the nearest passages, and its parts."""

    text: str
    start: int
    end: int
    verdict: Grounding
    unsupported: float
    contradicted: float
    share: float
    """Share of its words that the nearest source sentence holds."""
    passages: tuple[Passage, ...]
    parts: tuple[AnswerPart, ...]
    note: str = ""
    at: int = 0
    """Where it begins in the answer as it is read (without marks of emphasis)."""


@dataclass(frozen=True)
class Given:
    """Facts that did not come from a source: the developer's and the user's own statements, told apart."""

    developer: Corpus
    user: Corpus
    earlier: Corpus
    """What the model itself said, and called, in earlier turns."""

    def told(self) -> tuple[tuple[str, Corpus], ...]:
        """Who said it, and what."""
        return ("the user", self.user), ("the developer", self.developer), ("an earlier turn", self.earlier)


def ground(answer: str, corpus: Corpus, given: Given) -> tuple[Support, ...]:
    """Every sentence of an answer against the sources and the given facts."""
    reading = read(answer)
    code = [match.span() for match in _CODE.finditer(reading.text)]
    found = []
    claims = [
        statement(reading.text[start:end], -1, start)
        for start, end in reading.spans[:MOST_SENTENCES]
        if not any(begin <= start and end <= stop for begin, stop in code)
    ]
    for at, claim in enumerate(claims):
        around = (*reversed(claims[max(0, at - 12) : at]), *claims[at + 1 : at + 4])
        own = [value for other in around for value in other.values if value.kind in NUMERIC][:10]
        found.append(_sentence(claim, reading.text, corpus, given, own, reading.original))
    return tuple(found)


def _sentence(
    claim: Statement, whole: str, corpus: Corpus, given: Given, own: Sequence[Value], original: _Original
) -> Support:
    text = claim.text
    begin, stop = original(claim.start), original(claim.end - 1) + 1
    if text.endswith("?") or (len(claim.stems) < 2 and not claim.values):
        return Support(text, begin, stop, Grounding.NO_CLAIM, 0.0, 0.0, 0.0, (), (), at=claim.start)
    best = nearest(claim, corpus.nearest(claim.stems), 3)
    parts = tuple(_parts(claim, whole, corpus, given, own, [source for _, source in best], original))
    row = _row(claim, best, corpus)
    unsupported = scorer("unsupported").probability(row + row)
    contradicted = (scorer("contradicted").probability(row + row) + scorer("claim").probability(row)) / 2
    share = best[0][0] if best else 0.0
    verdict, note = _verdict(claim, best, parts, share)
    passages = tuple(corpus.passage(source) for _, source in best[:2])
    if verdict is Grounding.ABSENT and not parts:
        for who, facts in given.told():
            said = nearest(claim, facts.nearest(claim.stems), 1)
            if said and said[0][0] >= _SUPPORTED_SHARE:
                verdict, note = Grounding.SUPPORTED, f"said by {who}"
    return Support(text, begin, stop, verdict, unsupported, contradicted, share, passages, parts, note, claim.start)


def _row(claim: Statement, best: Sequence[tuple[float, Statement]], corpus: Corpus) -> list[float]:
    pairs = set().union(*(bigrams(source.text) for _, source in best)) if best else set()
    return features(claim, best, corpus.stems, pairs, corpus.text)


def _verdict(
    claim: Statement, best: Sequence[tuple[float, Statement]], parts: Sequence[AnswerPart], share: float
) -> tuple[Grounding, str]:
    if any(part.verdict is Grounding.CONTRADICTED for part in parts):
        return Grounding.CONTRADICTED, "a value differs from the source"
    for near, source in best[:1]:
        opposition = oppose(source, claim)
        if (
            opposition
            and opposition.score >= 0.7
            and near >= _SUPPORTED_SHARE
            and opposition.kind in {"negation", "name"}
        ):
            return (
                Grounding.CONTRADICTED,
                f"{opposition.kind}: the source says the opposite" if opposition.kind == "negation" else "another name",
            )
    if any(part.verdict is Grounding.ABSENT and part.specific for part in parts):
        return Grounding.ABSENT, "a part of it is in no source"
    if share >= _SUPPORTED_SHARE or (parts and share >= 0.4):
        return Grounding.SUPPORTED, ""
    return Grounding.ABSENT, "no source sentence says it in like words"


def _parts(
    claim: Statement,
    whole: str,
    corpus: Corpus,
    given: Given,
    own: Sequence[Value],
    near: Sequence[Statement],
    original: _Original,
) -> Iterator[AnswerPart]:
    for value in claim.values[:MOST_PARTS]:
        if value.kind in {ValueKind.QUOTED, ValueKind.ORDINAL} or _is_list_number(claim, value):
            continue
        verdict, how, passage = _value(value, claim, whole, corpus, given, own, near)
        start = claim.start + value.start
        yield AnswerPart(
            value.kind.value,
            value.text,
            original(start),
            original(start + len(value.text) - 1) + 1,
            verdict,
            how,
            passage,
            _specific(value, claim),
            value.start,
        )
    for match in _RUN.finditer(claim.text):
        if match.start() == 0 and not claim.text[: match.end()].istitle():
            continue
        part = _name(match, claim, corpus, given, original)
        if part:
            yield part


def _is_list_number(claim: Statement, value: Value) -> bool:
    """`1.` before a list item, `[3]` of a citation, `Step 2`."""
    before, after = claim.text[: value.start], claim.text[value.end : value.end + 2]
    if not _ITEM_NUMBER.sub("", before) and after[:1] in {".", ")", ":"}:
        return True
    return before.endswith(("[", "[^", "【", "†")) or (value.kind is ValueKind.IDENTIFIER and " " in value.key)


def _specific(value: Value, claim: Statement) -> bool:
    if _HEDGED.search(claim.text):
        return False
    if value.kind is ValueKind.NUMBER:
        return value.high > 12 or value.step < 1
    if value.kind in {ValueKind.MONEY, ValueKind.PERCENT} and value.low in {0.0, 1.0, 100.0}:
        return False
    if value.kind is ValueKind.DURATION:
        return value.low != value.high or value.text[:1].isdigit()
    return not (value.kind is ValueKind.IDENTIFIER and len(value.key) < 4)


def _value(
    value: Value,
    claim: Statement,
    whole: str,
    corpus: Corpus,
    given: Given,
    own: Sequence[Value],
    near: Sequence[Statement],
) -> tuple[Grounding, str, Passage | None]:
    for who, facts in (("", corpus), *given.told()):
        place = find_value(value, facts, claim.stems)
        if place:
            return (
                Grounding.SUPPORTED,
                f"{who} said so" if who else "as written",
                None if who else facts.passage(*place),
            )
    if value.kind in NUMERIC or value.kind is ValueKind.DATE:
        others = [*(other for other in claim.values if other is not value), *own]
        facts_near = [other for source in near[:2] for other in source.values[:12]] + _rates(corpus)
        operands = Operands(_distinct(others), _distinct(facts_near), corpus.fields, _items_after(whole, claim.end))
        how = derivation(value, operands, claim.text) or _named_after(value, claim, whole)
        if how:
            return Grounding.SUPPORTED, how, None
    for source in near[:2]:
        if not source.asserted or (
            value.kind in {ValueKind.URL, ValueKind.IDENTIFIER, ValueKind.QUOTED, ValueKind.NUMBER} and value.high <= 12
        ):
            continue
        opposition = oppose(source, claim)
        if opposition and opposition.score >= _CONTRADICTS and opposition.right == (value.start, value.end):
            return (
                Grounding.CONTRADICTED,
                f"the source says {opposition.left_text}",
                corpus.passage(source, *opposition.left),
            )
    return Grounding.ABSENT, "", None


def _rates(corpus: Corpus) -> list[Value]:
    """The percentages of the sources, if they are few."""
    found = [value for one in corpus.percents for value in one.values if value.kind is ValueKind.PERCENT]
    return found if len(found) <= _FEW_PERCENTS else []


def _named_after(value: Value, claim: Statement, whole: str) -> str:
    """`BLACKFRIDAY50`: the code of a discount, named close by, that holds the number."""
    number = written(value)
    around = whole[max(0, claim.start - 200) : claim.end]
    code = re.search(rf"\b[A-Z][A-Za-z]{{2,30}}{re.escape(number)}\b", around) if number.isdigit() else None
    return f"in the name {code.group()}" if code else ""


def _distinct(operands: Sequence[Value]) -> list[Value]:
    found: dict[tuple[str, float], Value] = {}
    for one in operands:
        if one.kind in NUMERIC or one.kind is ValueKind.DATE:
            found.setdefault((one.unit or one.key, one.low), one)
    return list(found.values())


def _items_after(whole: str, end: int) -> int:
    """Items of the list that follows within the next 2,000 characters."""
    return len(_ITEM.findall(whole[end : end + 2000]))


def _name(
    match: re.Match[str], claim: Statement, corpus: Corpus, given: Given, original: _Original
) -> AnswerPart | None:
    """A capitalised run of two words or more, none of which is known to any source or given fact."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", match.group()) if STEM[word]]
    if len(words) < 2:
        return None
    start = claim.start + match.start()
    letters = "".join(word[0] for word in words)
    for who, facts in (("", corpus), *given.told()):
        if re.search(rf"\b{letters}\b|\b{'[.]'.join(letters)}[.]", facts.text):
            return None  # `SF` for San Francisco
        held = [word for word in words if word in facts.text]
        if held:
            return AnswerPart(
                "name", match.group(), original(start), original(start + len(match.group()) - 1) + 1,
                Grounding.SUPPORTED if len(held) == len(words) else Grounding.NO_CLAIM, f"{who} said so" if who else "",
                at=match.start(),
            )  # fmt: skip
    return AnswerPart(
        "name",
        match.group(),
        original(start),
        original(start + len(match.group()) - 1) + 1,
        Grounding.ABSENT,
        specific=not _HEDGED.search(claim.text),
        at=match.start(),
    )
