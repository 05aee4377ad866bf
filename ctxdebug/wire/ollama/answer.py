"""What Ollama's two endpoints share: counts, the reason why an answer ended, options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, Stream
from ctxdebug.model import Finish, FinishReason, Pointer, Usage
from ctxdebug.wire.shape import count_of, items, mapping, number_of, text_of
from ctxdebug.wire.shapes.chat_stream import FINISH


def usage_of(response: Mapping[str, Any], at: Pointer) -> Usage | None:
    """Counts of one call; `prompt_eval_count` may leave out what the server still had in its cache."""
    prompt, output = count_of(response.get("prompt_eval_count")), count_of(response.get("eval_count"))
    if prompt is None and output is None:
        return None
    return Usage(prompt, output=output, raw=response, pointer=(*at, "prompt_eval_count"))


def finish_of(response: Mapping[str, Any], at: Pointer, draft: Draft) -> Finish | None:
    """Why the answer ended; calls end with `stop`."""
    word = text_of(response.get("done_reason"))
    if not word:
        return Finish(FinishReason.STOP, "done", (*at, "done")) if response.get("done") is True else None
    called = any(part.call is not None for message in draft.answer for part in message.parts)
    reason = FinishReason.TOOL_CALLS if called and word == "stop" else FINISH.get(word, FinishReason.OTHER)
    return Finish(reason, word, (*at, "done_reason"))


def mark_unfinished(draft: Draft, stream: Stream) -> None:
    """A stream without its `done` line was broken off."""
    if draft.finish is None and draft.error is None:
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends before it is done", last)


def read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Options: the window, the limit of the answer, and how it is sampled."""
    options, options_at = mapping(body.get("options")), (*at, "options")
    for name, key in (("window", "num_ctx"), ("max_output", "num_predict"), ("seed", "seed")):
        count = count_of(options.get(key))
        draft.set(name, count if count is not None and (count > 0 or name == "seed") else None, (*options_at, key))
    for name in ("temperature", "top_p"):
        draft.set(name, options.get(name) if number_of(options.get(name)) is not None else None, (*options_at, name))
    draft.set("stop", tuple(map(str, items(options.get("stop")))) or None, (*options_at, "stop"))
    draft.set("stream", body.get("stream") if isinstance(body.get("stream"), bool) else None, (*at, "stream"))
    if body.get("truncate") is not None:
        draft.set("truncation", f"truncate={body['truncate']}", (*at, "truncate"))
    form = body.get("format")
    if isinstance(form, dict):
        draft.set("response_format", "json_schema", (*at, "format"))
        draft.set("response_schema", form, (*at, "format"))
    elif form == "json":
        draft.set("response_format", "json_object", (*at, "format"))
