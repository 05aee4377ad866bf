"""The five steps of the debugging procedure, as questions that findings answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ctxdebug.model import Finding, Step

TITLES = {
    Step.CONTEXT: "Assembled context",
    Step.HIERARCHY: "Instruction hierarchy",
    Step.FREEDOM: "Degrees of freedom",
    Step.CASE: "Eval case",
    Step.FALLBACK: "Fallback",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the codes that answer it; `found` is the answer when one of them has a finding."""

    step: Step
    text: str
    codes: tuple[str, ...]
    found: str = "yes"

    @property
    def otherwise(self) -> str:
        """The answer when all looked and none found anything."""
        return "no" if self.found == "yes" else "yes"


QUESTIONS = (
    Question(Step.CONTEXT, "did the model read all that was sent?", ("MEM101", "MEM102", "MEM104", "MEM106"), "no"),
    Question(Step.CONTEXT, "did content arrive whole?", ("MEM105",), "no"),
    Question(Step.CONTEXT, "is the answer whole?", ("MEM103",), "no"),
    Question(Step.CONTEXT, "does the prompt fit with room to spare?", ("MEM201", "MEM202"), "no"),
    Question(Step.CONTEXT, "does the context bear on the question, and hold the expected facts?", ("MEM401",), "no"),
    Question(Step.CONTEXT, "do sources conflict?", ("MEM402", "MEM403")),
    Question(Step.CONTEXT, "does the answer stand on the sources?", ("MEM404", "MEM405", "MEM406"), "no"),
    Question(Step.HIERARCHY, "are roles and tool calls in order?", ("LRC1",), "no"),
    Question(
        Step.HIERARCHY,
        "are there orders in untrusted content?",
        ("LRC301", "LRC302", "LRC303", "LRC304", "LRC305", "LRC307"),
    ),
    Question(Step.HIERARCHY, "was such an order obeyed?", ("LRC308",)),
    Question(Step.HIERARCHY, "does the user override the rules?", ("LRC306",)),
    Question(Step.HIERARCHY, "do constraints contradict each other?", ("LRC201", "LRC202", "LRC204")),
    Question(Step.HIERARCHY, "are constraints early and clear?", ("LRC203", "LRC205", "LRC207"), "no"),
    Question(Step.HIERARCHY, "did the answer keep the constraints?", ("LRC206",), "no"),
    Question(Step.FREEDOM, "is a demanded form enforced?", ("LRC401", "LRC402", "LRC403", "LRC404"), "no"),
    Question(Step.FREEDOM, "are citations demanded?", ("LRC405",), "no"),
    Question(Step.FREEDOM, "are unsupported claims disallowed?", ("LRC406", "LRC407"), "no"),
    Question(Step.FREEDOM, "are tool arguments well formed?", ("LRC104",), "no"),
    Question(Step.CASE, "is there an eval case for this failure?", ("INS201",), "no"),
    Question(
        Step.FALLBACK,
        "does the prompt say what to do when it cannot be answered?",
        ("LRC501", "LRC502", "LRC503"),
        "no",
    ),
    Question(Step.FALLBACK, "did the model abstain where it should, and only there?", ("LRC504", "LRC505"), "no"),
)


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """A question with its answer: `yes`, `no`, or `not checked` with the reason."""

    step: Step
    question: str
    answer: str
    codes: tuple[str, ...] = ()
    """The findings that make it so."""
    reason: str = ""
    alarming: bool = False


def answers(
    findings: Collection[Finding],
    ran: Collection[str],
    not_checked: Mapping[str, str],
    unselected: Collection[str] = (),
) -> tuple[StepAnswer, ...]:
    """Answer every question whose rules exist; `ran` are the codes that looked at this exchange."""
    result = []
    for question in QUESTIONS:
        codes = {code for code in (*ran, *not_checked, *unselected) if _asks(question, code)}
        if not codes:
            continue
        found = tuple(dict.fromkeys(finding.code for finding in findings if finding.code in codes))
        looked = [code for code in codes if code in ran and code not in not_checked]
        if found:
            result.append(StepAnswer(question.step, question.text, question.found, found, alarming=True))
        elif looked:
            result.append(StepAnswer(question.step, question.text, question.otherwise))
        else:
            reasons = dict.fromkeys(not_checked[code] for code in sorted(codes) if code in not_checked)
            result.append(
                StepAnswer(question.step, question.text, "not checked", (), "; ".join(reasons) or "not selected")
            )
    return tuple(result)


def _asks(question: Question, code: str) -> bool:
    """Whether a code answers a question: the most specific question that names it has it."""
    own = max((len(prefix) for prefix in question.codes if code.startswith(prefix)), default=0)
    return own > 0 and own == max(
        len(prefix) for other in QUESTIONS for prefix in other.codes if code.startswith(prefix)
    )
