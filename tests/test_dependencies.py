"""Each direct dependency does what we use it for; run on its lowest and its newest release too (`.ci/run`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tests.shell import ROOT, ctxdebug

LEAVE_BOT = str(ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json")
pytestmark = pytest.mark.deps


def typer() -> None:
    assert "Usage" in ctxdebug("check", "--help").stdout
    assert ctxdebug("--no-such-option").returncode == 2


def rich() -> None:
    assert "MEM403" in ctxdebug("inspect", LEAVE_BOT).stdout


def tiktoken() -> None:
    from ctxdebug.tokens.vocabulary import encoding

    assert encoding("o200k_base").encode_ordinary("How many days may I carry over?") == [
        5299,
        1991,
        3376,
        1340,
        357,
        9852,
        1072,
        30,
    ]


def pyyaml() -> None:
    from ctxdebug.decoding.safe_yaml import parse_yaml
    from ctxdebug.errors import LoadError

    assert parse_yaml("a: [1, 'x']\n") == {"a": [1, "x"]}
    with pytest.raises(LoadError):
        parse_yaml("a: [")


def httpx() -> None:
    from ctxdebug.evals.dialects import address
    from ctxdebug.evals.endpoint import Endpoint
    from tests.evals.model_stub import serve

    with serve() as stub:
        endpoint = Endpoint(address(stub.url))
        assert endpoint.ask({"model": "m", "messages": [{"role": "user", "content": "hello"}]}).status == 200
        endpoint.close()


def jinja2() -> None:
    from ctxdebug.engine.run import RunOptions, run
    from ctxdebug.reports import REPORT_FORMATS

    assert "<!doctype html>" in REPORT_FORMATS.all()["html"].render(run([LEAVE_BOT], RunOptions(), keep=True))


def msgspec() -> None:
    from ctxdebug.cases.case import case_schema

    assert case_schema()["title"] == "ctxdebug case"


def rapidfuzz() -> None:
    from ctxdebug.engine.run import RunOptions, run

    assert run([LEAVE_BOT], RunOptions(pedantic=True)).findings


def markdown_it_py() -> None:
    from ctxdebug.text.layout import BlockKind, layout

    found = layout("# a\n\n- b\n")
    assert found is not None
    assert [block.kind for block in found.blocks] == [BlockKind.HEADING, BlockKind.BULLET]


def tinycss2() -> None:
    from ctxdebug.analysis.directives.unseen_style import hides, hiding_names

    assert hides("d\\69splay:/**/none")
    assert hiding_names("@media screen { p .x, #y { opacity: 0 } }") == {".x", "#y"}


def pystemmer() -> None:
    from ctxdebug.text.languages import all_languages
    from ctxdebug.text.stems import stem, stemmer

    assert stem("policies") == "polici"
    for code in all_languages():
        stemmer(code)("x")


def jsonschema() -> None:
    from ctxdebug.cases.case import case_schema

    import_module("jsonschema").Draft202012Validator.check_schema(case_schema())


USES: tuple[Callable[[], None], ...] = (
    typer, rich, tiktoken, pyyaml, httpx, jinja2, msgspec, rapidfuzz, markdown_it_py, tinycss2, pystemmer, jsonschema
)  # fmt: skip


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_a_dependency_does_what_we_use_it_for(use: Callable[[], None]) -> None:
    use()


def test_every_direct_dependency_has_a_lower_bound_and_a_use_here() -> None:
    project = tomllib.loads(Path(ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {match[1] for row in project["dependencies"] if (match := re.match(r"([\w-]+)>=[\d.]+", row))}
    assert len(names) == len(project["dependencies"])
    assert names == {use.__name__.replace("_", "-") for use in USES}
