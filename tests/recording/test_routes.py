"""Where calls go: what stood in the environment wins over the provider's own address, and nothing is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.recording.proxy.routes import Plan, child_command, child_environment, plan

BASE = "http://127.0.0.1:8787"


def values(found: Plan) -> dict[str, str]:
    return {setting.variable: setting.value(BASE) for setting in found.settings}


def origins(found: Plan) -> dict[str, str]:
    return {route.name: route.origin for route in found.routes}


def test_without_settings_the_providers_own_addresses_are_used() -> None:
    found = plan({})
    assert values(found)["OPENAI_BASE_URL"] == f"{BASE}/openai/v1"
    assert values(found)["ANTHROPIC_BASE_URL"] == f"{BASE}/anthropic"
    assert values(found)["OLLAMA_HOST"] == f"{BASE}/ollama"
    assert origins(found)["openai"] == "https://api.openai.com"
    assert {setting.taken_from for setting in found.settings} == {None}


@pytest.mark.parametrize(
    "variable", ["AZURE_OPENAI_ENDPOINT", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "GOOGLE_VERTEX_BASE_URL"]
)
def test_an_address_that_depends_on_the_account_is_set_only_where_it_was(variable: str) -> None:
    assert variable not in values(plan({}))
    found = plan({variable: "https://ours.example/base/"})
    assert values(found)[variable].endswith("/base")
    assert "https://ours.example" in origins(found).values()


def test_what_was_set_is_kept_with_its_path() -> None:
    found = plan({"OPENAI_BASE_URL": "https://gateway.example:8443/team/v1"})
    (setting,) = [setting for setting in found.settings if setting.variable == "OPENAI_BASE_URL"]
    assert (setting.value(BASE), setting.upstream, setting.taken_from) == (
        f"{BASE}/openai/team/v1", "https://gateway.example:8443/team/v1", "OPENAI_BASE_URL")  # fmt: skip


def test_a_variable_beside_one_that_is_set_stays_unset() -> None:
    """A tool that reads both would otherwise be led to the provider instead of the gateway."""
    assert "OPENAI_API_BASE" not in values(plan({"OPENAI_BASE_URL": "http://localhost:8000/v1"}))


def test_two_variables_may_lead_to_two_places() -> None:
    found = plan({"OPENAI_BASE_URL": "http://localhost:8000/v1", "OPENAI_API_BASE": "http://localhost:9000/v1"})
    assert origins(found)["openai"] == "http://localhost:8000"
    assert origins(found)["openai-2"] == "http://localhost:9000"
    assert values(found)["OPENAI_API_BASE"] == f"{BASE}/openai-2/v1"


@pytest.mark.parametrize(
    ("value", "origin"),
    [("0.0.0.0", "http://127.0.0.1:11434"), ("gpu-box", "http://gpu-box:11434"), ("gpu-box:9999", "http://gpu-box:9999"),
     (":9999", "http://127.0.0.1:9999"), ("https://ollama.example", "https://ollama.example"), ("0.0.0.0:11434", "http://127.0.0.1:11434")],
)  # fmt: skip
def test_a_host_may_stand_without_scheme(value: str, origin: str) -> None:
    assert origins(plan({"OLLAMA_HOST": value}))["ollama"] == origin


def test_an_option_wins_over_the_environment() -> None:
    found = plan({"OPENAI_BASE_URL": "http://localhost:1/v1"}, ["openai=http://localhost:2/v1"])
    assert origins(found)["openai"] == "http://localhost:2"


def test_a_url_alone_serves_every_path_and_the_variables_of_its_provider() -> None:
    found = plan({}, ["https://api.anthropic.com"])
    assert origins(found)[""] == "https://api.anthropic.com"
    assert origins(found)["openai"] == "https://api.openai.com"
    found = plan({}, ["http://localhost:8000/v1"])
    assert origins(found)["openai"] == origins(found)[""] == "http://localhost:8000"


def test_a_name_of_ones_own_is_a_route() -> None:
    assert origins(plan({}, ["ours=http://localhost:8000"]))["ours"] == "http://localhost:8000"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        'OPENAI_BASE_URL="http://localhost:1/v1"\nMISTRAL_API_BASE = http://localhost:2/v1 # here\nNOT_OURS=x\n'
    )
    found = plan({"OPENAI_BASE_URL": "http://localhost:3/v1"}, dotenv=path)
    assert origins(found)["openai"] == "http://localhost:3"
    assert origins(found)["mistral"] == "http://localhost:2"


@pytest.mark.parametrize("value", ["ftp://x/", "http://", "http://host:port/v1", "openai="])
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="is no http address"):
        plan({}, [value])


def test_the_command_reaches_this_machine_without_a_proxy() -> None:
    made = child_environment({"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "corp.example"}, plan({}), BASE)
    assert made["NO_PROXY"] == "corp.example,127.0.0.1,localhost"
    assert made["HTTP_PROXY"] == "http://proxy:3128"


def test_paths_are_put_right_only_for_the_provider_itself() -> None:
    def paths(environ: dict[str, str]) -> dict[str, str]:
        return next(dict(route.paths) for route in plan(environ).routes if route.name == "anthropic")

    assert paths({})["/messages"] == "/v1/messages"
    assert paths({"ANTHROPIC_BASE_URL": "http://localhost:1"}) == {}


def test_a_tool_that_reads_no_variable_gets_an_argument() -> None:
    assert child_command(["/usr/bin/codex", "exec", "hi"], plan({}), BASE) == [
        "/usr/bin/codex", "-c", f'openai_base_url="{BASE}/openai/v1"', "exec", "hi"]  # fmt: skip
    assert child_command(["python", "codex"], plan({}), BASE) == ["python", "codex"]


def test_every_row_has_a_source() -> None:
    from ctxdebug.recording.proxy.routes import _table

    rows = [row for kind in ("variables", "arguments", "paths") for row in _table()[kind]]
    assert [row for row in rows if not row["source"]] == []
    assert len({row["variable"] for row in _table()["variables"]}) == len(_table()["variables"])
