"""The chat template is applied twice, not at all, or begins with two of the tokens that begin a text.

A model was trained on one exact form of its prompts. Beside it, it answers worse without any error: it repeats itself, goes on
with the user's turn, or overlooks the system message.

## Bad

    % model: qwen2.5-7b-instruct
    user: <|im_start|>system
    Answer in one sentence.<|im_end|>
    <|im_start|>user
    When does the shop open?<|im_end|>
    <|im_start|>assistant
    assistant: The shop opens at ten.

## Good

    % model: qwen2.5-7b-instruct
    system: Answer in one sentence.
    user: When does the shop open?
    assistant: The shop opens at ten.

## Good

    % model: qwen2.5-7b-instruct
    user: What does `<|im_start|>user` mean in a prompt?
    assistant: It begins a turn of the user.

## Fix

Send messages to the chat endpoint and leave the template to the server; or send the rendered prompt to the completion endpoint,
without its first token where the server adds that itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.template_use import misapplied
from ctxdebug.model import Confidence, Hit, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_ADVICE = {
    "no template": "send the messages to the chat endpoint, or render the model's own template into the prompt; a base model needs neither",
    "template twice": "send the messages as they are to the chat endpoint, or this text to the completion endpoint",
    "two bos": "take one of the two out of the prompt",
    "own bos": "take it out of the prompt, or tell the server not to add one (vLLM: add_special_tokens: false)",
}


@rule("LRC115", "template-misapplied", question=Question.ROLES_IN_ORDER, severity=Severity.WARNING,
      explains=35, tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare the prompt with the marks of chat templates, by what the endpoint does with it."""
    found = misapplied(analysis)
    if found is None:
        return
    sure = found.kind in {"two bos", "template twice"}
    yield Hit(
        found.words,
        (quote(found.segment, found.start, found.end, "as it was sent"),),
        advice=_ADVICE[found.kind],
        severity=Severity.NOTE if found.kind == "no template" else None,
        confidence=None if sure else Confidence.MEDIUM,
        facts={"kind": found.kind},
    )
