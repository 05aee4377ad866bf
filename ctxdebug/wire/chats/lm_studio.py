"""LM Studio's conversations: messages in versions, of which the selected one counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Finish, FinishReason, Kind, Media, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import role_of
from ctxdebug.wire.shape import count_of, items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt, say

_STOPS = {
    "eosFound": FinishReason.STOP,
    "maxPredictedTokensReached": FinishReason.LENGTH,
    "contextLengthReached": FinishReason.WINDOW,
    "stopStringFound": FinishReason.STOP_SEQUENCE,
    "toolCalls": FinishReason.TOOL_CALLS,
    "userStopped": FinishReason.ABORTED,
}


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("messages"))
    return 40 if turns and all("versions" in turn and "currentlySelected" in turn for turn in turns) else 0


@wire_format(
    "lm-studio", "`messages` of `versions` and `currentlySelected`; `systemPrompt`", _sniff, frozenset({"messages"})
)
def read(exchange: Exchange) -> Draft:
    """Read a conversation."""
    body, at = request_of(exchange), exchange.request_at
    draft = rebuilt(exchange, TOOLS)
    say(draft, Role.SYSTEM, "system", body.get("systemPrompt"), (*at, "systemPrompt"))
    for index, turn in objects(body.get("messages")):
        selected = count_of(turn.get("currentlySelected")) or 0
        versions = items(turn.get("versions"))
        if versions and not 0 <= selected < len(versions):
            draft.notes.append(f"message {index + 1} selects a version that is not there; its last one is shown")
            selected = len(versions) - 1
        if versions:
            _read_version(draft, mapping(versions[selected]), (*at, "messages", index, "versions", selected))
        draft.left_out.extend(
            (*at, "messages", index, "versions", other) for other in range(len(versions)) if other != selected
        )
        if len(versions) > 1:
            draft.notes.append(f"message {index + 1} has {len(versions)} versions; the selected one is shown")
    return close(draft)


def _read_version(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    captured = text_of(raw.get("role")) or ""
    message = DraftMessage(role_of(captured), captured, at)
    _read_content(draft, message, raw.get("content"), (*at, "content"))
    draft.messages.append(message)
    for index, step in objects(raw.get("steps")):
        where = (*at, "steps", index)
        if draft.messages[-1].role is Role.TOOL:
            message = DraftMessage(role_of(captured), captured, where)
            draft.messages.append(message)
        thought = "thinking" in str(mapping(step.get("style")).get("type"))
        _read_content(draft, message, step.get("content"), (*where, "content"), Kind.THINKING if thought else Kind.TEXT)
        _read_about(draft, mapping(step.get("genInfo")), (*where, "genInfo"))
    if not message.parts and message in draft.messages:
        draft.messages.remove(message)


def _read_content(draft: Draft, message: DraftMessage, content: Any, at: Pointer, kind: Kind = Kind.TEXT) -> None:
    for index, part in objects(content):
        where, shape = (*at, index), text_of(part.get("type")) or ""
        if isinstance(part.get("text"), str):
            add_text(message, part["text"], (*where, "text"), kind)
        elif shape == "toolCallRequest":
            add_call(message, part.get("name"), part.get("parameters"), str(part.get("callId")), (*where, "parameters"))
        elif shape == "toolCallResult":
            add_result(draft, part.get("content"), (*where, "content"), str(part.get("toolCallId", part.get("callId"))))
        elif "fileIdentifier" in part:
            name = text_of(part.get("fileIdentifier"))
            message.rendered("", where, Kind.MEDIA, media=Media("file", count_of(part.get("sizeBytes")), name))
        elif part:
            add_text(message, dict(part), where, Kind.OPAQUE)


def _read_about(draft: Draft, about: Mapping[str, Any], at: Pointer) -> None:
    if not about:
        return
    raw = mapping(about.get("stats"))
    draft.model = draft.answered_by = text_of(about.get("indexedModelIdentifier")) or text_of(about.get("identifier"))
    prompt, output = count_of(raw.get("promptTokensCount")), count_of(raw.get("predictedTokensCount"))
    if prompt is not None:
        draft.usage = Usage(prompt, None, None, output, None, raw, (*at, "stats"))
    word = text_of(raw.get("stopReason"))
    if word:
        draft.finish = Finish(_STOPS.get(word, FinishReason.OTHER), word, (*at, "stats", "stopReason"))
