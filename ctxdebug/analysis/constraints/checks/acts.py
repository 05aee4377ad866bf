"""The tool calls of a run against what it may never do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.model import ToolCall

_CHANGES = lazy(
    r"(?:^|_|\b)(?:edit|write|create|delete|remove|patch|replace|update|move|rename|insert|overwrite|save|put)",
    re.IGNORECASE,
)
_SHELLS = lazy(r"(?:bash|shell|terminal|exec|run_command|command|sh$)", re.IGNORECASE)
_SHELL_CHANGES = lazy(
    r"(?:^|[;&|\n\"'(])\s*(?:sudo\s+)?(?:rm|mv|cp|tee|touch|truncate|mkdir|rmdir|sed\s+-i|perl\s+-i|git\s+(?:rm|mv|checkout|restore))\b[^;&|\n]{0,400}|>>?\s*\S+",
)
_COMMITS = lazy(r"\bgit\b[^\n]{0,80}\bcommit\b")
_LONGEST = 20_000


def _said(call: ToolCall) -> str:
    return call.arguments[:_LONGEST].replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/")


def _names(path: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(path.rstrip('*').removeprefix('./'))}")


def _path(constraint: Constraint, answer: Answer) -> Compliance:
    name, shell = _names(constraint.params["name"]), False
    for call in answer.calls:
        said = _said(call)
        if _SHELLS.search(call.name):
            shell = True
            if any(name.search(part[0]) for part in _SHELL_CHANGES.finditer(said)):
                return failed(f"{call.name} changed {constraint.params['name']}", call.id or call.name)
        elif _CHANGES.search(call.name):
            head = _TARGET.search(said)
            if head is not None and name.search(head[1]):
                return failed(f"{call.name} changed {constraint.params['name']}", call.id or call.name)
    if shell:
        return unchecked("a shell command may change a path that it does not name")
    return passed(f"no call changed {constraint.params['name']}")


_TARGET = lazy(
    r"\"(?:file_?path|path|file|filename|target|target_file|uri|old_path|new_path|notebook_path)\"\s*:\s*\"([^\"\n]{1,500})\"",
    re.IGNORECASE,
)


def _command(constraint: Constraint, answer: Answer) -> Compliance:
    words = r"\s+".join(map(re.escape, constraint.params["name"].split()))
    pattern = re.compile(rf"(?:^|[;&|\n\"'(`]|\bsudo\s)\s*{words}(?![\w-])")
    for call in answer.calls:
        if _SHELLS.search(call.name) and pattern.search(_said(call)):
            return failed(f"{call.name} ran {constraint.params['name']}", call.id or call.name)
    return passed(f"no call ran {constraint.params['name']}")


def _commit(constraint: Constraint, answer: Answer) -> Compliance:
    line = constraint.params["name"].lower()
    for call in answer.calls:
        said = _said(call)
        if line in said.lower() and (_COMMITS.search(said) or "commit" in call.name.lower()):
            return failed(f"a commit has the line {constraint.params['name']}", call.id or call.name)
    return passed(f"no commit has the line {constraint.params['name']}")


CHECKS = {"acts.path": _path, "acts.command": _command, "acts.commit": _commit}
