"""promptfoo, through a provider and an assertion of our own.

promptfoo renders prompts, variables and assertion values as templates: `{{ env.X }}` in captured text
becomes the variable's value, and `file://` is read, even inside raw blocks. So the configuration holds
case ids only, and the texts stay in a JSON file that our two small scripts read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.exchanges import case_snapshot, sources
from ctxdebug.cases.expectation import leaves
from ctxdebug.cases.export import Exported, exporter, template
from ctxdebug.cases.yaml_form import yaml_text
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase

_CARRIED = frozenset(
    {"contains", "not-contains", "icontains", "not-icontains", "contains-any", "contains-all", "starts-with", "equals"}
    | {"regex", "not-regex", "max-words", "tool-called", "tool-not-called", "is-json"}
)
"""The words that the JavaScript assertion knows; a case with another is left out, and said to be."""


@exporter("promptfoo", "a promptfoo configuration with its own provider and assertion")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write the configuration, the texts, the provider and the assertion."""
    out = Exported(run="npx promptfoo eval --no-cache")
    held: dict[str, Any] = {}
    for stored in cases:
        try:
            held[stored.case.id] = _case(stored)
        except UsageError as error:
            out.notes.append(f"{stored.case.id} was left out: {error}")
    config = {
        "description": "frozen cases of ctxdebug",
        "prompts": ["{{case}}"],
        "providers": ["file://ctxdebug_provider.cjs"],
        "tests": [
            {
                "description": case_id,
                "vars": {"case": case_id},
                "assert": [{"type": "javascript", "value": "file://ctxdebug_assertion.cjs"}],
            }
            for case_id in held
        ],
    }
    header = "# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n"
    out.files = {
        "promptfooconfig.yaml": header + yaml_text(config),
        "ctxdebug_cases.json": json.dumps(held, ensure_ascii=True, indent=1) + "\n",
        "ctxdebug_provider.cjs": template("promptfoo_provider.cjs"),
        "ctxdebug_assertion.cjs": template("promptfoo_assertion.cjs"),
    }
    return out


def _case(stored: StoredCase) -> dict[str, Any]:
    for word, value, _ in leaves(stored.case.expect):
        if word not in _CARRIED or (word == "is-json" and value is not True):
            raise UsageError(f"promptfoo's side does not know {word}{' with a schema' if word == 'is-json' else ''}")
        if word in ("regex", "not-regex") and "(?" in str(value):
            raise UsageError(f"the pattern {value!r} may mean something else in JavaScript")
    snapshot = case_snapshot(stored, RunOptions())
    body = stored.body() if stored.case.request.format == "openai.chat" else converted(snapshot, "openai.chat")
    body.pop("stream", None)
    body.pop("stream_options", None)
    return {"body": body, "expect": msgspec.to_builtins(stored.case.expect), "sources": list(sources(snapshot))}
