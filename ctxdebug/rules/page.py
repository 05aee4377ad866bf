"""A rule's page: the docstring of its module, under fixed headings."""

from __future__ import annotations

import re

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_HEADING = lazy(r"^## (.+)$", re.MULTILINE)
_ALSO = lazy(r"\b[A-Z]{3}\d{3}\b")


@record(frozen=True, slots=True)
class Example:
    """An example in transcript notation. `also` are the codes of other rules that rightly speak too."""

    text: str
    bad: bool
    also: frozenset[str] = frozenset()


@record(frozen=True, slots=True)
class Page:
    """What the page says. `title` is the first line, `why` what stands before the first heading."""

    title: str
    why: str
    fix: str
    examples: tuple[Example, ...]
    more: tuple[tuple[str, str], ...]
    """Other sections (sources, limits), by heading."""


def read_page(doc: str) -> Page:
    """Read a docstring; raises `ValueError` when a fixed heading is missing."""
    parts = _HEADING.split(_clean(doc))
    title, _, why = parts[0].strip().partition("\n")
    examples: list[Example] = []
    more: list[tuple[str, str]] = []
    fix = ""
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        kind = heading.split()[0].lower()
        if kind in {"bad", "good"}:
            also = frozenset(_ALSO.findall(heading))
            examples.extend(Example(text, kind == "bad", also) for text in code_blocks(body))
        elif kind == "fix":
            fix = body.strip()
        else:
            more.append((heading, body.strip()))
    if not (title and fix):
        raise ValueError(f"a rule's page needs a title and a `## Fix`: {title!r}")
    return Page(title.strip(), why.strip(), fix, tuple(examples), tuple(more))


def _clean(doc: str) -> str:
    """Return a docstring without the indentation that all of its lines share, which a module's own has none of."""
    if all(line[:1].isspace() for line in doc.split("\n")[1:] if line.strip()):
        from inspect import cleandoc

        return cleandoc(doc)
    return doc.expandtabs().strip()


def code_blocks(body: str) -> list[str]:
    """Return the blocks of a section that are indented by four spaces; text between two of them parts them."""
    blocks: list[list[str]] = [[]]
    for line in body.splitlines():
        if line.startswith("    "):
            blocks[-1].append(line[4:])
        elif not line.strip():
            if blocks[-1]:
                blocks[-1].append("")
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block).strip("\n") + "\n" for block in blocks if any(block)]
