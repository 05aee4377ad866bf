"""A copy of an exchange whose untrusted text can be pasted, mailed and read by an assistant without doing harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.directives.defang import defang
from ctxdebug.model import Authority, Kind
from ctxdebug.redaction.redactor import Redactor
from ctxdebug.sharing.usage import without_usage

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

_SPOKEN = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})


def defanged(snapshot: Snapshot) -> dict[str, Any]:
    """`{request, response}` with every untrusted text defanged and every secret replaced; as captured otherwise.

    Where a text changed, the token counts of the response go: they are of the prompt as it was.
    Where the capture does not hold the request itself, the request is its messages as plain text.
    """
    request: Any = snapshot.request
    if not isinstance(request, (dict, list)):
        request = {
            "messages": [{"role": message.captured_role, "content": message.text} for message in snapshot.messages]
        }
    response: Any = snapshot.response
    if not isinstance(response, (dict, list)):
        answers = [{"role": message.captured_role, "content": message.text} for message in snapshot.answer]
        response = {"choices": [{"message": answer} for answer in answers]} if answers else None
    redactor = Redactor(personal=False)
    redactor.learn([request, response])  # an address that is defanged no longer looks like one with a secret
    changed: dict[str, str] = {}
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        if segment.authority is Authority.NONE and segment.kind in _SPOKEN and segment.text.strip():
            masked: str = redactor.redact(segment.text)  # a mark inside a secret of several lines would hide what it is
            safe = defang(masked)
            if safe != masked:
                changed[segment.text] = safe
    if changed and snapshot.usage is not None:
        response = without_usage(response, snapshot.usage.raw)
    safe_copy = {"request": _replaced(request, changed), "response": _replaced(response, changed)}
    shared: dict[str, Any] = redactor.redact(safe_copy)
    return shared


def _replaced(value: Any, changed: dict[str, str]) -> Any:
    if isinstance(value, str):
        for text, safe in changed.items():
            if text in value:
                value = value.replace(text, safe)
        return value
    if isinstance(value, dict):
        return {key: _replaced(item, changed) for key, item in value.items()}
    return [_replaced(item, changed) for item in value] if isinstance(value, list) else value
