"""tau-bench results: a list of tasks, each with the trajectory of one conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding

_LABELS = ("task_id", "reward", "trial")


def _tasks(document: Any) -> list[Any]:
    listed = document if isinstance(document, list) else [document]
    return listed if any(isinstance(item, dict) and isinstance(item.get("traj"), list) for item in listed) else []


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or ('"traj"' not in source.opening and '"task_id"' not in source.opening):
        return Likeness.NO
    return Likeness.CERTAIN if _tasks(source.document) else Likeness.NO


@container("tau-bench", "a list of {task_id, reward, info, traj}, where `traj` contains chat messages", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a task."""
    at = (*source.root, Decoding.JSON)
    listed = isinstance(source.document, list)
    for index, task in enumerate(_tasks(source.document)):
        if isinstance(task, dict) and isinstance(task.get("traj"), list):
            where = (*at, index) if listed else at
            labels = {key: task[key] for key in _LABELS if key in task}
            yield Exchange(where, request=task["traj"], request_at=(*where, "traj"), labels=labels)
