"""Documents under labels: `[1] …`, `[doc A, policy.md, updated 2023-01-10] …`, `Source 2: …`, `## Document 3`."""

from __future__ import annotations

import re

from ctxdebug.segmentation.cut import Cut
from ctxdebug.segmentation.descriptions import completed, from_label
from ctxdebug.segmentation.lines import at_line_starts
from ctxdebug.text.patterns import lazy

_WORD = (
    r"(?:document|doc|source|passage|excerpt|reference|article|result|search result|chunk|context|snippet|page|file)"
)
_BRACKET = lazy(
    rf"^[ \t]{{0,4}}\[((?:{_WORD}[ #:]{{0,2}})?[\w#.-]{{1,24}}(?:[,|;:][^\]\n]{{1,160}})?)\][ \t:.)-]{{0,3}}(?=\S|\n)",
    re.IGNORECASE | re.MULTILINE,
)
_SPOKEN = lazy(
    rf"^[ \t]{{0,4}}(?:\*\*)?({_WORD} (?:#|no\. )?\[?[\w.-]{{1,16}}\]?(?: ?\([^)\n]{{1,160}}\))?)(?:\*\*)?[ \t]{{0,2}}[:\n]",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED_BRACKET = lazy(rf"^[ \t]{{0,4}}({_WORD} ?\[\d{{1,3}}\] ?\([^)\n]{{1,160}}\))", re.IGNORECASE | re.MULTILINE)
_HEADING = lazy(rf"^#{{1,5}} {{0,3}}((?:retrieved )?{_WORD}\b[^\n]{{0,160}})$", re.IGNORECASE | re.MULTILINE)
_END = lazy(
    r"""
      ^[ \t]{0,4}(?:\**(?:user[ ])?(?:question|query|task|instructions?|answer|helpful[ ]answer
        |request)\**[ \t]{0,2}:|-{3,}[ \t]{0,4}$|={3,}[ \t]{0,4}$|\#{1,5}[ ]|(?:using|based[ ]on|given
        |from)[ ](?:only[ ])?(?:the|these|those)[ ]|(?:please[ ])?answer[ ]the[ ])
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_ASKED = frozenset(
    "instruction instructions task question query request rules role rubric criteria user assistant system".split()
)
"""Labels of what the message itself asks, as in the prompt of an LLM judge (`[Instruction] … [Question] …`)."""
_SHORTEST = 30
_FEWEST = 12
"""Characters of a body at least; of a numbered one, beside a longer one."""
_KINDS = ((_NUMBERED_BRACKET, 1, "["), (_HEADING, 1, "#"), (_BRACKET, 2, "["), (_SPOKEN, 2, "\n"))
"""Pattern, how many make a list, and a character that none of them is without."""


def labelled(text: str) -> list[Cut]:
    """Stretches under labels of one kind; a single bracket or spoken label is not yet a list."""
    for pattern, least, mark in _KINDS:
        if mark not in text:
            continue
        labels = [label for label in at_line_starts(pattern, text) if label[1].lower() not in _ASKED]
        if len(labels) >= least:
            cuts = _bodies(text, labels)
            if len(cuts) >= least:
                return cuts
    return []


def _bodies(text: str, labels: list[re.Match[str]]) -> list[Cut]:
    cuts: list[Cut] = []
    for index, label in enumerate(labels):
        last = index + 1 == len(labels)
        end = len(text) if last else labels[index + 1].start()
        stop = _END.search(text, label.end(), end)
        if stop is not None:
            end = stop.start()
        elif last and index and "\n\n" not in "".join(text[cut.start : cut.end].rstrip() for cut in cuts):
            break_at = text.find("\n\n", label.end())
            end = end if break_at < 0 else break_at
        body = text[label.end() : end]
        if len(body.strip()) < (_FEWEST if label[1].isdecimal() else _SHORTEST):
            continue
        cuts.append(Cut(label.end(), end, completed(from_label(label[1]), body)))
    whole = any(len(text[cut.start : cut.end].strip()) >= _SHORTEST for cut in cuts)
    return cuts if whole else []
