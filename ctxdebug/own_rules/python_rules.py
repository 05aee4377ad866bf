"""A rule in Python, like one of the catalogue: read without running it, and run only where that was allowed."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from ctxdebug.errors import UsageError
from ctxdebug.model import Confidence, NotChecked, Severity
from ctxdebug.questions import Question, Scope
from ctxdebug.rules import OWN, Rule, RuleData

NOT_RUN = "a Python rule of the project; --local-rules runs it"
"""Why such a rule does not look where running the project's code was not allowed."""
Member = TypeVar("Member", Severity, Question, Scope)


def python_rule(path: Path, source: str, *, run: bool) -> Rule:
    """Return the rule of a file; with `run` its code runs, otherwise the rule says of every exchange that it did not look.

    Raises `UsageError` naming the file where it is no Python, defines no rule or several, or breaks when it is run.
    """
    declared = _declared(path, source)
    return _run(path, source, declared) if run else declared


def _declared(path: Path, source: str) -> Rule:
    """Return the rule as its decorator and its page declare it, without its check."""
    try:
        tree = ast.parse(source, str(path))
    except SyntaxError as error:
        raise UsageError(f"{path}: is not Python: {error.msg} (line {error.lineno})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"{path}: is not Python: {str(error) or type(error).__name__}") from None
    calls = [
        call
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for call in node.decorator_list
        if _is_rule(call)
    ]
    if len(calls) != 1 or not isinstance(calls[0], ast.Call):
        raise UsageError(
            f"{path}: a file defines one rule, by a function under @rule(…); this one defines {len(calls)}"
        )
    call = calls[0]
    words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if len(call.args) != 2 or len(words) != 2 or not all(isinstance(word, str) for word in words):
        raise UsageError(f'{path}: @rule takes the code and the name as they are written: @rule("ABC101", "a-name", …)')
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    severity = _member(given.get("severity"), Severity)
    about = RuleData(
        _member(given.get("question"), Question), Severity.WARNING if severity is None else severity,
        _member(given.get("scope"), Scope) or Scope.EXCHANGE, Confidence.HIGH, None, (), (), 0,
    )  # fmt: skip
    return Rule(str(words[0]), str(words[1]), about, _not_run, family=OWN, page=ast.get_docstring(tree) or "")


def _is_rule(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) == "rule"


def _member(written: ast.expr | None, kind: type[Member]) -> Member | None:
    """Return the member of an enumeration that is written as `Kind.NAME`; None for anything else."""
    return kind.__members__.get(written.attr) if isinstance(written, ast.Attribute) else None


def is_not_run(rule: Rule) -> bool:
    """Whether a rule stands for one whose code was not run."""
    return rule.looks is _not_run


def _not_run(_: Any) -> Iterator[NotChecked]:
    yield NotChecked(NOT_RUN)


def _run(path: Path, source: str, declared: Rule) -> Rule:
    """Run the file's code; what it is compiled from is what was read, never bytecode that lies beside it."""
    name = f"ctxdebug_own_rules_{hashlib.blake2b(str(path.resolve()).encode(), digest_size=8).hexdigest()}"
    module = ModuleType(name, None)
    module.__file__ = str(path)
    sys.modules[name] = module
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102 - the user asked for it: --local-rules
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a project's file raises, an exit too, is one line about the file
        raise UsageError(f"{path}: cannot be loaded ({type(error).__name__}: {error})") from None
    made = [one for one in vars(module).values() if isinstance(one, Rule) and one.family == OWN]
    if [one.code for one in made] != [declared.code]:
        raise UsageError(
            f"{path}: defines {', '.join(one.code for one in made) or 'no rule'} when run, and {declared.code} as written"
        )
    return made[0]
