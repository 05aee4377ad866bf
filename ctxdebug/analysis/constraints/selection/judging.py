"""Hold the selected parts of an answer, one by one, against what an instruction asks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, passed, unchecked
from ctxdebug.analysis.constraints.kinds.readings import agreed
from ctxdebug.analysis.constraints.selection.cutting import readings, without
from ctxdebug.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.analysis.constraints.selection.part import Part

    Check = Callable[[Constraint, Answer], Compliance]


def judged(constraint: Constraint, answer: Answer, check: Check) -> Compliance:
    """Return what comes of a check on the parts that a constraint names, the outermost first.

    A demand on every part is kept where each keeps it, and broken where one breaks it. Where the parts can be told in several
    ways, all of these must agree.
    """
    return _within(constraint, answer, check, constraint.parts)


def _within(constraint: Constraint, answer: Answer, check: Check, parts: Sequence[Part]) -> Compliance:
    if not parts:
        return check(constraint, answer)
    part, inner = parts[0], parts[1:]
    if part.outside:
        return _outside(constraint, answer, check, part)
    found = readings(part.unit, answer)
    if not found:
        return (
            Compliance(Outcome.NOT_APPLICABLE, f"there is no {part.unit} in the answer")
            if part.each and part.unit not in {"title", "section"}
            else unchecked(f"no {part.unit} can be told in the answer")
        )
    ways = [way for reading in found for way in _chosen(part, reading)]
    verdicts = [_all(constraint, answer, check, way, part, inner) for way in ways]
    return agreed(verdicts, f"where a {part.unit} of the answer ends is not certain")


def _chosen(part: Part, found: list[str]) -> list[list[str] | None]:
    """Return the chosen parts; `every other` may begin with the first or the second."""
    if part.first == 0:
        return [found[0::2], found[1::2]]
    return [part.of(found)]


def _all(
    constraint: Constraint, answer: Answer, check: Check, chosen: list[str] | None, part: Part, inner: Sequence[Part]
) -> Compliance:
    if not chosen:
        return unchecked(f"there is no {part.unit} of which that is asked")
    open_one: Compliance | None = None
    for text in chosen:
        found = _within(constraint, Answer(text, (), answer.question), check, inner)
        if found.outcome is Outcome.FAIL:
            at = max(answer.text.find(text[:80].split("\n")[0]), 0)
            return replace(
                found,
                reason=f"in {_one(part)}: {found.reason}",
                start=at + found.start,
                end=min(at + (found.end or len(text)), len(answer.text)),
            )
        if found.outcome is not Outcome.PASS:
            open_one = found
    return open_one or passed(f"{part}: so it is", len(chosen))


def _one(part: Part) -> str:
    return f"a {part.unit}" if part.step or part.count else str(part)


def _outside(constraint: Constraint, answer: Answer, check: Check, part: Part) -> Compliance:
    """Return what comes of a check on all but some parts; one that the whole answer keeps as well needs no telling apart."""
    if part.first == 1 and part.step == 1:
        rests = without(part.unit, answer)
    else:
        rests = []
        for reading in readings(part.unit, answer):
            excepted = part.of(reading)
            rests.append(
                answer.text
                if not excepted
                else answer.text.replace(excepted[0], " ", 1)
                if excepted[0] in answer.text
                else ""
            )
        rests = rests if all(rests) else []
    if not rests:
        return unchecked(f"what is no {part.unit} of the answer cannot be told")
    verdicts = [check(constraint, Answer(rest, (), answer.question)) if rest.strip() else None for rest in rests]
    told = [one for one in verdicts if one is not None]
    found = agreed(told, f"what belongs to a {part.unit} is not certain") if len(told) == len(verdicts) else None
    if found is None:
        return unchecked(f"nothing is left outside of the {part.unit}")
    # the characters are those of the rest, not of the answer
    return replace(found, start=0, end=len(answer.text)) if found.outcome is Outcome.FAIL else found
