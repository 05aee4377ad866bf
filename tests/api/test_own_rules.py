"""A project's own rules in the API: where a configuration names them, and in results that travel."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import ctxdebug
from tests.own_rules.projects import POLITE, REFUND, project
from tests.shell import ROOT

ASKED = {"messages": [{"role": "user", "content": "How do I get a refund for my kettle?"}]}
ANSWERED = {
    "choices": [{"message": {"role": "assistant", "content": "Send it back, and we pay."}, "finish_reason": "stop"}]
}


def test_they_run_where_a_configuration_names_them(tmp_path: Path) -> None:
    folder = project(tmp_path, refund_toml=REFUND, polite_py=POLITE)
    case = ctxdebug.inspect(ASKED, ANSWERED, config=folder / "ctxdebug.toml", local_rules=True)
    own = [finding.code for finding in case.findings if finding.code.startswith("ACM")]
    assert len(own) == 2
    assert [finding.code for finding in ctxdebug.inspect(ASKED, ANSWERED).findings if finding.code in own] == []


def test_a_result_travels_without_their_code(tmp_path: Path) -> None:
    folder = project(tmp_path, refund_toml=REFUND, polite_py=POLITE)
    case = ctxdebug.inspect(ASKED, ANSWERED, config=folder / "ctxdebug.toml", local_rules=True)
    held = tmp_path / "case.pickle"
    held.write_bytes(pickle.dumps(case))
    code = f"import pickle; case = pickle.load(open({str(held)!r}, 'rb')); print(*[f.code for f in case.findings]); case._repr_html_()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [finding.code for finding in case.findings]
