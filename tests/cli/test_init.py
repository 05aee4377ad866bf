"""`init`: shows before it writes, writes once, and never touches what exists."""

from __future__ import annotations

import subprocess
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from ctxdebug.commands import install_source as sources
from ctxdebug.commands.git import git as git_says
from ctxdebug.commands.install_source import requirement
from ctxdebug.config import load_config
from tests.shell import ctxdebug

ROOT = Path(__file__).parent.parent.parent
WRITTEN = ["ctxdebug.toml", ".pre-commit-config.yaml", ".github/workflows/ctxdebug.yml"]


def init(folder: Path, *arguments: str) -> CompletedProcess[str]:
    return ctxdebug("init", *arguments, cwd=folder)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_without_a_terminal_it_only_shows(tmp_path: Path) -> None:
    done = init(tmp_path)
    assert done.returncode == 0
    for name in WRITTEN:
        assert f"{name}: would be written" in done.stdout
    assert "nothing was written; --yes writes it" in done.stdout
    assert files(tmp_path) == {}


def test_it_writes_once_and_then_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "--yes").returncode == 0
    first = files(tmp_path)
    assert sorted(first) == sorted(WRITTEN)
    again = init(tmp_path, "--yes")
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1] == "nothing to write"
    assert files(tmp_path) == first


def test_what_exists_is_left_alone_and_the_lines_to_add_are_shown(tmp_path: Path) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    (tmp_path / "ctxdebug.toml").write_text("pedantic = true\n", encoding="utf-8")
    done = init(tmp_path, "--yes")
    assert "does not name ctxdebug; left as it is; to add by hand" in done.stdout
    assert "id: ctxdebug-check" in done.stdout
    held = files(tmp_path)
    assert held[".pre-commit-config.yaml"] == "repos: []\n"
    assert held["ctxdebug.toml"] == "pedantic = true\n"


def test_a_configuration_in_pyproject_is_enough(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.ctxdebug]\nfail-on = "warning"\n', encoding="utf-8")
    init(tmp_path, "--yes")
    assert not (tmp_path / "ctxdebug.toml").exists()


def test_a_gitlab_repository_gets_the_lines_for_its_job(tmp_path: Path) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("build:\n  script: make\n", encoding="utf-8")
    done = init(tmp_path, "--yes")
    assert "codequality: gl-code-quality-report.json" in done.stdout
    assert not (tmp_path / ".github").exists()


def test_links_are_not_written_through(tmp_path: Path) -> None:
    elsewhere, repository = tmp_path / "elsewhere", tmp_path / "repository"
    elsewhere.mkdir()
    repository.mkdir()
    (repository / ".github").symlink_to(elsewhere)
    (repository / "ctxdebug.toml").symlink_to(elsewhere / "mine.toml")
    done = init(repository, "--yes")
    assert done.returncode == 2
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    done = init(tmp_path, "nowhere")
    assert done.returncode == 2
    assert "nowhere is not a folder" in done.stderr


def test_the_configuration_that_it_writes_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init(tmp_path, "--yes")
    monkeypatch.chdir(tmp_path)
    config = load_config()
    assert config.captures == ("captures",)
    assert config.gate.confidence == "medium"
    commented = (tmp_path / "ctxdebug.toml").read_text(encoding="utf-8")
    (tmp_path / "ctxdebug.toml").write_text(
        "".join(f"{line.removeprefix('# ')}\n" for line in commented.splitlines()[1:]), encoding="utf-8"
    )
    assert load_config().gate.require_cases == ("MEM",)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_jobs_install_from_the_source_that_is_given(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes", "--source", "https://code.example.org/tools/ctxdebug")
    assert done.returncode == 0
    wanted = '"ctxdebug @ git+https://code.example.org/tools/ctxdebug"'
    assert f"pip install {wanted}" in files(tmp_path)[WRITTEN[2]]
    assert f"additional_dependencies: [{wanted}]" in files(tmp_path)[WRITTEN[1]]


@pytest.mark.parametrize("source", ['x"; rm -rf ~; "', "$(id)", "`id`", "a\nb", "", "-r evil.txt", "a\\b"])
def test_a_source_that_could_leave_its_quotation_marks_is_refused(tmp_path: Path, source: str) -> None:
    assert init(tmp_path, "--yes", f"--source={source}").returncode == 2
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("ctxdebug==1.2", "ctxdebug==1.2"),
        ("git@code.example.org:tools/ctxdebug.git", "ctxdebug @ git+ssh://git@code.example.org/tools/ctxdebug.git"),
        ("git+https://code.example.org/x@abc", "ctxdebug @ git+https://code.example.org/x@abc"),
        ("https://code.example.org/ctxdebug-1.0-py3-none-any.whl", "ctxdebug @ https://code.example.org/ctxdebug-1.0-py3-none-any.whl"),
    ],
)  # fmt: skip
def test_an_address_becomes_what_pip_takes(address: str, wanted: str) -> None:
    assert requirement(address) == wanted


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        ("https://someone:s3cret@code.example.org/tools/ctxdebug.git", "https://code.example.org/tools/ctxdebug.git"),
        ("git@code.example.org:tools/ctxdebug.git", "ssh://git@code.example.org/tools/ctxdebug.git"),
        ("/srv/git/ctxdebug", None),
        ("https://code.example.org/a?token=s3cret", "https://code.example.org/a"),
        ('https://code.example.org/"$(id)"', None),
    ],
)
def test_the_origin_of_the_clone_is_the_default_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str, wanted: str | None
) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "remote", "add", "origin", origin)
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    monkeypatch.setattr(sources, "_clone", lambda: tmp_path)
    found = sources.install_source(None)
    if wanted is None:
        assert found.requirement.startswith("ctxdebug @ file:///source-not-set/")
        assert "the jobs fail until you give one" in found.note
        return
    assert found.requirement == f"ctxdebug @ git+{wanted}"
    assert "not pinned" in found.note
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit = git_says("rev-parse", "HEAD", folder=tmp_path).strip()
    assert sources.install_source(None).requirement == f"ctxdebug @ git+{wanted}@{commit}"


def test_without_a_clone_the_jobs_fail_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_clone", lambda: None)
    found = sources.install_source(None)
    assert "source-not-set" in found.requirement
    assert "ctxdebug init --source URL" in found.note
