"""Look a case over, and prove again that it tells bad from good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.blobs import file_name
from ctxdebug.cases.case import case_content
from ctxdebug.cases.exchanges import answer_of, case_snapshot, examine, observation
from ctxdebug.cases.expectation import evaluate, leaves
from ctxdebug.cases.proof import asked_codes, demanded_unsupported, with_answer
from ctxdebug.cases.store import StoredCase, load_case, references
from ctxdebug.errors import LoadError
from ctxdebug.records import record
from ctxdebug.rules import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot
    from ctxdebug.rules import Rule


@record(frozen=True, slots=True)
class Flaw:
    """Something wrong with a case. `fatal` ones keep it from being run."""

    path: str
    message: str
    fatal: bool = True


def loaded(paths: Iterable[Path]) -> tuple[list[StoredCase], list[Flaw]]:
    """Return the cases that can be read, and a flaw for each that cannot."""
    cases, flaws = [], []
    for path in paths:
        try:
            cases.append(load_case(path))
        except LoadError as error:
            flaws.append(Flaw(str(path), str(error).removeprefix(f"{path}: ")))
    return cases, flaws


def lint(stored: StoredCase, own_rules: Iterable[Rule] = ()) -> Iterator[Flaw]:
    """Yield what is wrong with a case as it is written, without running a detector; its codes may be of a project's own rules."""
    from ctxdebug.redaction.redactor import remaining

    case, path = stored.case, str(stored.path)
    known = catalogue(own_rules)
    for word, value, _ in leaves(case.expect):
        if word == "no-finding" and not any(code.startswith(value) for code in known):
            yield Flaw(path, f"expect: no rule is called {value}")
    for explanation in case.findings:
        if explanation.code not in known:
            yield Flaw(path, f"findings: no rule is called {explanation.code}", fatal=False)
    if case.recorded.passed and case.bad is None:
        yield Flaw(path, "the recorded answer is good and there is no bad one, so nothing proves that it can fail")
    if not case.recorded.passed and case.good is None:
        yield Flaw(path, "there is no good answer, so nothing proves that it can pass")
    kinds = remaining(
        [stored.path.read_text(encoding="utf-8"), *(stored.read(name) for name in references(case_content(case)))]
    )
    if kinds:
        yield Flaw(path, f"it contains {', '.join(kinds)}; freeze it again")


def orphans(cases: Iterable[StoredCase]) -> Iterator[Flaw]:
    """Yield the texts beside the cases that no case names."""
    folders: dict[Path, set[str]] = {}
    for stored in cases:
        names = {file_name(reference) for reference in references(case_content(stored.case))}
        folders.setdefault(stored.path.parent / "blobs", set()).update(names)
    for folder, names in sorted(folders.items()):
        for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
            if path.name not in names:
                yield Flaw(str(path), "no case here names this text", fatal=False)


def verify(stored: StoredCase, options: RunOptions) -> Iterator[Flaw]:
    """Yield why a case is no proof: its expectation does not fail on the bad answer, or not pass on the good one."""
    case, path = stored.case, str(stored.path)
    try:
        recorded = case_snapshot(stored, options)
    except (LoadError, KeyError) as error:
        yield Flaw(path, f"the request cannot be read as {case.request.format}: {error}")
        return
    if not recorded.messages:
        yield Flaw(path, f"the request contains no message that {case.request.format} knows")
        return
    if case.recorded.response is None:
        recorded = with_answer(recorded, *stored.answer(case.recorded))
    yield from _judged(stored, recorded, options, "recorded", case.recorded.passed)
    if case.good is not None:
        yield from _judged(stored, with_answer(recorded, *stored.answer(case.good)), options, "good", passes=True)
    if case.bad is not None:
        yield from _judged(stored, with_answer(recorded, *stored.answer(case.bad)), options, "bad", passes=False)
    for message in lost_findings(stored, recorded, options):
        yield Flaw(path, message)
    if not case.recorded.passed:
        findings = examine(recorded, options).findings
        for phrase in demanded_unsupported(case.expect, recorded, findings):
            yield Flaw(path, f"it demands {phrase!r}, which the findings call unsupported")
    if case.recorded.response is not None and _words(recorded) != _words_of_file(stored):
        yield Flaw(path, "the recorded answer and the recorded response differ")


def lost_findings(stored: StoredCase, recorded: Snapshot, options: RunOptions) -> list[str]:
    """Return the findings of the file that the detectors no longer make; those of an earlier turn cannot be made."""
    codes = {explanation.code for explanation in stored.case.findings if explanation.standalone}
    if not codes:
        return []
    known = tuple(sorted(codes & catalogue(options.own_rules).keys()))
    again = {finding.code for finding in examine(recorded, options, known).findings} if known else set()
    return [f"{code} is no longer found in the recorded exchange" for code in sorted(set(known) - again)]


def _judged(stored: StoredCase, snapshot: Snapshot, options: RunOptions, which: str, passes: bool) -> Iterator[Flaw]:
    codes = asked_codes(stored.case.expect)
    outcome = evaluate(stored.case.expect, observation(snapshot, options, answer_of(snapshot), codes=codes))
    if outcome.passed is not passes:
        said = {True: "passes", False: "fails", None: "cannot be judged"}[outcome.passed]
        yield Flaw(
            str(stored.path), f"the {which} answer {said}, and should {'pass' if passes else 'fail'}: {outcome.reason}"
        )


def _words(snapshot: Snapshot) -> str:
    return answer_of(snapshot)[0].strip()


def _words_of_file(stored: StoredCase) -> str:
    return stored.answer(stored.case.recorded)[0].strip()
