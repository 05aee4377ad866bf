"""Tell what an instruction is about: the answer as a whole, or tool arguments, code, a commit message, a progress update."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Target
from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.clauses import Sentence

_NAMES = {
    "tool-arguments": Target.TOOL_ARGUMENTS,
    "memory": Target.MEMORY,
    "reasoning": Target.REASONING,
    "code": Target.CODE,
    "commit": Target.COMMIT,
    "progress": Target.PROGRESS,
    "artifact": Target.ARTIFACT,
    "quotation": Target.QUOTATION,
}


_LEAD = wording("constraint_clauses", "lead")
"""What a sentence says first that it is about: `For the summary, …`."""
_PART = wording("constraint_clauses", "lead part")


@cache
def _tables() -> tuple[list[tuple[Target, re.Pattern[str], re.Pattern[str]]], list[tuple[Target, re.Pattern[str]]]]:
    data = toml_data(Path(__file__).with_name("addressees.toml"))
    words, sections = [], []
    for name, target in _NAMES.items():
        named = _alternatives(data[name]["words"])
        behind = (
            rf"(?<![\w-])(?:in|for|inside|within|of|on|to|into|as)\s+"
            rf"(?:(?:the|your|any|all|an?|its|each|every|my|generated|source|final|these|those)\s+){{0,3}}(?:{named})(?![\w-]|\s+(?:block|fence)s?\b)"
        )
        words.append((target, lazy(rf"(?<![\w-])(?:{named})(?![\w-])", re.IGNORECASE), lazy(behind, re.IGNORECASE)))
    for name, row in data["sections"].items():
        sections.append((_NAMES[name], lazy(rf"(?<![\w-])(?:{_alternatives(row)})(?![\w-])", re.IGNORECASE)))
    return words, sections


def _alternatives(row: str) -> str:
    ordered = sorted(set(row.split()), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\-", r"[\s_-]*") for word in ordered)


def addressee(sentence: Sentence, start: int, end: int) -> Target:
    """Return what the clause around a phrase is about; `start` and `end` count characters of the sentence."""
    words, _ = _tables()
    lead = _LEAD.match(sentence.text)
    if lead is not None and lead.end() <= start + 1:
        named_part = next((target for target, named, _ in words if named.search(lead["part"])), None)
        if named_part is not None:
            return named_part
        if _PART.match(lead["part"]):
            return Target.OTHER
    low, _ = sentence.clause(start)
    _, high = sentence.clause(max(start, min(end, len(sentence.text)) - 1))
    before, after = sentence.text[low:start], sentence.text[start:high]
    for target, named, behind in words:
        if named.search(before) or behind.search(after):
            return target
    return addressee_of_section(sentence)


def addressee_of_section(sentence: Sentence) -> Target:
    """Return what the heading above a sentence is about: the answer, where it says nothing else."""
    for target, pattern in _tables()[1]:
        if sentence.section and pattern.search(sentence.section):
            return target
    return Target.RESPONSE
