from __future__ import annotations

import json
from collections.abc import Callable

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
COUNTS = {"done": True, "done_reason": "stop", "prompt_eval_count": 21, "eval_count": 5}


def test_the_window_and_the_counts(one: One) -> None:
    body = {
        "model": "q",
        "messages": [{"role": "user", "content": "hi"}],
        "options": {"num_ctx": 2048, "num_predict": 64},
    }
    found = one(body, {"model": "q", "message": {"role": "assistant", "content": "ho"}, **COUNTS})
    assert found.format == "ollama.chat"
    assert (found.settings.window, found.settings.max_output) == (2048, 64)
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.output) == (21, 5)


def test_arguments_are_objects_and_calls_have_no_ids(one: One) -> None:
    call = {"function": {"name": "add", "arguments": {"a": 2}}}
    messages = [{"role": "user", "content": "x"}, {"role": "assistant", "content": "", "tool_calls": [call]},
                {"role": "tool", "tool_name": "add", "content": "5"}]  # fmt: skip
    found = one({"model": "q", "messages": messages, "keep_alive": "5m"})
    made = found.messages[1].segments[-1]
    assert made.call is not None
    assert made.call.parsed == {"a": 2}
    assert found.messages[2].segments[0].call_id == made.call.id


def test_images_are_kept_as_media(one: One) -> None:
    messages = [{"role": "user", "content": "what?", "images": ["AAAA"]}]
    segments = one({"model": "q", "messages": messages, "think": False}).messages[0].segments
    assert [s.kind for s in segments] == [Kind.TEXT, Kind.MEDIA]


def test_a_stream_is_put_together_and_ends_with_the_counts(one: One) -> None:
    lines = [{"message": {"role": "assistant", "thinking": "hm"}, "done": False},
             {"message": {"role": "assistant", "content": "Be"}, "done": False},
             {"message": {"role": "assistant", "content": "cause."}, **COUNTS}]  # fmt: skip
    body = {"model": "q", "messages": [{"role": "user", "content": "why"}]}
    found = one(body, {"_ndjson": "\n".join(map(json.dumps, lines))})
    assert [s.text for s in found.answer[0].segments] == ["hm", "Because."]
    assert found.usage is not None


def test_a_stream_without_its_last_line_was_broken_off(one: One) -> None:
    lines = [{"message": {"role": "assistant", "content": "Be"}, "done": False}] * 2
    found = one({"model": "q", "messages": [{"role": "user", "content": "why"}]}, {"_ndjson": lines})
    assert found.finish is not None
    assert found.finish.reason is FinishReason.ABORTED


def test_an_answer_with_calls_ends_for_them(one: One) -> None:
    message = {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "add", "arguments": {}}}]}
    found = one({"model": "q", "messages": [{"role": "user", "content": "x"}]}, {"message": message, **COUNTS})
    assert found.finish is not None
    assert found.finish.reason is FinishReason.TOOL_CALLS


def test_generate_has_system_prompt_and_earlier_turns_as_token_ids(one: One) -> None:
    body = {"model": "q", "system": "Be brief.", "prompt": "why?", "context": [1, 2, 3]}
    found = one(body, {"model": "q", "response": "Because.", **COUNTS})
    assert found.format == "ollama.generate"
    assert [(m.role, m.text) for m in found.messages] == [(Role.SYSTEM, "Be brief."), (Role.USER, "why?")]
    assert found.answer[0].text == "Because."
    assert len(found.unseen) == 1


def test_an_error_is_a_plain_string(one: One) -> None:
    body = {"model": "q", "messages": [{"role": "user", "content": "x"}], "options": {}}
    found = one(body, {"error": "model 'q' not found"}, status=404, url="http://localhost:11434/api/chat")
    assert found.format == "ollama.chat"
    assert found.error is not None
    assert (found.error.message, found.error.status) == ("model 'q' not found", 404)
