"""Frozen cases as pytest items: `pytest fixtures/cases` runs every `*.yaml` case; and a fixture that records a test's calls.

Stored answers are judged by default; `--ctxdebug-live` asks the endpoint. The module imports next to
nothing, because it is loaded by every pytest session of every project that has ctxdebug installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.evals.trials import CaseResult
    from ctxdebug.recording.in_process.active import Recording

_MARK = "\nctxdebug: 1\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of live runs."""
    group = parser.getgroup("ctxdebug", "frozen cases of ctxdebug")
    group.addoption("--ctxdebug-live", action="store_true", help="ask the endpoint instead of judging stored answers")
    group.addoption("--ctxdebug-endpoint", default=None, help="the endpoint (default: CTXDEBUG_ENDPOINT)")
    group.addoption("--ctxdebug-model", default=None, help="the model (default: CTXDEBUG_MODEL, else the case's own)")
    group.addoption(
        "--ctxdebug-repeat", type=int, default=1, help="ask every case so many times; all answers must pass"
    )
    group.addoption(
        "--ctxdebug-captures",
        default=None,
        metavar="FOLDER",
        help="where ctxdebug_recording writes (default: tmp_path)",
    )


@pytest.fixture
def ctxdebug_recording(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Recording]:
    """Record the model calls of a test; `ctxdebug_recording.check(fail_on="error")` asserts that nothing is wrong with them."""
    import re
    from pathlib import Path

    import ctxdebug

    folder = request.config.getoption("--ctxdebug-captures")
    name = re.sub(r"[^\w.-]+", "-", request.node.nodeid).strip("-")[-120:]
    with ctxdebug.record(Path(folder) / f"{name}.jsonl" if folder else tmp_path / "ctxdebug.jsonl") as recording:
        yield recording


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a YAML file that says of itself that it is a case."""
    if file_path.suffix != ".yaml" or not _is_case(file_path):
        return None
    collector: pytest.Collector = CaseFile.from_parent(parent, path=file_path)
    return collector


def _is_case(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(400)
    except OSError:
        return False
    return _MARK in "\n" + head.decode("utf-8", "replace").replace("\r\n", "\n")


class CaseFile(pytest.File):
    """A file with one case."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the case; a file that cannot be read is a collection error."""
        from ctxdebug.cases.store import load_case
        from ctxdebug.errors import LoadError

        try:
            stored = load_case(self.path)
        except LoadError as error:
            raise self.CollectError(error.message) from None
        yield CaseItem.from_parent(self, name=stored.case.id, stored=stored)


class CaseFailure(Exception):  # noqa: N818  (it is a verdict, not an error)
    """A case that failed, with its result."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.reason)
        self.result = result


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, stored: StoredCase, **more: Any) -> None:
        super().__init__(**more)
        self.stored = stored

    def runtest(self) -> None:
        """Judge the stored answers, or ask; undecided is skipped with its reason, since it is no verdict."""
        from ctxdebug.config import load_config
        from ctxdebug.engine.run import RunOptions
        from ctxdebug.evals.recorded import recorded_result
        from ctxdebug.own_rules.project import project_rules

        if self.config.getoption("--ctxdebug-live"):
            self._ask()
            return
        config = load_config()
        result = recorded_result(self.stored, RunOptions(own_rules=project_rules(config.rules, config.path)))
        if result.flaws:
            raise CaseFailure(result)
        if any(trial.outcome.passed is None for trial in result.trials):
            pytest.skip(result.reason)

    def _ask(self) -> None:
        from ctxdebug.cases.judgement import judge_answer
        from ctxdebug.evals.asking import ask
        from ctxdebug.evals.recorded import target_of
        from ctxdebug.evals.trials import CaseResult, Trial

        trials = []
        for index in range(self.config.getoption("--ctxdebug-repeat")):
            answer, calls = ask(
                self.stored, self.config.getoption("--ctxdebug-endpoint"), self.config.getoption("--ctxdebug-model")
            )
            outcome = judge_answer(self.stored, answer, calls)
            trials.append(Trial(self.stored.case.id, index, outcome, answer))
            if outcome.passed is None:
                pytest.skip(outcome.reason)
            if not outcome.passed:
                case = self.stored.case
                raise CaseFailure(CaseResult(case.id, case.title, target_of(self.stored), tuple(trials)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002  (the signature is not ours)
        """Return what was expected, what was said, and the words on both sides."""
        from ctxdebug.errors import CtxdebugError, EndpointError

        error = excinfo.value
        if isinstance(error, CaseFailure):
            return "\n".join(_told(self.stored, error.result))
        if isinstance(error, EndpointError):
            return f"no verdict: {error}"
        if isinstance(error, CtxdebugError):
            return str(error)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the place of the case."""
        return self.path, 0, f"case {self.name}"


def _told(stored: StoredCase, result: CaseResult) -> Iterator[str]:
    from ctxdebug.text.printable import around, clean_line, excerpt

    yield clean_line(f"{result.case}: {result.title}")
    yield clean_line(f"  {result.reason}")
    for trial in result.trials[-1:]:
        yield f"  answer     {excerpt(trial.answer, 200)}"
        for start, end in trial.outcome.spans[:2]:
            yield f"             …{around(trial.answer, max(0, start - 30), min(len(trial.answer), end + 30))}…"
    for explanation in stored.case.findings[:2]:
        for item in explanation.evidence[:2]:
            yield clean_line(f"  {explanation.code}     {excerpt(stored.text(item.text), 160)}  ({item.note})")
