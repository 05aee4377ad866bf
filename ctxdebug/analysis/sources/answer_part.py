"""The numbers, dates, names and URLs of an answer, one by one: where each is said, or that it is in no source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.arithmetic import Operands, derivation
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.possibly_derived import GivenValues, possibly_derived
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.analysis.sources.value_search import find_value, written
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

MOST_PARTS = 24
"""Values of one sentence that are looked up; a longer row is a table."""
_FEW_PERCENTS = 8
_LAST_SAID = 3
"""Sentences of the user's at the end, with the numbers of which the answer may have worked."""
_SMALL = 12
_FEW = 2
"""Words of a quantity that is written in words."""
_SMALL_RECORD = 40
"""Statements of sources of which every value may have been worked with."""
_SMALL_REQUEST = 80
"""The same of a whole request, from all of which a value may have been worked out."""
_CONTRADICTS = 0.65
_ITEM = lazy(r"^[ \t]*(?:[-*•+]|\d{1,3}[.)])\s+", re.MULTILINE)
_ITEM_NUMBER = lazy(r"[ \t*#>_]*$")
_HEDGED = lazy(
    r"\be\.g\.|\b(?:for example|for instance|such as|say|suppose|imagine|assume|hypothetical|if you|example|"
    r"(?:training|knowledge) (?:data|cut-?off)|cut-?off|my (?:last|latest) (?:update|training)|as of my)\b",
    re.IGNORECASE,
)
_REPEATED = lazy(r"\b(?:repeat\w{0,3}|occurs?|appears?)\b", re.IGNORECASE)
"""How often a text says something, which it does not say itself."""
_RUN = lazy(r"[A-ZÀ-Þ][\w’'-]+(?:\s(?:of|de|van|von|la|du)?\s?[A-ZÀ-Þ][\w’'-]+)+")
Original = Callable[[int], int]
"""Position in a reading -> position in the captured text."""


class Grounding(StrEnum):
    """Three-valued, and a fourth for what makes no claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    ABSENT = "absent"
    NO_CLAIM = "no claim"


POSSIBLY_DERIVED = "perhaps worked out from values that were given"
"""How a value came about that given ones make, whether or not it was meant so."""


@record(frozen=True, slots=True)
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

    @property
    def worked_out(self) -> bool:
        """Whether it stands nowhere as such, and follows from values that do."""
        return (
            self.verdict is Grounding.SUPPORTED
            and self.how not in {"", "as written"}
            and not self.how.endswith("said so")
        )


@record(frozen=True)
class Given:
    """Facts that did not come from a source: the developer's and the user's own statements, told apart."""

    developer: Corpus
    user: Corpus
    earlier: Corpus
    """What the model itself said, and called, in earlier turns."""

    def told(self) -> tuple[tuple[str, Corpus], ...]:
        """Who said it, and what."""
        return ("the user", self.user), ("the developer", self.developer), ("an earlier turn", self.earlier)


def parts_of(
    claim: Statement,
    whole: str,
    corpus: Corpus,
    given: Given,
    own: Sequence[Value],
    near: Sequence[Statement],
    original: Original,
) -> Iterator[AnswerPart]:
    """Yield the parts of a sentence that are looked up; `near` are the nearest statements of the sources, `own` the values already said."""
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
    if _HEDGED.search(claim.outside):
        return False
    worded = value.kind in NUMERIC and not any(map(str.isdigit, value.text)) and len(value.text.split()) <= _FEW
    if worded and value.kind not in {ValueKind.MONEY, ValueKind.PERCENT}:
        return False  # `two degrees more`, `half`
    if value.kind is ValueKind.NUMBER:
        repeated = value.noun == "times" and _REPEATED.search(claim.outside) is not None
        return (value.high > 12 or value.step < 1) and not repeated
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
    mine: list[Value] = []
    for who, facts in (("", corpus), *given.told()):
        place = find_value(value, facts, claim.stems)
        if place:
            return (
                Grounding.SUPPORTED,
                f"{who} said so" if who else "as written",
                None if who else facts.passage(*place),
            )
    if value.kind in NUMERIC or value.kind in {ValueKind.DATE, ValueKind.CLOCK}:
        others = [*(other for other in claim.values if other is not value), *own]
        facts_near = [other for source in near[:2] for other in source.values[:12]] + _rates(corpus)
        facts_near += _few_values(corpus) + _few_dates(given)
        asked = given.user.statements[-_LAST_SAID:]
        mine = [value for one in asked for value in one.values if value.kind in NUMERIC or value.kind is ValueKind.DATE]
        said = " ".join(one.text.lower() for one in near[:3])
        others += mine[:8]
        operands = Operands(
            _distinct(others), _distinct(facts_near), corpus.fields, _items_after(whole, claim.end), said, tuple(mine)
        )
        how = derivation(value, operands, claim.text) or _named_after(value, claim, whole)
        if how:
            return Grounding.SUPPORTED, how, None
    if value.kind is ValueKind.MONEY and any(_counts_something(one) and one.high > _SMALL for one in mine):
        return Grounding.NO_CLAIM, "perhaps worked out with the user's own numbers", None
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
    if possibly_derived(value, _workable(corpus, given, near, own), claim.text):
        return Grounding.NO_CLAIM, POSSIBLY_DERIVED, None
    return Grounding.ABSENT, "", None


def _counts_something(one: Value) -> bool:
    """Whether a number of the user's can be worked with: it has a unit, or counts a thing (`25 people`), and is no `invoice 77`."""
    return one.kind in NUMERIC and (one.kind is not ValueKind.NUMBER or bool(one.noun and STEM[one.noun]))


def _workable(corpus: Corpus, given: Given, near: Sequence[Statement], own: Sequence[Value]) -> GivenValues:
    """Return the values that the answer may have worked with: those of the nearest sentences first, all of them in a small request."""
    every = [*corpus.statements, *given.developer.statements, *given.user.statements]
    read = [*near[:3], *given.user.statements[-_LAST_SAID:], *(every if len(every) <= _SMALL_REQUEST else ())]
    found = [one for statement in read for one in statement.values[:_SMALL]]
    return GivenValues([*found[:_SMALL_REQUEST], *own], [one.text for one in read[:_SMALL_REQUEST]])


def _rates(corpus: Corpus) -> list[Value]:
    """Return the percentages of the sources, if they are few."""
    found = [value for one in corpus.percents for value in one.values if value.kind is ValueKind.PERCENT]
    return found if len(found) <= _FEW_PERCENTS else []


def _few_values(corpus: Corpus) -> list[Value]:
    """Return every value of a small record."""
    if not 0 < len(corpus.statements) <= _SMALL_RECORD:
        return []
    return [value for one in corpus.statements for value in one.values if not value.calendar][:_SMALL_RECORD]


def _few_dates(given: Given) -> list[Value]:
    """Return the first dates of the prompt, of which one may say what day it is."""
    first = (*given.developer.statements[:_SMALL_RECORD], *given.user.statements[-_SMALL_RECORD:])
    return [value for one in first for value in one.values if value.kind is ValueKind.DATE][:8]


def _named_after(value: Value, claim: Statement, whole: str) -> str:
    """`BLACKFRIDAY50`: the code of a discount, named close by, that holds the number."""
    number = written(value)
    around = whole[max(0, claim.start - 200) : claim.end]
    code = re.search(rf"\b[A-Z][A-Za-z]{{2,30}}{re.escape(number)}\b", around) if number.isdigit() else None
    return f"in the name {code.group()}" if code else ""


def _distinct(operands: Sequence[Value]) -> list[Value]:
    found: dict[tuple[str, float], Value] = {}
    for one in operands:
        if one.kind in NUMERIC or one.kind in {ValueKind.DATE, ValueKind.CLOCK}:
            found.setdefault((one.unit or one.key, one.low), one)
    return list(found.values())


def _items_after(whole: str, end: int) -> int:
    """Items of the list that follows within the next 2,000 characters."""
    return len(_ITEM.findall(whole[end : end + 2000]))


def _name(
    match: re.Match[str], claim: Statement, corpus: Corpus, given: Given, original: Original
) -> AnswerPart | None:
    """Return a capitalised run of two words or more, none of which is known to any source or given fact."""
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
        specific=not _HEDGED.search(claim.outside),
        at=match.start(),
    )
