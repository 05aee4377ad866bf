"""The questions of the debugging procedure: each belongs to one step, and rules answer it.

A question is shown as a statement, so that a mark beside it never flips its meaning: "no injected instruction
followed ✓" is good, and so is every other ✓.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

from ctxdebug.records import field, record


class Step(IntEnum):
    """A step of the debugging procedure, in the order in which a person works through a case."""

    CONTEXT = 1
    HIERARCHY = 2
    FREEDOM = 3
    CASE = 4
    FALLBACK = 5

    @property
    def title(self) -> str:
        """The step's name on screens and pages."""
        return _TITLES[self]


_TITLES = {
    Step.CONTEXT: "Assembled context",
    Step.HIERARCHY: "Instruction hierarchy",
    Step.FREEDOM: "Degrees of freedom",
    Step.CASE: "Eval case",
    Step.FALLBACK: "Fallback",
}


class Verdict(StrEnum):
    """What is known of a question after a run. Only `OK` vouches for anything, and it is earned."""

    OK = "ok"
    """Everything that the question covers was examined, and holds."""
    PROBLEM = "problem"
    """A finding says that it does not hold."""
    PARTLY = "partly checked"
    """What was examined holds; the rest is named with its reason."""
    NOT_CHECKED = "not checked"
    """Nothing could be examined, for a reason that is given."""
    NOT_APPLICABLE = "not applicable"
    """There is nothing of the kind in this exchange."""


@record(frozen=True, slots=True)
class Coverage:
    """What was examined for a question: `checked` of `total` things, and why the others were not.

    The things are what the question is about: instructions, claims, untrusted segments, calls. `checked` counts those
    that were examined, whatever came of it; a finding says what did not hold.
    """

    checked: int = 0
    total: int = 0
    unchecked: Mapping[str, int] = field(default_factory=dict)
    """Reason → number of things that were not examined for it."""
    absent: str = ""
    """Why there is nothing to examine, where `total` is 0."""

    @property
    def verdict(self) -> Verdict:
        """The verdict where no finding speaks against it."""
        if self.total == 0:
            return Verdict.NOT_APPLICABLE
        if self.checked == 0:
            return Verdict.NOT_CHECKED
        return Verdict.OK if self.checked >= self.total and not self.unchecked else Verdict.PARTLY

    @property
    def reason(self) -> str:
        """Why not everything was examined, the commonest reason first; empty where everything was."""
        if self.total == 0:
            return self.absent
        ranked = sorted(self.unchecked.items(), key=lambda item: (-item[1], item[0]))
        return "; ".join(
            reason if number == self.total or number == 1 else f"{reason} ({number})" for reason, number in ranked
        )

    def but(self, reason: str, number: int = 1) -> Coverage:
        """Return the same, with things beside these that were not examined."""
        unchecked = {**self.unchecked, reason: self.unchecked.get(reason, 0) + number}
        return Coverage(self.checked, self.total + number, unchecked)


def nothing(why: str) -> Coverage:
    """Coverage of a question that an exchange has nothing for."""
    return Coverage(absent=why)


def unexamined(reason: str, number: int = 1) -> Coverage:
    """Coverage of a question for which nothing could be examined."""
    return Coverage(0, number, {reason: number})


def counted(reasons: Iterable[str | None]) -> Coverage:
    """Coverage of things one by one: None for a thing that was examined, else why it was not."""
    unchecked: dict[str, int] = {}
    checked = total = 0
    for reason in reasons:
        total += 1
        if reason is None:
            checked += 1
        else:
            unchecked[reason] = unchecked.get(reason, 0) + 1
    return Coverage(checked, total, unchecked)


class Question(StrEnum):
    """A question by the id that reports use; in the order of the steps."""

    PROMPT_READ_IN_FULL = "prompt-read-in-full"
    CONTENT_COMPLETE = "content-complete"
    ANSWER_COMPLETE = "answer-complete"
    PROMPT_FITS = "prompt-fits"
    HISTORY_SENT = "history-sent"
    FACTS_PRESENT = "facts-present"
    SOURCES_AGREE = "sources-agree"
    ANSWER_SUPPORTED = "answer-supported"
    WELL_PLACED = "well-placed"
    PROMPT_ECONOMICAL = "prompt-economical"
    ROLES_IN_ORDER = "roles-in-order"
    NO_INJECTED_INSTRUCTIONS = "no-injected-instructions"
    INJECTION_NOT_FOLLOWED = "injection-not-followed"
    NO_USER_OVERRIDE = "no-user-override"
    INSTRUCTIONS_CONSISTENT = "instructions-consistent"
    INSTRUCTIONS_PLACED = "instructions-placed"
    INSTRUCTIONS_KEPT = "instructions-kept"
    FORMAT_ENFORCED = "format-enforced"
    CITATIONS_REQUIRED = "citations-required"
    UNSUPPORTED_CLAIMS_DISALLOWED = "unsupported-claims-disallowed"
    TOOL_ARGUMENTS_VALID = "tool-arguments-valid"
    CASE_EXISTS = "case-exists"
    FALLBACK_DEFINED = "fallback-defined"
    ABSTAINED_RIGHTLY = "abstained-rightly"

    @property
    def step(self) -> Step:
        """The step that the question belongs to."""
        return _ROWS[self][0]

    @property
    def statement(self) -> str:
        """The question as a statement that holds where all is well."""
        return _ROWS[self][1]


_ROWS: dict[Question, tuple[Step, str]] = {
    Question.PROMPT_READ_IN_FULL: (Step.CONTEXT, "prompt processed in full"),
    Question.CONTENT_COMPLETE: (Step.CONTEXT, "documents, tool results and instructions complete"),
    Question.ANSWER_COMPLETE: (Step.CONTEXT, "answer complete"),
    Question.PROMPT_FITS: (Step.CONTEXT, "prompt fits the context window"),
    Question.HISTORY_SENT: (Step.CONTEXT, "earlier turns sent again"),
    Question.FACTS_PRESENT: (Step.CONTEXT, "expected facts in the context"),
    Question.SOURCES_AGREE: (Step.CONTEXT, "sources agree"),
    Question.ANSWER_SUPPORTED: (Step.CONTEXT, "answer supported by the sources"),
    Question.WELL_PLACED: (Step.CONTEXT, "question and evidence well placed"),
    Question.PROMPT_ECONOMICAL: (Step.CONTEXT, "no tokens wasted"),
    Question.ROLES_IN_ORDER: (Step.HIERARCHY, "roles and tool calls in order"),
    Question.NO_INJECTED_INSTRUCTIONS: (Step.HIERARCHY, "no injected instructions in untrusted content"),
    Question.INJECTION_NOT_FOLLOWED: (Step.HIERARCHY, "no injected instruction followed"),
    Question.NO_USER_OVERRIDE: (Step.HIERARCHY, "the user does not override the rules"),
    Question.INSTRUCTIONS_CONSISTENT: (Step.HIERARCHY, "instructions do not contradict each other"),
    Question.INSTRUCTIONS_PLACED: (Step.HIERARCHY, "instructions early, clear and still there"),
    Question.INSTRUCTIONS_KEPT: (Step.HIERARCHY, "answer follows the instructions"),
    Question.FORMAT_ENFORCED: (Step.FREEDOM, "required format enforced"),
    Question.CITATIONS_REQUIRED: (Step.FREEDOM, "citations required"),
    Question.UNSUPPORTED_CLAIMS_DISALLOWED: (Step.FREEDOM, "unsupported claims disallowed"),
    Question.TOOL_ARGUMENTS_VALID: (Step.FREEDOM, "tool arguments valid"),
    Question.CASE_EXISTS: (Step.CASE, "an eval case contains this request"),
    Question.FALLBACK_DEFINED: (Step.FALLBACK, "the prompt says what to do when it cannot be answered"),
    Question.ABSTAINED_RIGHTLY: (Step.FALLBACK, "abstained where it should, and only there"),
}


class Fallback(StrEnum):
    """The four ways out when an answer cannot be trusted."""

    CLARIFY = "ask a clarifying question"
    RETRIEVE = "retrieve again"
    ESCALATE = "escalate to a person"
    ABSTAIN = "abstain"


class Scope(StrEnum):
    """What a rule looks at."""

    EXCHANGE = "exchange"
    SUITE = "suite"
    """All cases, next to the captures of live traffic."""
