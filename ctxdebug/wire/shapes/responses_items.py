"""Items of the Responses API: what stands in `input` and in `output`; Codex sessions hold the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import DraftMessage, Part
from ctxdebug.model import Document, Kind, Pointer, Role, Tool, Unseen, UnseenKind
from ctxdebug.records import replace
from ctxdebug.wire.shape import call_from, items, mapping, media_from, objects, text_of, tool_from

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}
_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_SERVER_CALLS = {
    "web_search_call": "action",
    "file_search_call": "queries",
    "code_interpreter_call": "code",
    "mcp_call": "arguments",
    "tool_search_call": "arguments",
    "image_generation_call": "revised_prompt",
    "mcp_list_tools": "tools",
    "mcp_approval_request": "arguments",
}
_CLIENT_CALLS = {
    "computer_call": "action",
    "local_shell_call": "action",
    "shell_call": "action",
    "apply_patch_call": "operation",
}
_CALL_KEYS = {**_CALLS, **_CLIENT_CALLS, **_SERVER_CALLS}


class ItemReader:
    """Turns items into messages; calls and reasoning of one turn join the assistant message they belong to."""

    def __init__(self) -> None:
        self.messages: list[DraftMessage] = []
        self.tools: list[Tool] = []
        self.unseen: list[Unseen] = []
        self.cited: list[tuple[Part, Mapping[str, Any], Pointer]] = []
        """Texts of messages, with each annotation of them."""

    def read(self, item: Mapping[str, Any], at: Pointer) -> None:
        """One item."""
        shape = str(item.get("type") or "message")
        if shape == "message" or ("role" in item and shape not in _SPECIAL):
            self._message(item, at)
        elif shape == "reasoning":
            self._reasoning(self._turn(at), item, at)
        elif shape in _CALL_KEYS:
            _read_call(self._turn(at), item, at)
        elif shape.endswith("_output"):
            self._output(item, at)
        elif shape == "additional_tools":
            self.tools.extend(tools_of(item.get("tools"), (*at, "tools"), self.unseen))
        elif shape == "item_reference":
            self.unseen.append(Unseen("an item stored on the server", at, UnseenKind.CONVERSATION))
        elif shape == "compaction":
            self.unseen.append(Unseen("earlier turns, compacted and encrypted", at, UnseenKind.CONVERSATION))
            self._new(Role.OTHER, shape, at).rendered(compact(item), at, Kind.OPAQUE)
        else:
            self._new(Role.OTHER, shape, at).rendered(compact(item), at, Kind.OPAQUE)

    def _new(self, role: Role, captured: str, at: Pointer) -> DraftMessage:
        self.messages.append(DraftMessage(role, captured, at))
        return self.messages[-1]

    def _turn(self, at: Pointer) -> DraftMessage:
        if self.messages and self.messages[-1].role is Role.ASSISTANT:
            return self.messages[-1]
        return self._new(Role.ASSISTANT, "assistant", at)

    def _message(self, item: Mapping[str, Any], at: Pointer) -> None:
        captured = str(item.get("role", ""))
        role = _ROLES.get(captured.lower(), Role.OTHER)
        joins = role is Role.ASSISTANT and self.messages and self.messages[-1].role is Role.ASSISTANT
        spoken = joins and any(part.kind is Kind.TEXT for part in self.messages[-1].parts)
        message = self.messages[-1] if joins and not spoken else self._new(role, captured, at)
        content = item.get("content")
        if isinstance(content, str):
            message.text(content, (*at, "content"))
        for index, part in enumerate(items(content)):
            read_part(message, part, (*at, "content", index), Kind.TEXT, {}, self.unseen)
            for number, held in objects(mapping(part).get("annotations")):
                self.cited.append((message.parts[-1], held, (*at, "content", index, "annotations", number)))

    def _reasoning(self, message: DraftMessage, item: Mapping[str, Any], at: Pointer) -> None:
        for key in ("summary", "content"):
            for index, part in objects(item.get(key)):
                if isinstance(part.get("text"), str):
                    message.text(part["text"], (*at, key, index, "text"), Kind.THINKING)
        if isinstance(item.get("encrypted_content"), str):
            message.rendered("", (*at, "encrypted_content"), Kind.OPAQUE)
            self.unseen.append(
                Unseen("reasoning that only the server can read", (*at, "encrypted_content"), UnseenKind.REASONING)
            )
        elif isinstance(item.get("id"), str) and not item.get("content"):
            # sent by its id, with no more than a summary: the server reads what it stored
            self.unseen.append(Unseen("reasoning that only the server can read", (*at, "id"), UnseenKind.REASONING))

    def _output(self, item: Mapping[str, Any], at: Pointer) -> None:
        if item.get("type") == "tool_search_output":
            self.tools.extend(tools_of(item.get("tools"), (*at, "tools"), self.unseen))
        message = self._new(Role.TOOL, str(item.get("type")), at)
        about = {"call_id": text_of(item.get("call_id"))}
        output = item.get("output")
        if isinstance(output, str):
            message.text(output, (*at, "output"), Kind.TOOL_RESULT, **about)
        elif isinstance(output, list) and all(isinstance(part, dict) and "type" in part for part in output):
            for index, part in enumerate(output):
                read_part(message, part, (*at, "output", index), Kind.TOOL_RESULT, about, self.unseen)
        elif isinstance(output, dict) and "type" in output:
            read_part(message, output, (*at, "output"), Kind.TOOL_RESULT, about, self.unseen)
        elif output is not None:
            message.rendered(compact(output), (*at, "output"), Kind.TOOL_RESULT, **about)


_SPECIAL = frozenset({"additional_tools", "item_reference", "compaction"})


def read_part(
    message: DraftMessage, part: Any, at: Pointer, kind: Kind, about: Mapping[str, Any], unseen: list[Unseen]
) -> None:
    """One part of a message's or an output's content."""
    if isinstance(part, str):
        message.text(part, at, kind, **about)
        return
    captured, part = part, mapping(part)
    shape = text_of(part.get("type"))
    if isinstance(part.get("text"), str):
        message.text(part["text"], (*at, "text"), Kind.THINKING if shape == "reasoning_text" else kind, **about)
    elif isinstance(part.get("refusal"), str):
        message.text(part["refusal"], (*at, "refusal"), kind, **about)
    elif shape in {"input_image", "computer_screenshot", "image_url"}:
        held = part.get("image_url")
        reference = held.get("url") if isinstance(held, dict) else held
        _read_media(message, "image", None, reference or part.get("file_id"), at, about, unseen, part.get("detail"))
    elif shape in {"input_file", "file"}:
        reference = part.get("file_data") or part.get("file_url") or part.get("file_id") or part.get("filename")
        _read_media(message, "file", None, reference, at, about, unseen)
    elif shape == "input_audio":
        audio = mapping(part.get("input_audio")) or part
        _read_media(message, "audio", audio.get("data"), None, at, about, unseen)
    else:
        message.rendered(compact(captured), at, Kind.OPAQUE, **about)


def _read_media(
    message: DraftMessage,
    kind: str,
    data: Any,
    reference: Any,
    at: Pointer,
    about: Mapping[str, Any],
    unseen: list[Unseen],
    detail: Any = None,
) -> None:
    media = media_from(kind, data, reference, detail)
    message.rendered("", at, Kind.MEDIA, media=media, **about)
    if media.reference:
        unseen.append(Unseen(f"the {kind} behind a reference", at, UnseenKind.REFERENCE))


def _read_call(message: DraftMessage, item: Mapping[str, Any], at: Pointer) -> None:
    shape = str(item.get("type"))
    key = _CALL_KEYS[shape]
    server_side = shape in _SERVER_CALLS
    name = item.get("name") or shape.removesuffix("_call")
    call = call_from(name, item.get(key), item.get("call_id") or item.get("id"), server_side=server_side)
    if shape == "custom_tool_call":
        call = replace(call, error=None)  # a custom tool takes plain text, not JSON
    where = (*at, key)
    if isinstance(item.get(key), str):
        message.text(call.arguments, where, Kind.TOOL_CALL, call=call)
    else:
        message.rendered(call.arguments, where if key in item else at, Kind.TOOL_CALL, call=call)
    if server_side:
        _read_server_results(message, item, at, {"call_id": call.id, "tool": call.name})


def _read_server_results(message: DraftMessage, item: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    for key in ("output", "error"):
        if isinstance(item.get(key), str):
            message.text(item[key], (*at, key), Kind.TOOL_RESULT, is_error=key == "error", **about)
        elif isinstance(item.get(key), dict):
            message.rendered(compact(item[key]), (*at, key), Kind.TOOL_RESULT, is_error=key == "error", **about)
    for index, found in objects(item.get("results")):
        document = Document(
            text_of(found.get("file_id")), text_of(found.get("filename")), url=text_of(found.get("url"))
        )
        if isinstance(found.get("text"), str):
            message.text(found["text"], (*at, "results", index, "text"), Kind.DOCUMENT, document=document, **about)
    for index, output in objects(item.get("outputs")):
        if isinstance(output.get("logs"), str):
            message.text(output["logs"], (*at, "outputs", index, "logs"), Kind.TOOL_RESULT, **about)
    if isinstance(item.get("result"), str):
        media = media_from("image", item["result"])
        message.rendered("", (*at, "result"), Kind.MEDIA, media=media, **about)


def tools_of(declared: Any, at: Pointer, unseen: list[Unseen]) -> list[Tool]:
    """Declared tools: functions as they stand, namespaces opened, server-side tools with what they add unseen."""
    found: list[Tool] = []
    for index, tool in objects(declared):
        where = (*at, index)
        kind = str(tool.get("type") or "function")
        if kind == "namespace":
            found.extend(tools_of(tool.get("tools"), (*where, "tools"), unseen))
            continue
        held = mapping(tool.get("function")) or tool
        found.append(
            tool_from(
                tool,
                where,
                name=held.get("name") or tool.get("server_label") or kind,
                description=held.get("description"),
                schema=held.get("parameters"),
                type=kind,
                deferred=tool.get("defer_loading") is True,
                strict=held.get("strict") if isinstance(held.get("strict"), bool) else None,
            )
        )
        if kind not in {"function", "custom"}:
            unseen.append(Unseen(f"what the server-side tool {kind} adds to the prompt", where, UnseenKind.SERVER_TOOL))
    return found
