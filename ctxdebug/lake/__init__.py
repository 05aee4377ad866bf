"""A lake of captures: rows of any number of files and tables, examined by the same rules, on one machine or many.

`check_batch` is the only function that an engine calls: rows in, results out, both as Arrow batches (`schemas`).
Everything else brings rows to it and puts its results in order.
"""

from __future__ import annotations

from ctxdebug.errors import UsageError


def need(*packages: str, extra: str = "scan", what: str = "ctxdebug scan") -> None:
    """Raise `UsageError` that names the extra where one of the packages is not installed."""
    from importlib.util import find_spec

    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise UsageError(f"{what} needs {' and '.join(missing)}: pip install 'ctxdebug[{extra}]'")
