"""What `export` does."""

from __future__ import annotations

from pathlib import Path

from ctxdebug.commands.terminal import say, warn
from ctxdebug.errors import UsageError
from ctxdebug.text.nearest import choices


def export_cases(target: str, paths: list[str] | None, output: str | None, config_file: str | None) -> int:
    """Write the files; 2 when a case cannot be read, and nothing is written then."""
    from ctxdebug.cases.export import EXPORTERS
    from ctxdebug.cases.lint import loaded
    from ctxdebug.commands.case import case_paths
    from ctxdebug.config import load_config
    from ctxdebug.files import write_whole

    known = EXPORTERS.all()
    if target not in known:
        raise UsageError(f"unknown target {target!r}; {choices(target, known)}")
    cases, flaws = loaded(case_paths(paths, load_config(config_file)))
    for flaw in flaws:
        warn(f"{flaw.path}: {flaw.message}")
    if flaws:
        return 2
    exported = known[target].export(cases)
    folder = Path(output or f"export/{target}")
    for name, text in exported.files.items():
        write_whole(folder / name, text.encode("utf-8", "surrogatepass"), folders=True)
    lines = [f"wrote {len(exported.files)} files to {folder}", *exported.notes]
    if exported.run:
        lines.append(f"run it there: {exported.run}")
    for line in lines:
        say(line)
    return 0
