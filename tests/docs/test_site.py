"""The site: a page for everything that the code declares, links that lead somewhere, and a strict build."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from ctxdebug import __version__
from ctxdebug.containers import CONTAINERS
from ctxdebug.rules import RULES
from ctxdebug.wire import WIRE_FORMATS
from scripts.documentation import SCHEMAS, commands, home_page, reference_pages, write_site
from scripts.documentation_examples import examples
from tests.shell import ROOT

_LINK = re.compile(r"\]\((?P<address>[^)\s]{1,300})\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages()


def links(text: str) -> list[str]:
    """Return the relative links of a page, without their anchors."""
    addresses = (found["address"] for found in _LINK.finditer(_CODE.sub("", text)))
    return [one.partition("#")[0] for one in addresses if "://" not in one and not one.startswith(("#", "mailto:"))]


def test_there_is_a_page_for_every_rule_format_container_command_and_schema(pages: dict[str, str]) -> None:
    wanted = {
        *(f"reference/rules/{code}.md" for code in RULES.all()),
        *(f"reference/formats/{name}.md" for name in WIRE_FORMATS.all()),
        *(f"reference/containers/{name}.md" for name in CONTAINERS.all()),
        *(f"reference/commands/{name}.md" for name in commands()),
        *(f"reference/schemas/{name}" for name, _path, _about in SCHEMAS),
        "reference/configuration.md",
    }
    assert wanted <= set(pages)
    assert all(text.strip() for text in pages.values())


def test_a_rules_page_has_its_examples_and_a_commands_page_its_help(pages: dict[str, str]) -> None:
    for text in (pages[f"reference/rules/{code}.md"] for code in RULES.all()):
        assert text.startswith("# ")
        assert "Fix:" in text
    assert "--fail-on" in pages["reference/commands/check.md"]
    assert "ctxdebug case verify --help" in pages["reference/commands/case.md"]
    assert "max-lost-instructions" in pages["reference/configuration.md"]


def test_every_schema_of_the_package_is_on_the_site() -> None:
    shipped = {path.relative_to(ROOT / "ctxdebug").as_posix() for path in (ROOT / "ctxdebug").rglob("*schema.json")}
    assert shipped == {path for _name, path, _about in SCHEMAS}


def test_links_between_the_made_pages_lead_somewhere(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        for address in links(text) if path.endswith(".md") else ():
            assert (Path(path).parent / address).as_posix() in pages, (path, address)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(path: Path) -> None:
    for address in links(path.read_text("utf-8")):
        assert (path.parent / address).exists(), address


def test_what_the_navigation_names_is_there(pages: dict[str, str]) -> None:
    def named(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        return [path for part in (entry.values() if isinstance(entry, dict) else entry) for path in named(part)]  # type: ignore[attr-defined]  # a list

    there = {*pages, "index.md", "changelog.md", "contributing.md"}
    there |= {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    navigation = named(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"])
    assert set(navigation) <= there
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {path for path in written if not path.startswith("skills/")} <= set(navigation), "a page that nobody finds"


def test_the_home_page_is_the_readme_with_links_of_the_site() -> None:
    text = home_page()
    assert "](docs/" not in text
    assert "](recipes/index.md)" in text


def test_the_repository_is_never_emptied() -> None:
    for target in (ROOT, ROOT.parent, ROOT / "docs", ROOT / "ctxdebug"):
        with pytest.raises(ValueError, match="is not a folder for a site"):
            write_site(target)


def test_examples_are_of_commands_that_are_there() -> None:
    assert set(examples()) <= set(commands())
    assert all(line.partition(" ")[0] == name for name, lines in examples().items() for line in lines)


@pytest.mark.slow
def test_the_site_builds_strictly(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="the extra `docs`")
    write_site(tmp_path / "build" / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    site = tmp_path / "build" / "site"
    assert (site / "reference" / "rules" / "MEM101.html").is_file()
    assert "used the older one" in (site / "reference" / "commands" / "inspect.html").read_text("utf-8")
    assert {path.name for path in (site / "examples").iterdir()} >= {
        "inspect.html",
        "session.html",
        "check.html",
        "lake.html",
        "diff.html",
    }


def test_the_version_is_the_same_in_every_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"rev: v{__version__}" in (ROOT / "docs" / "ci.md").read_text("utf-8")
