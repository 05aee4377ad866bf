"""Prove that a case can tell bad from good: it must fail on the bad answer and pass on a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import answer_of, observation
from ctxdebug.cases.expectation import Expectation, content, evaluate, leaves
from ctxdebug.cases.proposal import unsupported_values
from ctxdebug.model import Decoding, Finish, FinishReason, Kind, Message, Piece, Provenance, Role, Segment, Snapshot
from ctxdebug.records import record, replace
from ctxdebug.text.find_phrase import find_phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding, ToolCall

_POSITIVE = frozenset({"contains", "icontains", "contains-any", "contains-all", "equals", "starts-with"})


@record(frozen=True, slots=True)
class Proof:
    """What the expectation says of the bad and of the good answer, and what is wrong with that."""

    bad: Outcome
    good: Outcome | None
    flaws: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the case may be written."""
        return not self.flaws


def prove(
    expectation: Expectation,
    bad: Snapshot,
    good: Snapshot | None,
    options: RunOptions,
    findings: Sequence[Finding] = (),
) -> Proof:
    """Return what the expectation says of both answers; `findings` are those of the bad one."""
    codes = asked_codes(expectation)
    on_bad = evaluate(expectation, observation(bad, options, answer_of(bad), codes=codes))
    on_good = None if good is None else evaluate(expectation, observation(good, options, answer_of(good), codes=codes))
    flaws = list(_flaws(on_bad, on_good))
    flaws += [
        f"it demands {phrase!r}, which the findings call unsupported"
        for phrase in demanded_unsupported(expectation, bad, findings)
    ]
    return Proof(on_bad, on_good, tuple(flaws))


def _flaws(bad: Outcome, good: Outcome | None) -> Iterable[str]:
    if bad.passed is None:
        yield f"it cannot judge the bad answer: {bad.reason}"
    elif bad.passed:
        yield f"it passes on the bad answer, so it cannot detect the failure: {bad.reason}"
    if good is None:
        yield "there is no good answer to prove that it can be met"
    elif good.passed is None:
        yield f"it cannot judge the good answer: {good.reason}"
    elif not good.passed:
        yield f"it fails on the good answer: {good.reason}"


def asked_codes(expectation: Expectation) -> tuple[str, ...]:
    """Return the rules that the expectation asks for; only they need to run."""
    return tuple(sorted({value for word, value, _ in leaves(expectation) if word == "no-finding"}))


def demanded_unsupported(expectation: Expectation, snapshot: Snapshot, findings: Sequence[Finding]) -> list[str]:
    """Return the demanded words that no source holds and a finding calls unsupported, or superseded."""
    refuted = [text for text in unsupported_values(findings) if text.strip()]
    request = "\n".join(segment.text for segment in snapshot.segments())
    wrong = []
    for phrase in _demanded(expectation):
        superseded = any(find_phrase(phrase, text, ignore_case=True) for text in refuted)
        invented = any(find_phrase(text, phrase, ignore_case=True) for text in refuted) and not find_phrase(
            request, phrase, ignore_case=True
        )
        if superseded or invented:
            wrong.append(phrase)
    return wrong


def _demanded(expectation: Expectation) -> Iterable[str]:
    for word, value, negated in leaves(expectation):
        if word in _POSITIVE and not negated:
            yield from [value] if isinstance(value, str) else value


def with_answer(snapshot: Snapshot, text: str, calls: Sequence[ToolCall] = ()) -> Snapshot:
    """Return the same request with another answer, complete and without the recorded one's figures."""
    at = (Decoding.YAML, "good", "answer")
    segments = []
    if text or not calls:
        segments.append(_segment("a0.s0", Kind.TEXT, text, None))
    for index, call in enumerate(calls):
        segments.append(_segment(f"a0.s{index + 1}", Kind.TOOL_CALL, f"{call.name}({call.arguments})", call))
    reason = FinishReason.TOOL_CALLS if calls else FinishReason.STOP
    return replace(
        snapshot,
        answer=(Message(0, Role.ASSISTANT, "assistant", tuple(segments), at),),
        finish=Finish(reason, "stop", at), usage=None, error=None, response=None, has_response=True, id=None, answered_by=None,
    )  # fmt: skip


def _segment(identifier: str, kind: Kind, text: str, call: ToolCall | None) -> Segment:
    pieces = (Piece(0, len(text), (Decoding.YAML, "good", "answer"), rendered=call is not None),)
    return Segment(identifier, Role.ASSISTANT, kind, text, pieces, provenance=Provenance.MODEL_OUTPUT, call=call)


_ABSTENTION = "I cannot find that in the sources that I was given."
_NEUTRAL = "Yes."
_NEGATIVE = frozenset({"not-contains", "not-icontains", "not-regex", "tool-not-called", "max-words", "no-finding"})
"""Words that a short answer meets, where nothing else is demanded."""
_QUESTION = "Could you please tell me which of them you mean?"


def constructed_good(expectation: Expectation) -> str | None:
    """Return an answer that the words of an expectation imply, or None where they imply none."""
    word, value = content(expectation)
    if word == "all":
        parts = [constructed_good(part) for part in value]
        words = list(dict.fromkeys(part for part in parts if part and part != _NEUTRAL))
        return (" ".join(words) or _NEUTRAL) if None not in parts else None
    if word == "any":
        return next((answer for part in value if (answer := constructed_good(part)) is not None), None)
    return _implied(word, value)


def _implied(word: str, value: object) -> str | None:
    if word in ("contains", "icontains", "equals", "starts-with") and isinstance(value, str):
        return value
    if word in ("contains-all", "contains-any") and isinstance(value, list):
        return ", ".join(value if word == "contains-all" else value[:1])
    if word == "abstains":
        return _ABSTENTION if value else _NEUTRAL
    if word == "asks-clarification":
        return _QUESTION if value else _NEUTRAL
    if word == "cites" and isinstance(value, str | list):
        return " ".join(f"[{source}]" for source in ([value] if isinstance(value, str) else value))
    return _NEUTRAL if word in _NEGATIVE else None
