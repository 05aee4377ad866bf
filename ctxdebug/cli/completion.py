"""What a shell completes for the values of options and arguments."""

from __future__ import annotations

from collections.abc import Iterable


def _starting(incomplete: str, known: Iterable[str]) -> list[str]:
    """Return the known values that begin with what was typed; after a comma, what stands before it is kept."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in known if name.lower().startswith(last.lower())]


def report_formats(incomplete: str) -> list[str]:
    """Return the report formats."""
    from ctxdebug.reports import REPORT_FORMATS

    return _starting(incomplete, REPORT_FORMATS.all())


def wire_formats(incomplete: str) -> list[str]:
    """Return the wire formats."""
    from ctxdebug.wire import WIRE_FORMATS

    return _starting(incomplete, WIRE_FORMATS.all())


def log_tools(incomplete: str) -> list[str]:
    """Return the tools of which it is known where they keep their logs."""
    from ctxdebug.loading.latest import places

    return _starting(incomplete, places())


def severities(incomplete: str) -> list[str]:
    """Return the severities that may fail a build."""
    from ctxdebug.model import Severity

    return _starting(incomplete, (*(severity.word for severity in Severity), "never"))


def rules(incomplete: str) -> list[str]:
    """Return codes, prefixes, names and families of rules."""
    from ctxdebug.commands.run_options import run_options
    from ctxdebug.config import load_config
    from ctxdebug.rules import FAMILIES, catalogue

    known = catalogue(run_options(load_config()).own_rules)
    prefixes = dict.fromkeys(code[:length] for length in (3, 4) for code in known)
    names = (rule.name for rule in known.values())
    return _starting(incomplete, (*prefixes, *known, *names, *(family.folder for family in FAMILIES.values())))


def models(incomplete: str) -> list[str]:
    """Return the models of the catalogue."""
    from ctxdebug.models.known_names import known_names

    return _starting(incomplete, known_names())


def cases(incomplete: str) -> list[str]:
    """Return the ids of the project's eval cases."""
    from pathlib import Path

    from ctxdebug.config import load_config

    return _starting(incomplete, sorted(path.stem for path in Path(load_config().cases).glob("*.yaml")))
