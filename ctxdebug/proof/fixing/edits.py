"""A request with repairs in it, and everything else of it as it was captured.

A repair edits messages; written back, they would lose what only the captured body has (names, marks, settings of one
provider). So the request is written twice, with and without the repairs, and only what differs is taken over.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Decoding, RepairKind
from ctxdebug.proof.request import request_from
from ctxdebug.segmentation.repaired import repaired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.model import Pointer, Repair, Snapshot
    from ctxdebug.proof.request import Request


def repaired_request(request: Request, captured: Snapshot, repairs: Sequence[Repair]) -> Request:
    """Return `request`, which is that of `captured`, with repairs in it; raises `UsageError` where it cannot be written.

    A captured setting is changed where it stands.
    """
    body = copy.deepcopy(request.body)
    others = []
    for repair in repairs:
        path = _setting(repair, captured) if request.exact else None
        if path is None or not _set(body, path, json.loads(repair.text)):
            others.append(repair)
    if not others:
        return request.with_body(body)
    before = request_from(repaired(captured), request)
    after = request_from(repaired(captured, *others), request)
    if before.sender.format != request.sender.format:
        return after
    return request.with_body(merged(body, before.body, after.body))


def merged(original: Any, before: Any, after: Any) -> Any:
    """Return `original` with what differs from `before` to `after`; where they cannot be matched, `after`."""
    if before == after:
        return original
    if isinstance(original, dict) and isinstance(before, dict) and isinstance(after, dict):
        kept = {
            key: merged(value, before.get(key), after.get(key)) if key in before else value
            for key, value in original.items()
            if key in after or key not in before
        }
        return kept | {key: value for key, value in after.items() if key not in before}
    if isinstance(original, list) and isinstance(before, list) and isinstance(after, list):
        return _merged_lists(original, before, after)
    return after


def _merged_lists(original: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    if len(original) != len(before):
        return after
    if len(before) == len(after):
        return [merged(*three) for three in zip(original, before, after, strict=True)]
    left: dict[str, list[Any]] = {}
    for item, held in zip(before, original, strict=True):
        left.setdefault(_key(item), []).append(held)
    return [left[_key(item)].pop(0) if left.get(_key(item)) else item for item in after]


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _setting(repair: Repair, captured: Snapshot) -> tuple[str | int, ...] | None:
    """Return where the setting of a repair stands in the body; None for another repair, or a setting that is not given."""
    pointer: Pointer | None = (
        captured.settings_at.get(repair.setting) if repair.kind is RepairKind.CHANGE_SETTING else None
    )
    if pointer is None or pointer[: len(captured.request_at)] != captured.request_at:
        return None
    steps = pointer[len(captured.request_at) :]
    path = tuple(step for step in steps if not isinstance(step, Decoding))
    return path if len(path) == len(steps) else None


def _set(body: Any, path: tuple[str | int, ...], value: Any) -> bool:
    for step in path[:-1]:
        body = body[step]
    if isinstance(body.get(path[-1]), dict):
        return False  # the captured form of it is another than the common one
    body[path[-1]] = value
    return True
