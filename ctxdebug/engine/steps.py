"""The five steps of the debugging procedure, as questions that findings answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

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
    """A question and the codes that answer it, the most telling first; `found` is the answer when one has a finding."""

    step: Step
    text: str
    codes: tuple[str, ...]
    found: str = "yes"
    about: str = ""
    """What an exchange must have for the question to make sense; a key of `ABSENT`."""

    @property
    def otherwise(self) -> str:
        """The answer when all looked and none found anything."""
        return "no" if self.found == "yes" else "yes"


ABSENT = {
    "documents": "nothing was looked up to answer from",
    "corpus": "too little was retrieved for the prompt to need rules about it",
    "answer": "there is no answer in the capture",
    "untrusted": "there is no untrusted content",
    "calls": "no tool was called",
    "instructions": "no typed instruction was recognised",
}
"""Why a question has no answer where an exchange has nothing that it asks about."""

QUESTIONS = (
    Question(Step.CONTEXT, "did the model read all that was sent?", ("MEM101", "MEM102", "MEM104", "MEM106"), "no"),
    Question(Step.CONTEXT, "did content arrive whole?", ("MEM105",), "no", about="untrusted"),
    Question(Step.CONTEXT, "is the answer whole?", ("MEM103",), "no", about="answer"),
    Question(Step.CONTEXT, "does the prompt fit with room to spare?", ("MEM201", "MEM202"), "no"),
    Question(
        Step.CONTEXT,
        "does the context bear on the question, and hold the expected facts?",
        ("MEM401",),
        "no",
        about="documents",
    ),
    Question(Step.CONTEXT, "do sources conflict?", ("MEM403", "MEM402"), about="documents"),
    Question(
        Step.CONTEXT, "does the answer stand on the sources?", ("MEM404", "MEM405", "MEM406"), "no", about="documents"
    ),
    Question(Step.HIERARCHY, "are roles and tool calls in order?", ("LRC1",), "no"),
    Question(
        Step.HIERARCHY,
        "are there orders in untrusted content?",
        ("LRC301", "LRC302", "LRC303", "LRC304", "LRC305", "LRC307"),
        about="untrusted",
    ),
    Question(Step.HIERARCHY, "was such an order obeyed?", ("LRC308",), about="untrusted"),
    Question(Step.HIERARCHY, "does the user override the rules?", ("LRC306",)),
    Question(
        Step.HIERARCHY, "do constraints contradict each other?", ("LRC201", "LRC202", "LRC204"), about="instructions"
    ),
    Question(
        Step.HIERARCHY, "are constraints early and clear?", ("LRC203", "LRC205", "LRC207"), "no", about="instructions"
    ),
    Question(Step.HIERARCHY, "did the answer keep the constraints?", ("LRC206",), "no", about="instructions"),
    Question(Step.FREEDOM, "is a demanded form enforced?", ("LRC401", "LRC402", "LRC403", "LRC404"), "no"),
    Question(Step.FREEDOM, "are citations demanded?", ("LRC405",), "no", about="corpus"),
    Question(Step.FREEDOM, "are unsupported claims disallowed?", ("LRC406", "LRC407"), "no", about="corpus"),
    Question(Step.FREEDOM, "are tool arguments well formed?", ("LRC104",), "no", about="calls"),
    Question(Step.CASE, "is there an eval case for this failure?", ("INS201",), "no"),
    Question(
        Step.FALLBACK,
        "does the prompt say what to do when it cannot be answered?",
        ("LRC501", "LRC502", "LRC503"),
        "no",
        about="corpus",
    ),
    Question(
        Step.FALLBACK,
        "did the model abstain where it should, and only there?",
        ("LRC504", "LRC505"),
        "no",
        about="answer",
    ),
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
    absent: Collection[str] = (),
) -> tuple[StepAnswer, ...]:
    """Answer every question whose rules exist; `ran` are the codes that looked, `absent` what the exchange has none of."""
    result = []
    asked = _by_question((*ran, *(code for code in not_checked if code not in ran), *unselected))
    looking = frozenset(ran).difference(not_checked)
    for question in QUESTIONS:
        codes = asked.get(question.text)
        if not codes:
            continue
        found = tuple(dict.fromkeys(finding.code for finding in findings if finding.code in codes))
        looked = not looking.isdisjoint(codes)
        if found:
            result.append(StepAnswer(question.step, question.text, question.found, found, alarming=True))
        elif (primary := question.codes[0]) in not_checked:
            result.append(StepAnswer(question.step, question.text, "not checked", (), not_checked[primary]))
        elif question.about in absent:
            result.append(StepAnswer(question.step, question.text, "not checked", (), ABSENT[question.about]))
        elif looked:
            result.append(StepAnswer(question.step, question.text, question.otherwise))
        else:
            reasons = dict.fromkeys(not_checked[code] for code in sorted(codes) if code in not_checked)
            result.append(
                StepAnswer(question.step, question.text, "not checked", (), "; ".join(reasons) or "not selected")
            )
    return tuple(result)


@lru_cache(maxsize=16)
def _by_question(codes: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The codes that answer each question that has some."""
    asked = {
        question.text: frozenset(code for code in codes if question.text in _asked(code)) for question in QUESTIONS
    }
    return {text: answering for text, answering in asked.items() if answering}


@cache
def _asked(code: str) -> frozenset[str]:
    """The questions that a code answers: the most specific ones that name it."""
    named = {
        question.text: max((len(prefix) for prefix in question.codes if code.startswith(prefix)), default=0)
        for question in QUESTIONS
    }
    most = max(named.values())
    return frozenset(text for text, length in named.items() if length == most > 0)
