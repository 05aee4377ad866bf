"""The form of an answer: markup, sections, titles, choices, several answers, citations."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.checks.shapes import only_choice
from ctxdebug.analysis.constraints.checks.size import within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.text import counts as counting
from ctxdebug.text.layout import LONGEST, BlockKind, Layout, layout, unwrapped
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.analysis.constraints.constraint import Constraint

_FENCED = lazy(r"^```\w*\s*\n(.*?)\n?```$", re.DOTALL)
_MARKUP = lazy(r"^#{1,6} \S|^\s*```|\*\*[^*\n]+\*\*|^\s*[-*] \S|\[[^\]\n]+\]\([^)\n]+\)|^\|.+\|\s*$", re.MULTILINE)
_LAID_OUT = lazy(r"^[ \t>]{0,12}(?:#|```|~~~|\d{1,3}[.)][ \t])|\||^[=-]{2,}[ \t]*$", re.MULTILINE)
"""Without one of these a text has no headings, code, tables or numbered items, and is not read as Markdown."""
_TABLE_TAG = lazy(r"<table\b", re.IGNORECASE)
_HEADING_TAG = lazy(r"<h[1-6]\b", re.IGNORECASE)
_TITLES = {
    "<<>>": lazy(r"<<[^\n<>]*[^\s<>][^\n<>]*>>"),
    "<>": lazy(r"<[^\n<>/]*[^\s<>][^\n<>]*>"),
    "[]": lazy(r"\[[^\n\[\]]*[^\s\[\]][^\n\[\]]*\]"),
    "****": lazy(r"\*\*[^\n*]+\*\*"),
}
_CITATION = lazy(
    r"\[[^\]\n]{1,60}\]|【[^】\n]{1,60}】|\([^)\n]{0,60}(?:\d{4}|source|doc|p\.|§|https?:)[^)\n]{0,40}\)|https?://\S+|\bsources?\s*:|\baccording to\b|<cite|\^\d",
    re.IGNORECASE,
)


def _body(text: str, name: str) -> str:
    fenced = re.search(rf"^```{name}\s*\n(.*?)\n```", text, re.DOTALL | re.IGNORECASE | re.MULTILINE) or _FENCED.match(
        text.strip()
    )
    return (fenced[1] if fenced else text).strip()


def _polar(constraint: Constraint, found: tuple[int, int] | None, name: str, answer: Answer) -> Compliance:
    """Return the verdict on something that must be in an answer, or must not: `found` is where it is."""
    if constraint.negative:
        return (
            failed(f"{name} found, none allowed", name, start=found[0], end=found[1]) if found else passed(f"no {name}")
        )
    if found:
        return passed(f"{name} found")
    start, end = answer.whole
    return failed(f"no {name} found", None, start=start, end=end)


def _span(found: re.Match[str] | None) -> tuple[int, int] | None:
    return None if found is None else found.span()


def _json(constraint: Constraint, answer: Answer) -> Compliance:
    problem = counting.json_problem(answer.text)
    start, end = answer.whole
    if constraint.negative:
        return passed("the answer is not JSON") if problem else failed("the answer is JSON", start=start, end=end)
    return (
        passed("the answer is JSON")
        if problem is None
        else failed(f"the answer is not JSON: {problem}", start=start, end=end)
    )


def _xml(constraint: Constraint, answer: Answer) -> Compliance:
    from xml.parsers import expat

    parser = expat.ParserCreate()
    start, end = answer.whole
    try:
        parser.Parse(_body(answer.text, "xml"), True)
    except expat.ExpatError as error:
        return (
            passed("the answer is not XML")
            if constraint.negative
            else failed(f"the answer is not XML: {error}", start=start, end=end)
        )
    return failed("the answer is XML", start=start, end=end) if constraint.negative else passed("the answer is XML")


def _html(constraint: Constraint, answer: Answer) -> Compliance:
    found = re.search(
        r"<(?:!doctype|html|body|div|p|h[1-6]|ul|ol|table|span|section|article|br)\b[^>]*>", answer.text, re.IGNORECASE
    )
    return _polar(constraint, _span(found), "HTML", answer)


def _yaml(constraint: Constraint, answer: Answer) -> Compliance:
    import yaml

    start, end = answer.whole
    try:
        value = yaml.safe_load(_body(answer.text, "ya?ml"))
    except (yaml.YAMLError, RecursionError, ValueError):
        value = None
    good = isinstance(value, dict | list)
    if constraint.negative:
        return failed("the answer is YAML", start=start, end=end) if good else passed("the answer is not YAML")
    return passed("the answer is YAML") if good else failed("the answer is not YAML", start=start, end=end)


def _plain(constraint: Constraint, answer: Answer) -> Compliance:
    found = _MARKUP.search(answer.text)
    if constraint.negative:
        return unchecked("markup that is wanted everywhere cannot be counted")
    return (
        failed("markdown in a plain text answer", found[0].strip(), start=found.start(), end=found.end())
        if found
        else passed("no markdown")
    )


def _markdown(constraint: Constraint, answer: Answer) -> Compliance:
    found = _MARKUP.search(answer.text)
    if constraint.negative:
        return _polar(constraint, _span(found), "markdown", answer)
    return passed("markdown found") if found else unchecked("an answer may be too short to need markup")


_DIVIDERS = {
    "***": lazy(r"^[ \t]*\*[ \t]*\*[ \t]*\*[ \t]*$", re.MULTILINE),
    "---": lazy(r"^[ \t]*(?:-[ \t]*){3,}$", re.MULTILINE),
    "blank line": lazy(r"\S[ \t]*\n[ \t]*\n+[ \t]*\S"),
}


def _divider(constraint: Constraint, answer: Answer) -> Compliance:
    mark = str(constraint.params["mark"])
    found = _span(_DIVIDERS[mark].search(answer.text))
    if found is None and not constraint.negative and mark in answer.text:
        return unchecked(f"{mark} is in the answer, and not on a line of its own")
    return _polar(constraint, found, f"divider ({mark})", answer)


def _block(kind: BlockKind, tag: re.Pattern[str] | None = None) -> Callable[[Constraint, Answer], Compliance]:
    """Return the check for a kind of block of a Markdown answer; a tag of HTML that makes such a block counts too."""

    def check(constraint: Constraint, answer: Answer) -> Compliance:
        text = answer.text if kind is BlockKind.CODE else unwrapped(answer.text)
        laid_out = layout(text) if _LAID_OUT.search(answer.text) else Layout(())
        if laid_out is None:
            return unchecked(f"an answer of over {LONGEST:,} characters is not read as Markdown")
        block = next(iter(laid_out.of(kind)), None)
        found = tag.search(answer.prose) if tag is not None and block is None else None
        span = found.span() if found is not None else (block.start, block.end) if block is not None else None
        return _polar(constraint, span, kind.value, answer)

    return check


def _sections(constraint: Constraint, answer: Answer) -> Compliance:
    marker = constraint.params.get("marker")
    if not marker:
        return unchecked("what marks a section is not said")
    found = list(re.finditer(re.escape(marker) + r"\s?\d+", answer.text))
    start, end = answer.whole
    if constraint.params.get("lo") is None and constraint.params.get("hi") is None:
        return (
            passed(f"{len(found)} sections", len(found))
            if found
            else failed(f"no section marked {marker}", 0, start=start, end=end)
        )
    if len(found) > (constraint.params.get("lo") or 0) and constraint.params.get("hi") == constraint.params.get("lo"):
        return passed(f"{len(found)} sections", len(found))
    return within(constraint, len(found), f"sections marked {marker}", start=start, end=end)


_HEADLINE = lazy(
    r"#{1,3}[ \t]+\S[^\n]*|\*\*[^*\n]{1,100}\*\*[ \t]*(?=\n)|(?:title|headline)[ \t]*:[^\n]+|<<[^\n<>]+>>",
    re.IGNORECASE,
)


def _title(constraint: Constraint, answer: Answer) -> Compliance:
    if "wrap" not in constraint.params:
        head = _HEADLINE.match(answer.stripped)
        if head is None:
            return (
                unchecked("whether its first line is a title cannot be told")
                if not constraint.negative
                else passed("no title")
            )
        return _polar(constraint, head.span(), "title", answer)
    pattern = _TITLES[constraint.params.get("wrap", "<<>>")]
    return _polar(
        constraint, _span(pattern.search(answer.text)), f"title in {constraint.params.get('wrap', '<<>>')}", answer
    )


def _offered(option: str, text: str) -> bool:
    """Find an option: a phrase as it is written, a single word in any case."""
    if " " in option:
        return option in text
    return re.search(rf"(?<!\w){re.escape(option)}(?!\w)", text, re.IGNORECASE) is not None


def _choice(constraint: Constraint, answer: Answer) -> Compliance:
    if constraint.params.get("only"):
        return only_choice(constraint, answer)
    options = constraint.params["options"]
    start, end = answer.whole
    if any(_offered(str(option).strip().rstrip("."), answer.text) for option in options):
        return passed("one of the choices is in the answer")
    return failed(f"none of the {len(options)} choices is in the answer", start=start, end=end)


def _responses(constraint: Constraint, answer: Answer) -> Compliance:
    found = counting.parts(answer.text, constraint.params.get("separator", "******"))
    wanted = constraint.params.get("n", 2)
    start, end = answer.whole
    if any(not part.strip() for part in found):
        return failed("an empty answer between separators", len(found), start=start, end=end)
    if len(found) != wanted:
        return failed(f"{len(found)} answers, {wanted} asked for", len(found), start=start, end=end)
    if len({part.strip() for part in found}) < wanted:
        return failed("the answers are the same", len(found), start=start, end=end)
    return passed(f"{wanted} answers", wanted)


def _cited(constraint: Constraint, answer: Answer) -> Compliance:
    found = _CITATION.search(answer.text)
    if not constraint.negative and constraint.params.get("format") is None:
        return passed("a citation is in the answer") if found else unchecked("the form of a citation is not said")
    return _polar(constraint, _span(found), "citation", answer)


CHECKS = {
    "format.json": _json,
    "format.xml": _xml,
    "format.html": _html,
    "format.yaml": _yaml,
    "format.plain": _plain,
    "format.markdown": _markdown,
    "format.divider": _divider,
    "format.numbered": _block(BlockKind.NUMBERED),
    "format.table": _block(BlockKind.TABLE, _TABLE_TAG),
    "format.headings": _block(BlockKind.HEADING, _HEADING_TAG),
    "format.code": _block(BlockKind.CODE),
    "format.sections": _sections,
    "format.title": _title,
    "format.choice": _choice,
    "format.responses": _responses,
    "grounding.cite": _cited,
}
