"""Sources that say different things of the same: found by the index, judged by the typed rule, ranked by the question."""

from __future__ import annotations

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.opposition import THRESHOLD, Opposition, oppose
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.sources.conflict import Basis, Conflict
from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.panel import Panel, panel
from ctxdebug.analysis.sources.question import Asked, UserQuestion, coverage
from ctxdebug.analysis.sources.restated import restated
from ctxdebug.analysis.sources.revision import FEATURES
from ctxdebug.analysis.sources.revision import features as revision_features
from ctxdebug.analysis.sources.rivalry import pair_features, relate
from ctxdebug.analysis.sources.scorer import scorer
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy

MOST_PAIRS = 2000
"""Statement pairs judged per context; the closest are kept."""
MOST_VOICES = 16
"""Sources heard in the question pass; those that cover the question best."""
_LABELS = frozenset({"URL", "e-mail address", "identifier", "quoted name", "version", "number", "ordinal"})
_COUNTED = frozenset({"identifier", "number"})
_LABEL = lazy(r"[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+[^:\n]{1,40}:")
_POINTING = frozenset("this that these those it he she they here there".split())
_CLEARLY = 0.15
_TELLS_ITS_SUBJECT = 5
"""Content words of a sentence that two sources give with one point changed, from which it is about one thing, whether it names it or not."""
_ROW = 0.75
"""Score of two rows of one table (set on fixtures/conflicts, tuning part)."""
_REVISED = 0.85
"""Probability from which near-duplicates are called reworded (set on SummEdits, out of fold)."""
_REPLACED, _SYNONYMS, _SAME = (FEATURES.index(name) for name in ("replaced", "synonyms", "same stem"))
_RIVAL = 0.8
"""Probability from which two sources answer a question differently (set on RAMDocs, rows 0 to 249)."""


@record(frozen=True, slots=True)
class Scan:
    """Conflicts, best first, and what was left out."""

    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]


def scan(corpus: Corpus, question: UserQuestion | None = None, *, most: int = MOST_PAIRS) -> Scan:
    """Look for conflicts between all sources."""
    notes = []
    pairs, capped = corpus.pairs(most)
    if capped:
        notes.append(f"only the {most} closest sentence pairs were compared")
    found: dict[tuple[str, frozenset[str]], Conflict] = {}
    for left, right in pairs:
        a, b = corpus.statements[left], corpus.statements[right]
        conflict = _typed(corpus, a, b, question) or _reworded(corpus, a, b, question)
        if conflict:
            _keep(found, conflict)
    if question and question.stems and question.asked is not Asked.YES_NO:
        conflicts, note = _asked(corpus, question)
        notes += [note] if note else []
        for conflict in conflicts:
            if not any(_same_place(conflict, other) for other in found.values()):
                _keep(found, conflict)
    ranked = sorted(
        _strongest(list(found.values())),
        key=lambda one: (one.anchored, one.relevance >= 0.5, one.score + one.relevance),
        reverse=True,
    )
    return Scan(tuple(ranked), tuple(notes))


def _strongest(conflicts: list[Conflict]) -> list[Conflict]:
    """Without those whose value has a clearly stronger rival in the same source: `10 days` carried over, not `28 days` of leave."""
    best: dict[tuple[int, Passage], float] = {}
    for one in conflicts:
        for other, spot in ((one.right.source, one.left_spot), (one.left.source, one.right_spot)):
            best[other, spot] = max(best.get((other, spot), 0.0), one.score)
    return [
        one
        for one in conflicts
        if one.score + _CLEARLY > max(best[one.right.source, one.left_spot], best[one.left.source, one.right_spot])
    ]


def _keep(found: dict[tuple[str, frozenset[str]], Conflict], conflict: Conflict) -> None:
    """One conflict per kind and pair of values, the strongest, with how often it was met: copies of a page say nothing new."""
    key = conflict.kind, frozenset((folded(conflict.left_value)[:200], folded(conflict.right_value)[:200]))
    known = found.get(key)
    times = conflict.times + (known.times if known else 0)
    best = conflict if known is None or (conflict.anchored, conflict.score) > (known.anchored, known.score) else known
    found[key] = replace(best, times=times)


def _same_place(a: Conflict, b: Conflict) -> bool:
    return {a.left.source, a.right.source} == {b.left.source, b.right.source} and (
        a.left.start == b.left.start or a.right.start == b.right.start
    )


def _relevance(question: UserQuestion | None, a: Statement, b: Statement) -> float:
    return coverage(question, a.stems & b.stems) if question and question.stems else 0.0


def _typed(corpus: Corpus, a: Statement, b: Statement, question: UserQuestion | None) -> Conflict | None:
    if corpus.same_table(a, b):
        cell = _cell(a, b)
        return _conflict(corpus, a, b, cell, Basis.TYPED, question) if cell else None
    if not a.asserted or not b.asserted:
        return None
    opposition, again = oppose(a, b), None
    if opposition is None or opposition.score < THRESHOLD:
        opposition = again = restated(a, b)
    if opposition is None or _labelled_apart(a, b):
        return None
    same = again is not None and len(a.stems & b.stems) >= _TELLS_ITS_SUBJECT - 1
    if not same and not corpus.same_topic(a, b):
        return None
    if _labels(a, opposition.left, opposition.kind) or _labels(b, opposition.right, opposition.kind):
        return None
    found = _conflict(corpus, a, b, opposition, Basis.TYPED, question)
    if found.anchored or len(a.stems & b.stems) < _TELLS_ITS_SUBJECT or not (again or restated(a, b)):
        return found
    return replace(found, anchored=True)


def _cell(a: Statement, b: Statement) -> Opposition | None:
    """Return the first cell in which two rows of one table differ."""
    if len(a.values) != len(b.values):
        return None
    for x, y in zip(a.values, b.values, strict=True):
        if compare(x, y).relation is Relation.CONFLICT:
            return Opposition(_ROW, x.kind.value, (x.start, x.end), (y.start, y.end), x.shown(), y.shown())
    return None


def _labels(one: Statement, span: tuple[int, int], kind: str) -> bool:
    """Whether the value names what the statement is about and so cannot be at odds: an address or id that opens it."""
    if kind == "negation":
        return one.text.split()[0].lower().strip("\"'*-") in _POINTING
    before = one.text[: span[0]].strip(" \"'*-([").split()
    return kind in _LABELS and len(before) <= int(kind in _COUNTED)  # `Bus 41`


def _labelled_apart(a: Statement, b: Statement) -> bool:
    """Whether two lines begin with labels that differ: `Trailhead A:`, `Trailhead B:`."""
    labels = [found[0] if (found := _LABEL.match(one.text)) else "" for one in (a, b)]
    return bool(labels[0]) and bool(labels[1]) and labels[0].lower() != labels[1].lower()


def _conflict(
    corpus: Corpus, a: Statement, b: Statement, found: Opposition, basis: Basis, question: UserQuestion | None
) -> Conflict:
    values = tuple(
        next((value for value in one.values if (value.start, value.end) == span), None)
        for one, span in ((a, found.left), (b, found.right))
    )
    return Conflict(
        found.kind, basis, corpus.passage(a), corpus.passage(b), found.left_text, found.right_text, corpus.passage(a, *found.left),
        corpus.passage(b, *found.right), min(1.0, found.score), _relevance(question, a, b),
        anchored=basis is not Basis.TYPED or corpus.anchored(a, b), pair=(a, b), values=(values[0], values[1]),
    )  # fmt: skip


def _reworded(corpus: Corpus, a: Statement, b: Statement, question: UserQuestion | None) -> Conflict | None:
    """Near-duplicates that differ in words, judged by the learned score for edits against paraphrases."""
    shared = len(a.stems & b.stems)
    if (
        shared < 6
        or shared < 0.75 * max(len(a.stems), len(b.stems))
        or a.stems == b.stems
        or a.boilerplate
        or b.boilerplate
    ):
        return None
    if not _prose(a.text) or not _prose(b.text) or not corpus.same_topic(a, b) or _different_things(a, b):
        return None
    row = revision_features(a, b)
    swapped = row[_REPLACED] - row[_SYNONYMS] - row[_SAME]
    score = scorer("revision").probability(row) if swapped > 0 else 0.0
    if score < _REVISED:
        return None
    whole = Opposition(score * 0.8, "wording", (0, len(a.text)), (0, len(b.text)), a.text, b.text)
    return _conflict(corpus, a, b, whole, Basis.WORDING, question)


def _prose(text: str) -> bool:
    """Return a whole sentence: it ends as one and is mostly small words, unlike menus, tables and cut chunks."""
    words = text.split()
    return text[-1:] in ".!?”\"')" and 2 * sum(word[:1].islower() for word in words) > len(words)


def _asked(corpus: Corpus, question: UserQuestion) -> tuple[list[Conflict], str]:
    """Return the question pass: what each source would answer, compared."""
    ranked = sorted(
        ((coverage(question, _stems(corpus, number)), -number) for number in corpus.retrieved), reverse=True
    )
    heard = [-number for cover, number in ranked if cover >= 0.5][:MOST_VOICES]
    note = (
        f"{MOST_VOICES} sources were asked the question"
        if sum(cover >= 0.5 for cover, _ in ranked) > MOST_VOICES
        else ""
    )
    if len(heard) < 2:
        return [], note
    made = panel(question, [corpus.of(number)[:400] for number in heard])
    judge = scorer("rival")
    found = []
    for i in range(len(heard)):
        for j in range(i + 1, len(heard)):
            if (
                made.voices[i].offers
                and made.voices[j].offers
                and relate(made.voices[i].offers[0], made.voices[j].offers[0]) is Relation.CONFLICT
            ):
                if _different_things(made.voices[i].offers[0].statement, made.voices[j].offers[0].statement):
                    continue
                score = judge.probability(pair_features(made, i, j))
                if score >= _RIVAL:
                    found.append(_rivals(corpus, made, i, j, score))
    return found, note


def _different_things(a: Statement, b: Statement) -> bool:
    """Whether two statements say the same of two names, each with a value of its own, or carry identifiers and share none: `Gate 4`."""
    if a.order and b.order and a.order[0] != b.order[0] and a.order[1:] == b.order[1:]:
        return any(all(compare(x, y).relation is not Relation.EQUAL for y in b.values) for x in a.values)
    left, right = ({value.key for value in one.values if value.kind is ValueKind.IDENTIFIER} for one in (a, b))
    return bool(left) and bool(right) and left.isdisjoint(right)


def _stems(corpus: Corpus, number: int) -> frozenset[str]:
    return frozenset().union(*(statement.stems for statement in corpus.of(number)))


def _rivals(corpus: Corpus, made: Panel, i: int, j: int, score: float) -> Conflict:
    x, y = made.voices[i].offers[0], made.voices[j].offers[0]
    a, b = x.statement, y.statement
    return Conflict(
        made.question.asked.value, Basis.QUESTION, corpus.passage(a), corpus.passage(b), x.text, y.text, corpus.passage(a, x.start, x.end),
        corpus.passage(b, y.start, y.end), score * 0.7, min(x.fit, y.fit), pair=(a, b), values=(x.value, y.value),
    )  # fmt: skip
