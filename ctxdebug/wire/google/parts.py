"""Contents and parts as Gemini writes them, in either spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Decoding, Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire.shape import (
    call_from,
    camel_or_snake,
    inline_text,
    items,
    mapping,
    media_from,
    objects,
    text_of,
    tool_from,
)

_ROLES = {
    "user": Role.USER,
    "model": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "function": Role.TOOL,
    "system": Role.SYSTEM,
}


def read_contents(draft: Draft, contents: Any, at: Pointer) -> None:
    """A list of contents; the SDKs also take one, a string, or a list of strings."""
    if not isinstance(contents, list):
        draft.messages.append(read_content(contents, at))
        return
    for index, content in enumerate(contents):
        draft.messages.append(read_content(content, (*at, index)))


def read_content(content: Any, at: Pointer, role: Role | None = None) -> DraftMessage:
    """One content; a bare string is the user's."""
    captured = str(mapping(content).get("role") or "")
    known = _ROLES.get(captured.lower(), Role.OTHER if captured else Role.USER)
    message = DraftMessage(role or known, captured or (role or Role.USER).value, at)
    if isinstance(content, str):
        message.text(content, at)
        return message
    parts = mapping(content).get("parts")
    if isinstance(parts, dict):
        read_part(message, parts, (*at, "parts"))
    elif "parts" not in mapping(content):
        read_part(message, mapping(content), at)
    for index, part in enumerate(items(parts)):
        if isinstance(part, str):
            message.text(part, (*at, "parts", index))
        else:
            read_part(message, mapping(part), (*at, "parts", index))
    return message


def read_part(message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    """One part; what is not known is kept as opaque, with its size."""
    if isinstance(part.get("text"), str):
        message.text(part["text"], (*at, "text"), Kind.THINKING if part.get("thought") is True else Kind.TEXT)
        return
    for name, read in _READERS.items():
        key, held = camel_or_snake(part, name)
        if isinstance(held, dict):
            read(message, held, (*at, key))
            return
    if part.keys() - {"thoughtSignature", "thought_signature", "role"} and any(part.values()):
        message.rendered(compact(part), at, Kind.OPAQUE)


def _read_call(message: DraftMessage, call: Mapping[str, Any], at: Pointer) -> None:
    made = call_from(call.get("name"), call.get("args"), call.get("id"))
    message.rendered(made.arguments, (*at, "args") if "args" in call else at, Kind.TOOL_CALL, call=made)


def _read_result(message: DraftMessage, result: Mapping[str, Any], at: Pointer) -> None:
    response = result.get("response")
    about: dict[str, Any] = {"call_id": text_of(result.get("id")), "tool": text_of(result.get("name"))}
    only = next(iter(mapping(response).items())) if len(mapping(response)) == 1 else ("", None)
    about["is_error"] = only[0] == "error"
    if isinstance(response, str):
        message.text(response, (*at, "response"), Kind.TOOL_RESULT, **about)
    elif isinstance(only[1], str):
        message.text(only[1], (*at, "response", only[0]), Kind.TOOL_RESULT, **about)
    else:
        shown = "" if response is None else compact(response)
        message.rendered(shown, (*at, "response") if "response" in result else at, Kind.TOOL_RESULT, **about)
    for index, part in objects(result.get("parts")):
        for name in ("inlineData", "fileData"):
            key, held = camel_or_snake(part, name)
            if isinstance(held, dict):
                _READERS[name](message, held, (*at, "parts", index, key))
                message.parts[-1].call_id, message.parts[-1].tool = about["call_id"], about["tool"]


def _read_inline(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(camel_or_snake(held, "mimeType")[1]) or "file"
    text = inline_text(held.get("data"), kind)
    if text is not None:
        message.text(text, (*at, "data", Decoding.BASE64), Kind.DOCUMENT)
        return
    message.rendered("", at, Kind.MEDIA, media=media_from(_media_kind(kind), held.get("data")))


def _read_file(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(camel_or_snake(held, "mimeType")[1]) or "file"
    media = media_from(_media_kind(kind), None, camel_or_snake(held, "fileUri")[1])
    message.rendered("", at, Kind.MEDIA, media=media)


def _media_kind(mime: str) -> str:
    kind = mime.partition("/")[0]
    return kind if kind in {"image", "audio", "video"} else "file"


def _read_code(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    if isinstance(held.get("code"), str):
        call = call_from("code_execution", {"code": held["code"]}, held.get("id"), server_side=True)
        message.text(held["code"], (*at, "code"), Kind.TOOL_CALL, call=call)


def _read_code_result(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    failed = text_of(held.get("outcome")) not in {None, "OUTCOME_OK", 1}
    if isinstance(held.get("output"), str):
        message.text(held["output"], (*at, "output"), Kind.TOOL_RESULT, tool="code_execution", is_error=failed)


_READERS = {
    "functionCall": _read_call,
    "functionResponse": _read_result,
    "inlineData": _read_inline,
    "fileData": _read_file,
    "executableCode": _read_code,
    "codeExecutionResult": _read_code_result,
}


def read_tools(draft: Draft, tools: Any, at: Pointer) -> None:
    """Function declarations, and server-side tools with what they add unseen."""
    for index, tool in objects(tools):
        key, declared = camel_or_snake(tool, "functionDeclarations")
        for inner, function in objects(declared):
            schema = next(
                (
                    found
                    for name in ("parameters", "parametersJsonSchema")
                    if (found := camel_or_snake(function, name)[1])
                ),
                None,
            )
            where = (*at, index, key, inner)
            draft.tools.append(
                tool_from(
                    function, where, name=function.get("name"), description=function.get("description"), schema=schema
                )
            )
        for name, held in tool.items():
            if name != key and held is not None:
                where = (*at, index, name)
                draft.tools.append(tool_from({name: held}, where, name=name, description=None, schema=None, type=name))
                draft.unseen.append(
                    Unseen(f"what the server-side tool {name} adds to the prompt", where, UnseenKind.SERVER_TOOL)
                )
