"""How much the prompt leaves open: what was retrieved, what the rules say of it, and what the settings enforce."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.entry import Entry, Status
from ctxdebug.analysis.sources.source_segments import is_document, is_look_up
from ctxdebug.model import Authority, Kind, NotChecked
from ctxdebug.records import record
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Segment

FEWEST_CHARACTERS = 1_000
"""Characters of documents below which a prompt is no retrieval prompt, and needs no rules for one."""
_SAYS = {
    "cite": wording("prompt_clauses", "cite"),
    "only": wording("prompt_clauses", "only"),
    "abstain": wording("prompt_clauses", "abstain"),
    "disagree": wording("prompt_clauses", "disagree"),
    "failure": wording("prompt_clauses", "failure"),
    "ask": wording("prompt_clauses", "ask"),
}


_SHORTEST = 40
"""Characters of a tool result besides its tags; less is the frame around documents."""
_TAG = lazy(r"</?[A-Za-z][^<>\n]{0,200}>")


def documents(analysis: Analysis) -> tuple[Segment, ...]:
    """Return what was retrieved to answer from; empty below `FEWEST_CHARACTERS`, and where one person only shows a file to a model."""
    return analysis.documents


def retrieved_documents(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the documents of a request, as `documents` does."""
    every = tuple(segments)
    found = tuple(segment for segment in every if _retrieved(segment))
    template = _authored(every) is not None or sum(segment.tool is None for segment in found) > 1
    return found if template and sum(len(segment.text) for segment in found) >= FEWEST_CHARACTERS else ()


def _retrieved(segment: Segment) -> bool:
    if segment.tool is not None and not is_look_up(segment.tool):
        return False
    if segment.kind is Kind.TOOL_RESULT and not segment.is_error:
        return _is_more_than_tags(segment.text)
    return is_document(segment)


@by_text
def _is_more_than_tags(text: str) -> bool:
    return len(_TAG.sub("", text).strip()) >= _SHORTEST


def spoken(segments: Iterable[Segment]) -> str:
    """Return what segments say with authority, in order, without tags."""
    return _TAG.sub(" ", "\n".join(s.text for s in segments if s.authority >= Authority.USER and s.kind is Kind.TEXT))


def rules_text(analysis: Analysis) -> str:
    """Everything said with authority, in order."""
    return analysis.authoritative


def unread(analysis: Analysis) -> str | None:
    """Why what the rules do not say cannot be told here: they are not in English."""
    text = rules_text(analysis)
    found = languages(text)
    return (
        None
        if not found or "en" in found
        else f"the rules are in another language ({found[0]}), and only English is read"
    )


def says(analysis: Analysis, matter: str, *types: str) -> bool:
    """Whether anybody with authority speaks of a matter: by a constraint of a type, or in words that name it."""
    if any(
        e.constraint.type in types and e.status is not Status.WITHOUT_AUTHORITY for e in analysis.constraints.entries
    ):
        return True
    return _SAYS[matter].search(rules_text(analysis)) is not None


@record(frozen=True, slots=True)
class Silent:
    """Documents are given to answer from, and `rules` say nothing of a matter that they should settle."""

    rules: Segment
    documents: tuple[Segment, ...]


def silent_on(analysis: Analysis, matter: str, *types: str) -> Silent | NotChecked | None:
    """Where the prompt is silent on a matter of answering from documents; None when it speaks of it or there are no documents."""
    retrieved, rules = documents(analysis), instructed(analysis)
    if not retrieved or rules is None or says(analysis, matter, *types):
        return None
    reason = unread(analysis)
    return Silent(rules, retrieved) if reason is None else NotChecked(reason)


@cache
def _formats() -> list[Mapping[str, Any]]:
    import json

    text = Path(__file__).with_name("provider_formats.json").read_text("utf-8")
    loaded: list[Mapping[str, Any]] = json.loads(text)["rows"]
    return loaded


def provides(analysis: Analysis, column: str) -> Any:
    """Return what the provider of a wire format does by itself: a column of `provider_formats.json`; None where no row says."""
    name = analysis.snapshot.format
    rows = (row for row in _formats() if column in row and any(fnmatchcase(name, glob) for glob in row["formats"]))
    return next((row[column] for row in rows), None)


def authored(analysis: Analysis) -> Segment | None:
    """Return the first segment with a developer's authority."""
    return _authored(analysis.segments)


def _authored(segments: Iterable[Segment]) -> Segment | None:
    found = (s for s in segments if s.authority >= Authority.DEVELOPER and s.kind is Kind.TEXT and s.text.strip())
    return next(found, None)


def instructed(analysis: Analysis) -> Segment | None:
    """Return the segment where the rules stand: the developer's, or else the question."""
    return authored(analysis) or analysis.question


def strict_format(analysis: Analysis) -> Entry | None:
    """Return the binding, unconditional demand for an output that a program is to read."""
    strict = analysis.constraints.of("format.json", "format.xml", "format.csv", "format.yaml", "format.choice")
    return next(
        (
            e
            for e in strict
            if e.constraint.verifiable or e.constraint.type == "format.csv"
            if not e.constraint.negative and e.constraint.condition is None
        ),
        None,
    )


def call_forced(choice: Any) -> bool:
    """Whether a tool choice, in any provider's form, makes the model call a tool."""
    return _choice(choice) not in {"", "auto", "none", "validated"}


def calls_forbidden(choice: Any) -> bool:
    """Whether a tool choice keeps the model from calling tools."""
    return _choice(choice) == "none"


def _choice(choice: Any) -> str:
    """Name a tool choice in one word: `{"type": "auto"}`, `{"functionCallingConfig": {"mode": "AUTO"}}`, `"auto"`."""
    if isinstance(choice, str):
        return choice.lower()
    if isinstance(choice, dict):
        for key in ("type", "mode", "functionCallingConfig", "function_calling_config"):
            if key in choice:
                return _choice(choice[key])
        return next((str(key).lower() for key in choice), "")
    return ""


def enforced(analysis: Analysis) -> bool:
    """Whether a setting, a forced tool or a prefilled answer holds the output to a form."""
    settings = analysis.snapshot.settings
    if settings.response_format not in {None, "text"} or settings.response_schema is not None:
        return True
    if call_forced(settings.tool_choice):
        return True
    last = analysis.snapshot.messages[-1] if analysis.snapshot.messages else None
    return last is not None and last.role.value == "assistant" and last.text.lstrip()[:1] in {"{", "[", "<"}


@cache
def _advice() -> list[Mapping[str, Any]]:
    import json

    loaded: list[Mapping[str, Any]] = json.loads(Path(__file__).with_name("vendor_advice.json").read_text("utf-8"))[
        "rows"
    ]
    return loaded


def advised(analysis: Analysis, matter: str) -> Mapping[str, Any] | None:
    """Return what the vendor of the model advises on a matter: a row of `vendor_advice.json`, with its source."""
    model = (analysis.snapshot.model or "").lower().rpartition("/")[2]
    return next(
        (
            row
            for row in _advice()
            if row["matter"] == matter and any(fnmatchcase(model, glob) for glob in row["models"])
        ),
        None,
    )
