"""Every rule that a project's configuration names, each under a code and a name that nobody else has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ctxdebug.errors import UsageError
from ctxdebug.own_rules.folder import rule_files, source_of
from ctxdebug.rules import RULES, Origin, Rule, families
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import clean

_CODE = lazy(r"[A-Z]{3}[0-9]{3}")
_NAME = lazy(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME = 60


class OwnRules(tuple[Rule, ...]):
    """Rules of a project, by code; another process is sent where they stand, and reads them once."""

    again: Callable[[], OwnRules]

    def __reduce__(self) -> tuple[Callable[[], OwnRules], tuple[()]]:
        return self.again, ()


def own_rules(folders: Sequence[str], base: Path, *, run_python: bool, shown: Path | None = None) -> OwnRules:
    """Return the rules of `folders`, which stand under `base`; Python files run only where that is allowed.

    `shown` is `base` as messages name it. Raises `UsageError` with one line about the first file that cannot be used.
    """
    shown = base if shown is None else shown
    found: dict[str, Rule] = {}
    again = partial(own_rules, tuple(folders), base.resolve(), run_python=run_python, shown=shown)
    for folder in folders:
        for path in rule_files(folder, base):
            for rule in _rules(path, run_python=run_python):
                _check(rule, path, found)
                rule.origin = Origin(str(shown / path.relative_to(base)), partial(_one_of, again))
                found[rule.code] = rule
    rules = OwnRules(found[code] for code in sorted(found))
    rules.again = again
    return rules


def _one_of(again: Callable[[], OwnRules], code: str) -> Rule:
    """Return one rule, read again in another process, which was sent its code."""
    return next(rule for rule in again() if rule.code == code)


def _rules(path: Path, *, run_python: bool) -> Sequence[Rule]:
    source = source_of(path)
    if path.suffix == ".py":
        from ctxdebug.own_rules.python_rules import python_rule

        return [python_rule(path, source, run=run_python)]
    from ctxdebug.own_rules.toml_rules import toml_rules

    return list(toml_rules(path, source))


def _check(rule: Rule, path: Path, found: dict[str, Rule]) -> None:
    """Raise `UsageError` where a rule's code, name or page is not one that a project's rule may have."""
    if not _CODE.fullmatch(rule.code):
        raise UsageError(f"{path}: the code {rule.code!r} is not three capital letters and three digits, as ABC101")
    if rule.code[:3] in families():
        raise UsageError(
            f"{path}: codes that begin with {rule.code[:3]} are ctxdebug's own; give {rule.code} a prefix of the project"
        )
    if not _NAME.fullmatch(rule.name) or len(rule.name) > _LONGEST_NAME:
        raise UsageError(
            f"{path}: {rule.code}: the name {rule.name!r} is not in small letters with hyphens, as refund-window-named"
        )
    if rule.code in found:
        origin = found[rule.code].origin
        raise UsageError(f"{path}: {rule.code} is also in {origin.path if origin else path}")
    if any(rule.name == other.name for other in (*RULES.all().values(), *found.values())):
        raise UsageError(f"{path}: {rule.code}: another rule is called {rule.name}")
    try:
        page = rule.page
    except ValueError as error:
        raise UsageError(f"{path}: {rule.code}: {error}") from None
    texts = (
        page.title,
        page.why,
        page.fix,
        *(example.text for example in page.examples),
        *(text for more in page.more for text in more),
    )
    if any(clean(text) != text for text in texts):
        raise UsageError(
            f"{path}: {rule.code}: its page contains characters that cannot be seen, or that a terminal obeys"
        )
