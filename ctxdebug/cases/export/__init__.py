"""Cases for other tools: one file, one tool.

Captured text never stands in generated code or in a template of the target's. It stays in the case
files, which are copied beside, or in plain JSON that only our own few lines read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.cases.blobs import file_name
from ctxdebug.cases.case import case_content
from ctxdebug.cases.store import case_text, references, schema_text
from ctxdebug.records import field, record
from ctxdebug.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.cases.store import StoredCase

    Export = Callable[[Sequence[StoredCase]], "Exported"]


@record(slots=True)
class Exported:
    """Files by their path under the output folder, and what could not be carried over."""

    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    run: str = ""
    """The command that runs them."""


@record(frozen=True, slots=True)
class Exporter:
    """One target."""

    name: str
    about: str
    export: Export


EXPORTERS: Registry[Exporter] = Registry("ctxdebug.cases.export", lambda entry: entry.name)


def exporter(name: str, about: str) -> Callable[[Export], Export]:
    """Register an exporter."""
    return EXPORTERS.register(lambda export: Exporter(name, about, export))


def template(name: str) -> str:
    """Return a file of ours that goes out as it is; nothing is ever filled in."""
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def copied(cases: Sequence[StoredCase]) -> dict[str, str]:
    """Return the case files and their texts, to stand beside the exported suite."""
    files = {"cases/schema.json": schema_text(), "cases/blobs/.gitattributes": "* -text\n"}
    for stored in cases:
        files[f"cases/{stored.case.id}.yaml"] = case_text(stored.case)
        for reference in references(case_content(stored.case)):
            files[f"cases/blobs/{file_name(reference)}"] = stored.read(reference)
    return files
