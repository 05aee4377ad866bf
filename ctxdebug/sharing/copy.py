"""Write a copy of an exchange with each of its blocks in the form that was chosen for it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.directives.defang import defang
from ctxdebug.model import Kind
from ctxdebug.sharing.blocks import Form
from ctxdebug.sharing.shortening import data_written, written
from ctxdebug.sharing.usage import without_usage
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ctxdebug.cases.standalone import StandaloneExchange
    from ctxdebug.model import Snapshot
    from ctxdebug.sharing.blocks import Block, Path

_LONG = 1000
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one pixel, in place of an image."""
_EMPTY = "AAAA"
_DATA_URL = lazy(r"data:[\w.+-]{1,60}/[\w.+-]{1,60}(?:;[\w=.+-]{1,60}){0,4};base64,")
_ENCODED = lazy(r"[A-Za-z0-9+/_=-]{400}")
_USERS = frozenset({"user", "user_id", "end_user_id", "safety_identifier"})
"""Parameters that name the end user."""


def copied(
    exchange: StandaloneExchange, blocks: Sequence[Block], forms: Mapping[Block, Form], *,
    safe: Callable[[str], str] = defang, usage_of: Snapshot | None = None,
) -> tuple[dict[str, Any], dict[str, Any] | None]:  # fmt: skip
    """Return the request and the response with every block in its form; token counts of the snapshot `usage_of` are left out.

    They are of the prompt as it was, and would tell of a loss in one that is shorter.
    """
    whole: dict[str, Any] = copy.deepcopy({"request": exchange.body, "response": exchange.response})
    needed = _needed(blocks, whole)
    dropped: list[Path] = []
    holders = {block.path[:length] for block in blocks for length in range(1, len(block.path))}
    for block in sorted(blocks, key=lambda block: -block.start):
        form = forms[block]
        if block.path in holders:
            continue  # its strings are blocks of their own
        if block.tool and form is Form.SHORT and block.path not in needed:
            dropped.append(block.path)
        elif block.data:
            _set(whole, block.path, data_written(_at(whole, block.path), block, form, safe))
        else:
            held = _at(whole, block.path)
            if not isinstance(held, str) or held[block.start : block.end] != block.text:
                raise AssertionError("a block is not where it says; please report this")
            _set(whole, block.path, held[: block.start] + written(block, form, safe) + held[block.end :])
    for path in sorted(dropped, key=lambda path: [str(step).rjust(9) for step in path], reverse=True):
        del _at(whole, path[:-1])[path[-1]]
    if usage_of is not None and usage_of.usage is not None:
        whole["response"] = without_usage(whole["response"], usage_of.usage.raw)
    _unname(whole["request"])
    return _without_media(whole["request"]), _without_media(whole["response"])


def _needed(blocks: Sequence[Block], whole: Any) -> set[Path]:
    """Return the declarations that have to stay: cited, called, or the first where none is, since no API takes an empty list."""
    tools = [block for block in blocks if block.tool]
    called = str(whole["request"].get("tool_choice") or "") + "\n".join(
        block.text for block in blocks if block.what == Kind.TOOL_CALL.value
    )
    calls = {block.path for block in tools if block.cited or block.tool in called}
    for block in tools:
        siblings = [other.path for other in tools if other.path[:-1] == block.path[:-1]]
        if not calls.intersection(siblings):
            calls.add(siblings[0])
        if not isinstance(block.path[-1], int):
            calls.add(block.path)
    return calls


def _unname(request: dict[str, Any]) -> None:
    for key in _USERS & request.keys():
        if isinstance(request[key], str):
            request[key] = "a-user"


def _without_media(value: Any) -> Any:
    """Return a value without the bytes of media and without what only a server can read."""
    if isinstance(value, dict):
        return {key: _without_media(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_media(item) for item in value]
    if not isinstance(value, str) or len(value) <= _LONG:
        return value
    head = _DATA_URL.match(value)
    if head is None and _ENCODED.match(value) is None:
        return value
    lead = head[0] if head is not None else ""
    is_image = "image" in lead or value.startswith(("iVBOR", "/9j/", "R0lGOD", "UklGR"))
    return lead + (_PIXEL if is_image else _EMPTY)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _set(value: Any, path: Path, new: Any) -> None:
    _at(value, path[:-1])[path[-1]] = new
