"""The answer was not parsed: a tool call is left as text, or tags of the chat template show.

The model did what it was trained to do, and the server did not understand it: no tool is called, or the user sees control
tokens, or nothing at all. It looks like a model that cannot follow a format.

## Bad

    % model: qwen3-coder-30b
    % finish: stop
    tools[get_weather]: The weather in a city.
    user: What is the weather in Oslo?
    assistant: <tool_call>
    {"name": "get_weather", "arguments": {"city": "Oslo"}}
    </tool_call>

## Bad

    % model: qwen3-8b
    % finish: stop
    user: When does the shop open?
    assistant: The shop opens at ten.<|im_end|>

## Good

    % model: qwen3-8b
    % finish: stop
    user: How does ChatML end a turn?
    assistant: A turn ends with `<|im_end|>`, and the next one begins with `<|im_start|>` and a role.

## Good

    % model: qwen3-8b
    % finish: stop
    user: When does the shop open?
    assistant: The shop opens at ten.

## Fix

Give the server the tool parser and the chat template of this very model (vLLM: `--tool-call-parser`, llama.cpp: `--jinja`), and
the model's own stop tokens. An answer that is in the reasoning field only needs the reasoning parser, or more tokens after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.broken_answer import Broken, broken_answer
from ctxdebug.model import Confidence, Evidence, Hit, Need, Severity, quote, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_WORDS = {
    "call": "a tool call is left as text in the answer: {}",
    "tag": "a control token of the chat template is in the answer: {}",
    "reasoning only": "the answer is empty, although the response says it is complete: {} is all there is",
    "empty": "the answer is empty, although the response says it is complete",
}
_ADVICE = {
    "call": "give the server the tool parser and chat template of this model (vLLM: --tool-call-parser, llama.cpp: --jinja)",
    "tag": "set the model's own stop tokens, and use its chat template on the server",
    "reasoning only": "set the server's reasoning parser, or leave tokens for the answer after the reasoning",
    "empty": "look at the raw response: a parser that dropped the text, a stop sequence that the answer begins with, or a template fault",
}
_SHOWN = 120
"""Characters of the answer that are quoted."""


@rule("LRC114", "broken-answer", question=Question.ANSWER_COMPLETE, severity=Severity.WARNING,
      explains=50, needs=(Need.RESPONSE,), tags=("TRAIL:output-formatting", "MAST:FM-3.1"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for calls as text, control tokens, and an answer of nothing."""
    found = broken_answer(analysis.snapshot)
    if found is None:
        return
    unsure = found.kind == "empty"
    # after its last tool result a model may have nothing to add
    done = unsure and analysis.segments[-1:] and analysis.segments[-1].call_id is not None
    severity = Severity.ERROR if found.kind == "call" else Severity.NOTE if done else None
    yield Hit(
        _WORDS[found.kind].format(found.words),
        (_place(analysis, found),),
        advice=_ADVICE[found.kind],
        severity=severity,
        confidence=Confidence.MEDIUM if unsure else None,
        facts={"kind": found.kind},
    )


def _place(analysis: Analysis, found: Broken) -> Evidence:
    if found.segment is not None:
        return quote(found.segment, found.start, min(found.end + _SHOWN, len(found.segment.text)), "as it arrived")
    finish = analysis.snapshot.finish
    assert finish is not None
    return value(finish.pointer, finish.captured, "the response says it ended by itself")
