"""The report as JSON, version 1, for programs that read it; written until 1.0."""

from __future__ import annotations

from typing import Any

from ctxdebug.engine.report import Report
from ctxdebug.questions import Question, Verdict
from ctxdebug.reports import report_format
from ctxdebug.reports.json_document import document
from ctxdebug.reports.json_text import json_object

_QUESTIONS: dict[str, tuple[str, str]] = {
    Question.PROMPT_READ_IN_FULL: ("did the model read all that was sent?", "no"),
    Question.CONTENT_COMPLETE: ("did content arrive whole?", "no"),
    Question.ANSWER_COMPLETE: ("is the answer whole?", "no"),
    Question.PROMPT_FITS: ("does the prompt fit with room to spare?", "no"),
    Question.FACTS_PRESENT: ("does the context bear on the question, and hold the expected facts?", "no"),
    Question.SOURCES_AGREE: ("do sources conflict?", "yes"),
    Question.ANSWER_SUPPORTED: ("does the answer stand on the sources?", "no"),
    Question.ROLES_IN_ORDER: ("are roles and tool calls in order?", "no"),
    Question.NO_INJECTED_INSTRUCTIONS: ("are there orders in untrusted content?", "yes"),
    Question.INJECTION_NOT_FOLLOWED: ("was such an order obeyed?", "yes"),
    Question.NO_USER_OVERRIDE: ("does the user override the rules?", "yes"),
    Question.INSTRUCTIONS_CONSISTENT: ("do constraints contradict each other?", "yes"),
    Question.INSTRUCTIONS_PLACED: ("are constraints early and clear?", "no"),
    Question.INSTRUCTIONS_KEPT: ("did the answer keep the constraints?", "no"),
    Question.FORMAT_ENFORCED: ("is a demanded form enforced?", "no"),
    Question.CITATIONS_REQUIRED: ("are citations demanded?", "no"),
    Question.UNSUPPORTED_CLAIMS_DISALLOWED: ("are unsupported claims disallowed?", "no"),
    Question.TOOL_ARGUMENTS_VALID: ("are tool arguments well formed?", "no"),
    Question.FALLBACK_DEFINED: ("does the prompt say what to do when it cannot be answered?", "no"),
    Question.ABSTAINED_RIGHTLY: ("did the model abstain where it should, and only there?", "no"),
}
"""The questions of version 1, and the word that meant a problem."""
_NEW_IN_SNAPSHOT = ("asked", "answered", "account", "conversation", "resent")
_NEW_IN_SUMMARY = ("passed_over",)
_NEW_IN_FINDING = ("question", "repairs", "proof")


@report_format("json-v1", "version 1 of the JSON report, until 1.0", needs_exchanges=True)
def render(report: Report) -> str:
    """Return the whole report in the shape of version 1; nothing is ok there that is not ok in version 2."""
    held = document(report, whole=True)
    held["version"] = 1
    held["snapshots"] = [_without(one, _NEW_IN_SNAPSHOT) for one in held["snapshots"]]
    held["findings"] = [_without(one, _NEW_IN_FINDING) for one in held["findings"]]
    held["summary"] = _without(held["summary"], _NEW_IN_SUMMARY)
    for steps in held["steps"]:
        steps["answers"] = [_answer(one) for one in steps["answers"] if one["id"] in _QUESTIONS]
    return json_object(held)


def _without(value: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in names}


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    text, found = _QUESTIONS[answer["id"]]
    words = {Verdict.PROBLEM.value: found, Verdict.OK.value: "no" if found == "yes" else "yes"}
    return {
        "step": answer["step"],
        "question": text,
        "answer": words.get(answer["verdict"], "not checked"),
        "codes": answer["codes"],
        "reason": answer["reason"],
    }
