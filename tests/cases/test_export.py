from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.cases.blobs import Blobs
from ctxdebug.cases.case import case_from
from ctxdebug.cases.conversation import conversation, conversation_text
from ctxdebug.cases.export import EXPORTERS
from ctxdebug.cases.judgement import judge_answer
from ctxdebug.cases.store import StoredCase, load_case, save_case
from ctxdebug.decoding.safe_yaml import parse_yaml
from tests.evals.model_stub import Stub, Told, chat, serve

ROOT = Path(__file__).parents[2]
HOSTILE = '{{ env.CTX_SECRET }} {% raw %}{{ env.CTX_SECRET }}{% endraw %} {{7*7}} file://secret.txt ${process.env.CTX_SECRET} """\' \\'
LONG = HOSTILE + " and more of it, line by line\n" * 120


def a_case(folder: Path, name: str = "limit", **changes: Any) -> StoredCase:
    blobs = Blobs()
    messages = [
        {"role": "system", "content": HOSTILE},
        {"role": "user", "content": LONG},
        {"role": "user", "content": "file://secret.txt"},
    ]
    content = {
        "ctxdebug": 1, "id": name, "title": f"the old limit {HOSTILE}"[:200],
        "request": {"format": "openai.chat", "body": blobs.packed({"model": "m", "messages": messages})},
        "recorded": {"passed": False, "answer": "10 days"}, "good": {"answer": "5 days"},
        "expect": {"all": [{"contains": "5 days"}, {"not-contains": "10 days"}, {"not-contains": HOSTILE}]},
    }  # fmt: skip
    return load_case(save_case(case_from(content | changes), blobs, folder))


def exported(target: str, cases: list[StoredCase], folder: Path) -> Path:
    out = EXPORTERS.all()[target].export(cases)
    for name, text in out.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("target", ["promptfoo", "inspect", "pytest", "pydantic-evals", "deepeval", "jsonl"])
def test_captured_text_stands_in_no_code_and_no_template(tmp_path: Path, target: str) -> None:
    folder = exported(target, [a_case(tmp_path / "in")], tmp_path / "out")
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".cjs") or path.name == "promptfooconfig.yaml":
            text = path.read_text()
            assert "CTX_SECRET" not in text
            assert "10 days" not in text
            assert "file://secret" not in text


def test_promptfoo_configuration_holds_ids_only(tmp_path: Path) -> None:
    folder = exported("promptfoo", [a_case(tmp_path / "in")], tmp_path / "out")
    config = parse_yaml((folder / "promptfooconfig.yaml").read_bytes())
    assert config["prompts"] == ["{{case}}"]
    assert config["tests"] == [
        {
            "description": "limit",
            "vars": {"case": "limit"},
            "assert": [{"type": "javascript", "value": "file://ctxdebug_assertion.cjs"}],
        }
    ]
    assert json.loads((folder / "ctxdebug_cases.json").read_text())["limit"]["body"]["messages"][1]["content"] == LONG


def test_what_promptfoo_cannot_judge_is_left_out_and_named(tmp_path: Path) -> None:
    cases = [
        a_case(tmp_path / "in"),
        a_case(tmp_path / "in", "unsure", good={"answer": "I do not know."}, expect={"abstains": True}),
    ]
    out = EXPORTERS.all()["promptfoo"].export(cases)
    assert list(json.loads(out.files["ctxdebug_cases.json"])) == ["limit"]
    assert out.notes == ["unsure was left out: promptfoo's side does not know abstains"]


def test_inspect_samples_hold_nothing_that_runs(tmp_path: Path) -> None:
    folder = exported("inspect", [a_case(tmp_path / "in")], tmp_path / "out")
    (line,) = (folder / "ctxdebug_dataset.jsonl").read_text().splitlines()
    sample = json.loads(line)
    assert set(sample) == {"id", "input", "target", "metadata"}
    assert [message["role"] for message in sample["input"]] == ["system", "user", "user"]


def test_jsonl_has_the_keys_of_its_readers(tmp_path: Path) -> None:
    folder = exported("jsonl", [a_case(tmp_path / "in")], tmp_path / "out")
    keys = {path.name: list(json.loads(path.read_text().splitlines()[0])) for path in folder.glob("*.jsonl")}
    assert keys == {
        "cases.jsonl": ["id", "input", "expected", "metadata"],
        "langsmith.jsonl": ["id", "inputs", "outputs", "metadata"],
        "langfuse.jsonl": ["id", "input", "expectedOutput", "metadata"],
    }


def test_a_conversation_is_told_role_by_role(tmp_path: Path) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": '{"q": "leave"}'}}
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How many days?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "Five days."},
    ]
    stored = a_case(tmp_path, request={"format": "openai.chat", "body": {"model": "m", "messages": messages}})
    told = conversation(stored)
    assert [message["role"] for message in told] == ["system", "user", "assistant", "tool"]
    assert told[1]["content"] == "How many days?"
    assert 'search with {"q": "leave"}' in told[2]["content"]
    assert told[3]["content"] == "Five days."
    assert conversation_text(stored).startswith("[system]\nBe brief.\n\n[user]\nHow many days?")
    assert "[user]\nHow … (11 more characters)" in conversation_text(stored, most=3)


@pytest.mark.parametrize("target", ["deepeval", "pydantic-evals", "pytest"])
def test_a_suite_hands_the_conversation_to_its_tool(tmp_path: Path, target: str) -> None:
    folder = exported(target, [a_case(tmp_path / "in")], tmp_path / "out")
    (module,) = folder.glob("*.py")
    compile(module.read_text(), module.name, "exec")
    assert "conversation" in module.read_text()


def test_copied_cases_load_where_they_stand(tmp_path: Path) -> None:
    case = a_case(tmp_path / "in")
    folder = exported("pytest", [case], tmp_path / "out")
    assert load_case(folder / "cases" / "limit.yaml").body() == case.body()


@pytest.mark.parametrize(
    ("answer", "calls", "expect", "passed"),
    [
        ("5 days", [], {"contains": "5 days"}, True),
        ("15 days", [], {"contains": "5 days"}, False),
        (
            "",
            [{"name": "search", "arguments": {"q": "x"}}],
            {"tool-called": {"name": "search", "arguments": {"q": "x"}}},
            True,
        ),
        (
            "",
            [{"name": "search", "arguments": '{"q": "y"}'}],
            {"tool-called": {"name": "search", "arguments": {"q": "x"}}},
            False,
        ),
        ("cut", [], {"no-finding": "MEM103"}, True),
    ],
)
def test_one_answer_is_judged(tmp_path: Path, answer: str, calls: list[Any], expect: Any, passed: bool) -> None:
    assert judge_answer(a_case(tmp_path, expect=expect), answer, calls).passed is passed


ANSWERS = [
    "5 days",
    "15 days",
    "5\u00a0days",
    "5 days, not 10 days",
    "",
    "up to 5\ndays (2.5 days each)",
    "don\u2019t",
    '{"a": 1}',
    "one two three four",
    "yes",
    " Yes.",
    "2024-05",
    "我不知道",
]
EXPECTATIONS: list[Any] = [
    {"contains": "5 days"}, {"not-contains": "5 days"}, {"icontains": "YES"}, {"not-icontains": "yes"}, {"contains-any": ["5 days", "yes"]},
    {"contains-all": ["5 days", "10 days"]}, {"starts-with": "up to"}, {"equals": "yes"}, {"regex": r"\d{4}-\d\d"}, {"not-regex": "days"},
    {"max-words": 3}, {"is-json": True}, {"contains": "don't"}, {"not": {"contains": "yes"}}, {"any": [{"equals": "yes"}, {"is-json": True}]},
    {"tool-called": "search"}, {"tool-not-called": {"name": "search", "arguments": {"a": {"b": [1]}}}},
]  # fmt: skip


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_javascript_judges_as_we_do(tmp_path: Path) -> None:
    cases = [a_case(tmp_path / "in", f"c{number}", expect=expect) for number, expect in enumerate(EXPECTATIONS)]
    folder = exported("promptfoo", cases, tmp_path / "out")
    made = [
        [],
        [{"name": "search", "arguments": '{"a": {"b": [1], "c": 2}}'}],
        [{"name": "search", "arguments": "broken"}],
    ]
    program = (
        "const judge = require('./ctxdebug_assertion.cjs'); const {answers, calls, ids} = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(ids.map((id) => answers.map((answer) => calls.map((made) => judge(JSON.stringify({answer, calls: made}), {vars: {case: id}}).pass)))))"
    )
    asked = json.dumps({"answers": ANSWERS, "calls": made, "ids": [case.case.id for case in cases]})
    found = subprocess.run(["node", "-e", program], cwd=folder, input=asked, capture_output=True, text=True, check=True)
    ours = [[[judge_answer(case, answer, calls).passed for calls in made] for answer in ANSWERS] for case in cases]
    assert json.loads(found.stdout) == ours


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_promptfoo_provider_sends_the_text_as_it_is(tmp_path: Path) -> None:
    folder = exported("promptfoo", [a_case(tmp_path / "in")], tmp_path / "out")
    with serve() as stub:
        program = (
            "const Provider = require('./ctxdebug_provider.cjs');"
            "new Provider({}).callApi('limit', {vars: {case: 'limit'}}).then((reply) => console.log(JSON.stringify(reply)))"
        )
        environment = {**os.environ, "CTXDEBUG_ENDPOINT": stub.url, "CTX_SECRET": "s3cr3t"}
        found = subprocess.run(
            ["node", "-e", program], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        reply = json.loads(found.stdout)
        assert json.loads(reply["output"]) == {"answer": "5 days", "calls": []}
        roles = ("system", "user", "user")
        texts = (HOSTILE, LONG, "file://secret.txt")
        assert reply["prompt"] == [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]
        assert [message["content"] for message in stub.requests[0]["messages"]] == [HOSTILE, LONG, "file://secret.txt"]


def tool(name: str, module: str) -> Path:
    """The Python of an environment that has the tool: CTXDEBUG_PEERS/<name>, made beforehand, or a new one."""
    home = Path(os.environ.get("CTXDEBUG_PEERS", "/tmp/ctxdebug-peers")) / name
    python = home / "bin" / "python"
    if not python.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(home)], capture_output=True, check=False)
        needed = [*tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"], "pytest"]
        installed = subprocess.run(
            [str(python), "-m", "pip", "install", "-q", name, *needed], capture_output=True, check=False, timeout=900
        )
        if made.returncode or installed.returncode:
            pytest.skip(f"{name} cannot be installed: {installed.stderr.decode()[-200:]}")
    if subprocess.run([str(python), "-c", f"import {module}"], capture_output=True, check=False).returncode:
        pytest.skip(f"{name} is installed and cannot be imported")
    return python


def run_in(folder: Path, command: list[str], stub: Stub, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "CTXDEBUG_ENDPOINT": stub.url, "OPENAI_BASE_URL": stub.url, "OPENAI_API_KEY": "k",
        "CTX_SECRET": "s3cr3t-value", "DEEPEVAL_TELEMETRY_OPT_OUT": "1", "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", **more,
    }  # fmt: skip
    (folder / "secret.txt").write_text("the secret file")
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def judged_by(stub: Stub) -> None:
    """Every second case is answered well."""
    stub.reply = lambda request: Told(chat("10 days" if "bad" in request["messages"][-1]["content"] else "5 days"))


def two_cases(folder: Path) -> list[StoredCase]:
    bad = {"model": "m", "messages": [{"role": "user", "content": f"{HOSTILE} bad"}]}
    return [a_case(folder, "fine"), a_case(folder, "poor", request={"format": "openai.chat", "body": bad})]


def sent_as_it_is(stub: Stub) -> None:
    text = json.dumps(stub.requests)
    assert "s3cr3t-value" not in text
    assert "the secret file" not in text
    assert json.dumps(HOSTILE)[1:-1] in text


def test_exported_pytest_module_runs(tmp_path: Path) -> None:
    folder = exported("pytest", two_cases(tmp_path / "in"), tmp_path / "out")
    with serve() as stub:
        judged_by(stub)
        found = run_in(
            folder, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_ctxdebug_cases.py"], stub
        )
        assert "1 failed, 1 passed" in found.stdout
        assert "the answer does not say '5 days'" in found.stdout
        assert f"[user]\n{HOSTILE} bad" in found.stdout
        sent_as_it_is(stub)


@pytest.mark.slow
def test_deepeval_runs_what_we_export(tmp_path: Path) -> None:
    python = tool("deepeval", "deepeval")
    folder = exported("deepeval", two_cases(tmp_path / "in"), tmp_path / "out")
    with serve() as stub:
        judged_by(stub)
        found = run_in(folder, [str(python), "-m", "pytest", "-q", "test_ctxdebug_deepeval.py"], stub)
        assert "1 failed, 1 passed" in found.stdout, found.stdout[-3000:]
        sent_as_it_is(stub)


@pytest.mark.slow
def test_pydantic_evals_runs_what_we_export(tmp_path: Path) -> None:
    python = tool("pydantic-evals", "pydantic_evals")
    folder = exported("pydantic-evals", two_cases(tmp_path / "in"), tmp_path / "out")
    with serve() as stub:
        judged_by(stub)
        found = run_in(folder, [str(python), "ctxdebug_dataset.py"], stub)
        assert found.returncode == 1, found.stderr[-3000:]
        assert "fine" in found.stdout
        assert "poor" in found.stdout
        assert "[user]" in found.stdout
        sent_as_it_is(stub)


@pytest.mark.slow
def test_inspect_runs_what_we_export(tmp_path: Path) -> None:
    python = tool("inspect-ai", "inspect_ai")
    folder = exported("inspect", two_cases(tmp_path / "in"), tmp_path / "out")
    with serve() as stub:
        judged_by(stub)
        command = [
            str(python),
            "-m",
            "inspect_ai",
            "eval",
            "ctxdebug_task.py",
            "--model",
            "openai-api/stub/m",
            "--display",
            "plain",
            "--log-format",
            "json",
        ]
        run_in(folder, [str(python), "-m", "pip", "install", "-q", "openai"], stub)
        found = run_in(folder, command, stub, STUB_BASE_URL=stub.url, STUB_API_KEY="k")
        logs = list((folder / "logs").glob("*.json"))
        assert logs, found.stdout[-3000:] + found.stderr[-3000:]
        log = json.loads(logs[0].read_text())
        assert log["status"] == "success", json.dumps(log.get("error"))[:2000]
        scores = {sample["id"]: sample["scores"]["frozen_expectation"]["value"] for sample in log["samples"]}
        assert scores == {"fine": "C", "poor": "I"}
        sent_as_it_is(stub)


@pytest.mark.slow
def test_promptfoo_runs_what_we_export_and_leaks_nothing(tmp_path: Path) -> None:
    home = Path(os.environ.get("CTXDEBUG_PEERS", "/tmp/ctxdebug-peers")) / "promptfoo"
    program = home / "node_modules" / ".bin" / "promptfoo"
    if not program.exists():
        if not shutil.which("npm"):
            pytest.skip("npm is not installed")
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "promptfoo"],
            cwd=home,
            capture_output=True,
            check=False,
            timeout=900,
        )
    if not program.exists():
        pytest.skip("promptfoo cannot be installed")
    folder = exported("promptfoo", two_cases(tmp_path / "in"), tmp_path / "out")
    with serve() as stub:
        judged_by(stub)
        command = [str(program), "eval", "--no-cache", "--no-progress-bar", "--no-table", "-o", "out.json"]
        found = run_in(folder, command, stub, PROMPTFOO_CONFIG_DIR=str(tmp_path / "home"))
        assert found.returncode == 100, found.stdout[-3000:] + found.stderr[-3000:]
        text = (folder / "out.json").read_text()
        results = json.loads(text)["results"]["results"]
        assert {result["vars"]["case"]: result["success"] for result in results} == {"fine": True, "poor": False}
        shown = {result["vars"]["case"]: result["response"]["prompt"] for result in results}
        assert shown["poor"] == [{"role": "user", "content": f"{HOSTILE} bad"}]
        assert "s3cr3t-value" not in text + found.stdout + found.stderr
        sent_as_it_is(stub)
