"""A yes or a no that a rule of the given texts forbids: by a limit (`at most 8`, asked of ten), or by what it allows and does not.

The limit and the value are both in the texts, so no words have to agree but those of what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import is_negator, words_of
from ctxdebug.analysis.claims.clauses import compound
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Bound, Value, ValueKind
from ctxdebug.analysis.claims.words import GENERIC, STEM, WEIGHT, weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.limits import alike, inside
from ctxdebug.analysis.sources.near_statements import NearStatement, share_of, with_subject
from ctxdebug.analysis.sources.question import Asked, UserQuestion
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_YES = lazy(r"\W*(?:yes|yep|yeah|sure|certainly|absolutely|of course|definitely)\b", re.IGNORECASE)
_NO = lazy(r"\W*(?:no\b(?! problem)|nope|unfortunately,? no|i['’]m afraid not|sorry, no)\b", re.IGNORECASE)
_QUALIFIES = lazy(
    r"\b(?:if|unless|except|only|but|however|though|although|as long as|provided|until|when|otherwise|usually|normally|most|some|"
    r"partly|with|without|not all|from|after|before)\b|n['’]t\b.*\bbut\b",
    re.IGNORECASE,
)
"""Words by which an answer names a condition, so that its yes or no is not the whole of it."""
_EXCEPTS = lazy(
    r"\b(?:unless|except|only (?:with|if|when|after)|apart from|other than|if|subject to|with (?:prior|written|an|a|the)|without|"
    r"usually|normally|generally|as a rule|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
"""Words by which a rule holds for some cases only."""
_FORBIDS = lazy(
    r"\b(?:cannot|can ?not|may not|must not|not (?:be )?(?:allowed|permitted|accepted|possible|considered|available|refunded)|"
    r"(?:is|are) (?:forbidden|prohibited|excluded|banned|not)|there (?:is|are) no|no access|never)\b|\b(?:can|is|are|do|does)n['’]t\b",
    re.IGNORECASE,
)
_PERMITS = lazy(
    r"\b(?:can|may|allowed|permitted|accepted|eligible|entitled|free|covered|included|available|offered|open to|possible|carries|"
    r"has|have|there (?:is|are)|limited to)\b|\bat least|\bup to|\bat most",
    re.IGNORECASE,
)
_ASKS_FOR = lazy(
    r"\W*(?:is|are) there\b|\W*(?:do|does) (?:you|they|it|we|the [\w-]{2,20}) have\b|\W*have you (?:got )?",
    re.IGNORECASE,
)
_THERE_IS = lazy(r"\b(?:has|have|there (?:is|are)|offers?|we (?:sell|stock|run))\b", re.IGNORECASE)
_THERE = frozenset(STEM[word] for word in "supported offered sold served provided available approved allowed".split())
_ROOT = 4
_FIRST_PERSON = lazy(r"\b(?:i|i['’]m|i['’]ve|my|we|we['’]re|our)\b", re.IGNORECASE)
_ABOUT = 0.3
"""Share of the question that a rule has, to be about what was asked."""
_NEARLY = 0.7
_LEFT = 0.5
"""Weight of the question's words that a rule may not have."""
_MOST = 16
_SAID_BEFORE = 2
"""Sentences of the user's before the question in which a value may be."""
_SURE = 0.85
_NUMBERS = NUMERIC - {ValueKind.PERCENT}


@record(frozen=True, slots=True)
class _Rule:
    """A clause of the evidence with a limit: where it is from, its limit, and whether it forbids what is inside."""

    clause: Statement
    whole: Statement
    origin: Origin
    about: float
    limit: Value | None
    forbids: bool
    inside: bool
    """Whether the value of the question is inside the limit."""

    @property
    def answer(self) -> bool | None:
        """The answer that the rule gives, where it gives one."""
        if self.forbids:
            return False if self.inside else None
        return self.inside


def against_rule(
    own: Statement, evidence: Evidence, question: UserQuestion
) -> tuple[NearStatement, Contradiction] | None:
    """Return the rule that a yes or a no goes against, and the words that say it."""
    said = says_yes_or_no(own.text)
    if said is None or question.asked is not Asked.YES_NO or _QUALIFIES.search(own.text):
        return None
    rules = list(_limits(evidence, question))
    if rules:
        rules = [
            rule for rule in rules if rule.answer is not None and not _says_elsewhere(own, rule, evidence, question)
        ]
        return _decided(own, rules, wanted=said, least=_ABOUT if said else _NEARLY)
    return _decided(own, list(_statements(evidence, question, said=said)), wanted=said, least=_NEARLY)


def _says_elsewhere(own: Statement, rule: _Rule, evidence: Evidence, question: UserQuestion) -> bool:
    """Whether an answer says more than was asked, in words of another passage than the rule's: `Yes, on the upper deck`."""
    more = own.stems - question.stems - rule.whole.stems - GENERIC
    return not more.isdisjoint(evidence.corpus.stems)


def says_yes_or_no(text: str) -> bool | None:
    """Whether a sentence begins with a yes or with a no; None where it begins with neither."""
    return True if _YES.match(text) else False if _NO.match(text) else None


def _decided(
    own: Statement, rules: Sequence[_Rule], *, wanted: bool, least: float
) -> tuple[NearStatement, Contradiction] | None:
    against = [rule for rule in rules if rule.answer is not wanted and rule.about >= least]
    if not against or any(rule.answer is wanted and rule.about >= _ABOUT for rule in rules):
        return None
    rule = max(against, key=lambda one: one.about)
    near = NearStatement(rule.clause, rule.about, rule.about, rule.origin, rule.about, rule.whole)
    stated = (rule.limit.start, rule.limit.end) if rule.limit is not None else _words_span(rule.clause, rule.whole)
    kind = "threshold" if rule.limit is not None else "yes or no"
    return near, Contradiction(kind, _SURE, (0, len(own.text.rstrip())), stated)


def _words_span(clause: Statement, whole: Statement) -> tuple[int, int]:
    start = len(clause.text) - len(clause.text.lstrip())
    return min(start, len(whole.text) - 1), min(len(clause.text.rstrip()), len(whole.text))


def _clauses(evidence: Evidence, stems: frozenset[str]) -> Iterator[tuple[Statement, Statement, Origin]]:
    """Yield the clauses of the evidence that may answer, each with its sentence, and with its subject where that is a pronoun."""
    for whole in evidence.corpus.nearest(stems, _MOST):
        origin = evidence.origins[whole.source]
        if origin is Origin.EARLIER or whole.text.rstrip().endswith("?") or whole.text.count("|") > 1:
            continue
        before = ""
        for one in compound(whole) or (with_subject(whole, evidence),):
            pronoun = re.match(r"\s*(?:they|it|these|those)\b", one.text, re.IGNORECASE)
            yield (
                (statement(f"{one.text} {before}", one.source, one.start) if pronoun and before else one),
                whole,
                origin,
            )
            words = words_of(one)
            verb = next((at for at, word in enumerate(words) if at and word.low in _VERBS), len(words))
            before = " ".join(word.text for word in words[:verb]) if not pronoun else before


_VERBS = frozenset(
    "is are was were has have can cannot may must need needs do does will carry carries travel cost costs".split()
)


def _limits(evidence: Evidence, question: UserQuestion) -> Iterator[_Rule]:
    """Yield the rules with a limit of the kind of a value that the user gives."""
    texts = list(_asked_with(evidence, question))
    given = [
        (value, text)
        for text in texts
        for value in statement(text).values
        if value.kind in _NUMBERS and value.low == value.high
    ]
    if not given:
        return
    wanted = question.stems.union(*(statement(text).stems for text in texts))
    for clause, whole, origin in _clauses(evidence, wanted):
        if evidence.origins[whole.source] is Origin.USER and whole.text.strip() in " ".join(texts):
            continue
        about = share_of(question.stems - GENERIC, clause.stems, weight_of(question.stems - GENERIC) or 1.0)
        for limit in clause.values:
            if limit.bound not in {Bound.AT_LEAST, Bound.AT_MOST} or limit.kind not in _NUMBERS:
                continue
            found = [value for value, text in given if alike(value, limit, text, clause)]
            forbids = _FORBIDS.search(clause.text) is not None
            if len(found) != 1 or _EXCEPTS_LIMIT.search(clause.text) or not (forbids or _PERMITS.search(clause.text)):
                continue
            yield _Rule(
                clause,
                whole,
                origin,
                max(about, _ABOUT if whole.stems & wanted else 0.0),
                limit,
                forbids,
                inside(found[0], limit, clause),
            )


_EXCEPTS_LIMIT = lazy(r"\b(?:unless|except|only (?:with|if)|without|accompanied)\b", re.IGNORECASE)


def _asked_with(evidence: Evidence, question: UserQuestion) -> Iterator[str]:
    """Yield the question and what the user says of himself or herself right before it."""
    yield question.text
    for number in reversed([number for number, origin in enumerate(evidence.origins) if origin is Origin.USER]):
        rows = evidence.corpus.of(number)
        at = next(
            (at for at, one in enumerate(rows) if question.text[:60] in one.text or one.text in question.text),
            len(rows),
        )
        for one in (*rows[max(0, at - _SAID_BEFORE) : at], *rows[at + 1 : at + 1 + _SAID_BEFORE]):
            if _FIRST_PERSON.search(one.text) and not one.text.rstrip().endswith("?"):
                yield one.text
        return


def _statements(evidence: Evidence, question: UserQuestion, *, said: bool) -> Iterator[_Rule]:
    """Yield what allows or denies what was asked, in its words."""
    focus = frozenset(stem for stem in question.stems if stem not in GENERIC and WEIGHT[stem] > 0.1)
    total = weight_of(focus)
    if not focus or statement(question.text).values:
        return
    for clause, whole, origin in _clauses(evidence, question.stems):
        left = {
            stem
            for stem in focus - clause.stems
            if share_of(frozenset({stem}), clause.stems, WEIGHT[stem] or 1.0) < 0.5
        }
        about = share_of(focus, clause.stems, total)
        forbids = _FORBIDS.search(clause.text)
        if _EXCEPTS.search(clause.text) or marked("only", clause.text):
            continue
        if forbids and weight_of(left) <= _LEFT and about >= _NEARLY and _denies_what_was_asked(clause, question):
            yield _Rule(clause, whole, origin, about, None, forbids=True, inside=True)
        elif not said and not forbids and _is_there(question, clause) and not (left - _akin(left, clause.stems)):
            yield _Rule(clause, whole, origin, max(about, _NEARLY), None, forbids=False, inside=True)


def _is_there(question: UserQuestion, clause: Statement) -> bool:
    """Whether it is asked whether there is something, and a clause says that there is."""
    return bool(_ASKS_FOR.match(question.text)) and bool(_THERE_IS.search(clause.text)) and not clause.negations


def _akin(stems: set[str], given: frozenset[str]) -> set[str]:
    """Return the stems of which there is another form: `pray`, where it says `prayer`."""
    return {stem for stem in stems if any(one[:_ROOT] == stem[:_ROOT] and len(stem) >= _ROOT for one in given)}


def _denies_what_was_asked(clause: Statement, question: UserQuestion) -> bool:
    """Whether the word behind the negation is one of the question's, or says no more than that something is done."""
    words = words_of(clause)
    for at, word in enumerate(words):
        if is_negator(word) or word.low in {"forbidden", "prohibited", "excluded", "banned"}:
            following = next((other for other in words[at + 1 :] if other.stem), None)
            if following is None or following.stem in question.stems | GENERIC | _THERE:
                return True
            return share_of(frozenset({following.stem}), question.stems, WEIGHT[following.stem] or 1.0) > 0.5
    return False
