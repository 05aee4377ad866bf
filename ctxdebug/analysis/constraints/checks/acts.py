"""The tool calls of a run against what it may never do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, passed, unchecked
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


_PUSHES = lazy(r"\bgit\b[^\n]{0,80}\bpush\b")
_RUNS = {
    "tests": lazy(
        r"\b(?:pytest|tox|nox|unittest|jest|vitest|mocha|rspec|phpunit|ctest)\b|\btests?\b"
        r"|\b(?:npm|yarn|pnpm|go|cargo|make|mvn|gradle|dotnet|mix|swift|bazel|deno|bun)\b[^\n;&|]{0,40}\btest",
        re.IGNORECASE,
    ),
    "lint": lazy(r"\b(?:ruff|eslint|flake8|pylint|clippy|golangci-lint|rubocop|lint)\b", re.IGNORECASE),
    "types": lazy(r"\b(?:mypy|pyright|tsc|pyre|type-?check)\b", re.IGNORECASE),
}  # fmt: skip
"""Commands and names of tools that run a check."""
_MESSAGE = lazy(
    r"\bcommit\b[^\n]{0,120}?(?:-m|--message)[ =]*(?:\"(?P<double>[^\"]{1,2000})\"|'(?P<single>[^']{1,2000})')"
)


def _is_commit(call: ToolCall, act: str) -> bool:
    pattern = _COMMITS if act == "commit" else _PUSHES
    return (bool(_SHELLS.search(call.name)) and pattern.search(_said(call)) is not None) or act in call.name.lower()


def _is_check(call: ToolCall, first: str) -> bool:
    if _SHELLS.search(call.name):
        return _RUNS[first].search(_said(call)) is not None
    return {"tests": "test", "lint": "lint", "types": "type"}[first] in call.name.lower()


def _before(constraint: Constraint, answer: Answer) -> Compliance:
    """Hold the order of a run's calls against `run the tests before committing`; a run that does not come to the second is not judged."""
    first, then = str(constraint.params["first"]), str(constraint.params["then"])
    calls = list(answer.calls)
    if then == "report":
        changed = any(_CHANGES.search(call.name) and not _SHELLS.search(call.name) for call in calls)
        if answer.last or not answer.stripped or not changed:
            return Compliance(Outcome.NOT_APPLICABLE, "nothing was changed, or the run goes on")
        if any(_is_check(call, first) for call in calls):
            return passed(f"the {first} were run")
        return (
            unchecked("a shell command may have run them")
            if any(_SHELLS.search(call.name) for call in calls)
            else failed(f"files were changed, and the {first} were not run before the report")
        )
    places = [number for number, call in enumerate(calls) if _is_commit(call, then)]
    if not places:
        return Compliance(Outcome.NOT_APPLICABLE, f"there is no {then}")
    at = places[0]
    if any(_is_check(call, first) for call in calls[: at + 1]):
        return (
            passed(f"the {first} were run before the {then}")
            if len(places) == 1
            else unchecked(f"there are several {then}s")
        )
    if any(_SHELLS.search(call.name) and ("make" in _said(call) or ".sh" in _said(call)) for call in calls[:at]):
        return unchecked(f"a script may have run the {first}")
    return failed(f"the {first} were not run before the {then}", calls[at].id or calls[at].name)


def _commit_size(constraint: Constraint, answer: Answer) -> Compliance:
    most, seen = int(constraint.params["hi"]), 0
    for call in answer.calls:
        found = _MESSAGE.search(_said(call)) if _SHELLS.search(call.name) else None
        message = (found["double"] or found["single"]) if found else ""
        if message and "$(" not in message:
            seen += 1
            subject = message.splitlines()[0]
            if len(subject) > most:
                return failed(
                    f"a commit message begins with a line of {len(subject)} characters, at most {most} asked for",
                    call.id or call.name,
                )
    return (
        passed(f"commit messages of at most {most} characters")
        if seen
        else Compliance(Outcome.NOT_APPLICABLE, "there is no commit")
    )


CHECKS = {
    "acts.path": _path,
    "acts.command": _command,
    "acts.commit": _commit,
    "acts.before": _before,
    "acts.commit_size": _commit_size,
}
