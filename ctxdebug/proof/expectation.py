"""What "fails for the same reason" means: the expectation of a case, of the user, or a finding that comes again.

An answer that lacks the fact because the fact itself was taken away fails for another reason; so the words that the
expectation demands have to stay in the request, and an answer that declines is not the wrong answer that was captured.
Of several demands, those count that the captured answer breaks: what it says and should not, before what it lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.demands import demand, prohibition
from ctxdebug.cases.exchanges import answer_of, observation
from ctxdebug.cases.expectation import Expectation, content, evaluate, expect, leaves
from ctxdebug.cases.observation import Observation
from ctxdebug.cases.proof import asked_codes
from ctxdebug.cases.proposal import explaining, joined
from ctxdebug.errors import UsageError
from ctxdebug.model import Need
from ctxdebug.records import record
from ctxdebug.rules import catalogue
from ctxdebug.text.abstention import abstention
from ctxdebug.text.find_phrase import find_phrase
from ctxdebug.text.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot
    from ctxdebug.rules import Rule

_DEMANDS = frozenset({"contains", "icontains", "contains-all", "equals", "starts-with"})
"""Expectations whose words have to be somewhere for an answer to give them."""
_OF_WORDS = _DEMANDS | {"contains-any", "regex", "not-contains", "not-icontains", "not-regex"}
"""Expectations that the words of an answer alone decide."""
_ABOUT_DECLINING = frozenset({"abstains", "asks-clarification"})


@record(frozen=True, slots=True)
class Seen:
    """What one answer shows: it fails for the same reason, does not, or (None) cannot be told; and why."""

    fails: bool | None
    reason: str


@record(frozen=True, slots=True)
class SameFailure:
    """The failure that is looked for."""

    expectation: Expectation
    words: str
    """What is looked for, as it was given."""
    kept: tuple[str, ...] = ()
    """Words that the request has to go on containing."""
    declining: bool = False
    """Whether an answer that declines, or is empty, may be this failure."""
    reason: Expectation | None = None
    """The part of the expectation that the captured answer breaks; None where all of it counts."""

    def flaw(self, request: Snapshot) -> str | None:
        """Return why a request cannot show this failure, or None; it is asked of edited requests, offline."""
        if not self.kept:
            return None
        text = _text(request)
        gone = next((phrase for phrase in self.kept if not find_phrase(text, phrase, ignore_case=True)), None)
        return None if gone is None else f"it no longer contains {gone!r}, which the answer should give"

    def judge(self, answered: Snapshot, run: RunOptions) -> Seen:
        """Judge a request with its new answer, offline; the detectors run only where a finding is looked for."""
        answer = answer_of(answered)
        if not self.declining and not answer[1]:
            if not answer[0].strip():
                return Seen(False, "the answer is empty, which is another failure")
            if abstention(answer[0]):
                return Seen(False, "the answer declines, which is another failure")
        looked_for = self.reason or self.expectation
        outcome = evaluate(looked_for, observation(answered, run, answer, codes=asked_codes(looked_for)))
        return Seen(None if outcome.passed is None else not outcome.passed, outcome.reason)


def failure_of(
    request: Snapshot, expectation: Expectation, bad: tuple[str, bool] | None = None, words: str = ""
) -> SameFailure:
    """Return the failure that breaks an expectation; `bad` is the captured answer and whether it makes calls.

    Raises `UsageError` for an expectation that only an LLM judge can tell.
    """
    found = list(leaves(expectation))
    if any(word == "judge" for word, _, _ in found):
        raise UsageError("an expectation that an LLM judge decides cannot be proved; give --expect or --forbid")
    text = _text(request)
    kept = tuple(phrase for phrase in _demanded(expectation) if find_phrase(text, phrase, ignore_case=True))
    declined = bad is not None and not bad[1] and (not bad[0].strip() or abstention(bad[0]) is not None)
    about = any(word in _ABOUT_DECLINING for word, _, _ in found)
    reason = _broken_by(expectation, bad[0]) if bad is not None and not bad[1] and not declined else None
    return SameFailure(expectation, words or _words(reason or expectation), kept, declined or about, reason)


def given_expectation(
    expected: Sequence[str], forbidden: Sequence[str], finding: str | None = None, own_rules: Iterable[Rule] = ()
) -> Expectation | None:
    """Return what the command line demands of an answer; None where it demands nothing."""
    parts = [*map(demand, expected), *map(prohibition, forbidden)]
    if finding is not None:
        parts.append(expect("no-finding", _code(finding, own_rules)))
    return joined(parts)


def finding_to_prove(examined: Examined, own_rules: Iterable[Rule] = ()) -> str | None:
    """Return the code of the finding that explains a captured answer best; None where none does."""
    rules = catalogue(own_rules)
    found = [finding for finding in explaining(examined.findings) if _asks_only_answer(rules[finding.code].needs)]
    return found[0].code if found else None


def _asks_only_answer(needs: frozenset[Need]) -> bool:
    """Whether a rule looks at an answer, and needs neither a judge nor earlier turns for it."""
    return Need.RESPONSE in needs and not needs & {Need.JUDGE, Need.SESSION}


def _code(given: str, own_rules: Iterable[Rule]) -> str:
    rules = catalogue(own_rules)
    for code, rule in rules.items():
        if given.upper() == code or given.lower() == rule.name:
            return code
    known = [*rules, *(rule.name for rule in rules.values())]
    raise UsageError(f"no rule is called {given!r}{did_you_mean(given, known)}")


def _broken_by(expectation: Expectation, answer: str) -> Expectation | None:
    """Return the parts of an expectation that an answer breaks, its prohibitions where it breaks one; None for no such part."""
    word, parts = content(expectation)
    if word != "all":
        return None
    texts = [part for part in parts if all(leaf in _OF_WORDS for leaf, _, _ in leaves(part))]
    broken = [part for part in texts if evaluate(part, Observation(answer)).passed is False]
    forbidden = [part for part in broken if content(part)[0].startswith("not")]
    return joined(forbidden or broken)


def _demanded(expectation: Expectation) -> Iterator[str]:
    for word, value, negated in leaves(expectation):
        if word in _DEMANDS and not negated:
            yield from [value] if isinstance(value, str) else value


def _words(expectation: Expectation) -> str:
    """Return an expectation as a person would type it."""
    parts = []
    for word, value, negated in leaves(expectation):
        said = f"{word}:{value}" if isinstance(value, str) else word if value is True else f"{word}:{value!r}"
        parts.append(f"not {said}" if negated else said)
    return " and ".join(parts)


def _text(request: Snapshot) -> str:
    return "\n".join(segment.text for segment in request.segments())
