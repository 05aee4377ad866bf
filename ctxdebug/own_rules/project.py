"""Which of a project's own rules may run: those in TOML always, those in Python where their code is no part of what is tested."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.reads import asks_for

if TYPE_CHECKING:
    from ctxdebug.rules import Rule


def project_rules(
    folders: Sequence[str], config: str | None, *, named: str | None = None, allowed: bool = False
) -> tuple[Rule, ...]:
    """Return the rules of the folders that the configuration file `config` names; `named` is how a user named that file.

    Python files run where that is `allowed`, or where the named file is no part of the repository that is looked at. Raises
    `UsageError` on the first file that cannot be used.
    """
    if not folders:
        return ()
    from ctxdebug.own_rules.load import own_rules

    base = Path(os.path.relpath(Path(config or ".").parent))
    return own_rules(folders, base, run_python=allowed or apart(named))


def apart(named: str | None) -> bool:
    """Whether a configuration that was named lies outside of the repository of the working directory, links followed or not.

    What lies inside may be part of the change that is tested: whoever wrote the change wrote the rules too. Without a
    repository nobody can tell.
    """
    if named is None:
        return False
    here = Path.cwd()
    for folder in (here, *here.parents):
        asks_for(folder / ".git")
        if (folder / ".git").exists():
            file = Path(os.path.abspath(named))  # noqa: PTH100 - a link must stay what it is here
            tops = (folder, folder.resolve())
            return not any(one.is_relative_to(top) for one in (file, file.resolve()) for top in tops)
    return False


def runs_project_code(rules: Iterable[Rule]) -> bool:
    """Whether code of the project runs: then a result depends on more than on what was read."""
    from ctxdebug.own_rules.python_rules import is_not_run

    python = (rule for rule in rules if rule.origin is not None and rule.origin.path.endswith(".py"))
    return any(not is_not_run(rule) for rule in python)
