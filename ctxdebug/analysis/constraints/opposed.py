"""Instructions of different kinds about one property of the answer: its case, its lists, its form, its manner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.analysis.constraints.sizes import crowded
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.analysis.constraints.constraint import Constraint

Reason: TypeAlias = "tuple[str, str] | None"

_UNIT = {"capwords": "words in capitals", "chars": "characters"}


def _size(constraint: Constraint, bound: str) -> str:
    unit = constraint.type.partition(".")[2]
    return f"{'at least' if bound == 'lo' else 'at most'} {constraint.params[bound]} {_UNIT.get(unit, unit)}"


def sizes(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return a demand in one unit against a limit in another."""
    if crowded(left, right):
        return "size", f"{_size(left, 'lo')} against {_size(right, 'hi')}"
    return None


CASES = {"case.lower": "small letters only", "case.upper": "capital letters only", "case.title": "title case"}


def cases(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """One case for the whole answer against another, or against capitals that are counted or forbidden."""
    if left.type not in CASES or left.negative:
        return None
    if right.type in CASES and right.type != left.type and not right.negative:
        return "case", f"{CASES[left.type]} against {CASES[right.type]}"
    if right.type != "case.capwords":
        return None
    lo, hi = right.params.get("lo"), right.params.get("hi")
    if left.type == "case.upper" and hi is not None:
        return "case", f"capital letters only against at most {hi} words in capitals"
    return (
        ("case", f"{CASES[left.type]} against at least {lo} words in capitals")
        if left.type != "case.upper" and lo
        else None
    )


_WHOLE_ANSWER = lazy(r"\b(?:answer|respond|reply|output|return|say|print)\b", re.IGNORECASE)
_AMONG = lazy(r"\b(?:include|contain|mention|add|somewhere|use)\b", re.IGNORECASE)
NO_CHOICE = frozenset(
    {"format.json", "format.xml", "format.html", "format.csv", "format.yaml", "format.table", "format.bullets", "format.numbered", "format.sections"}
)  # fmt: skip


def choices(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return a closed choice of answers against forbidden words, a length, or another form."""
    if left.type != "format.choice" or left.negative:
        return None
    options = [str(option) for option in left.params["options"]]
    if right.type == "keywords.forbid":
        banned = [str(word) for word in right.params["words"]]
        if all(
            any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", option, re.IGNORECASE) for w in banned) for option in options
        ):
            return "choice", f"one of {options} demanded, and each of them forbidden"
    if not _WHOLE_ANSWER.search(left.text) or _AMONG.search(left.text):
        return None
    least = right.params.get("lo")
    longest = max(len(option.split()) for option in options)
    counted = {"length.words": longest, "length.sentences": 1, "length.paragraphs": 1}.get(right.type)
    if counted is not None and isinstance(least, int) and least > counted:
        return "choice", f"one of {options} against {_size(right, 'lo')}"
    if right.type in NO_CHOICE and not right.negative and right.params.get("hi") != 0:
        return "choice", f"one of {options} against {right.type.partition('.')[2]}"
    return None


_LISTS = frozenset({"format.bullets", "format.numbered"})
_PROSE_EXCLUDES = _LISTS | {"format.table", "format.json", "format.xml", "format.csv", "format.yaml"}
_JSON_EXCLUDES = _LISTS | {"format.table", "format.headings", "format.highlights", "format.title"}
LAYOUTS = frozenset({"format.divider", "format.bullets", "format.prose", "format.json", "format.plain"})
LAID_OUT = _PROSE_EXCLUDES | _JSON_EXCLUDES | {"format.divider", "length.paragraphs"}


def layouts(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Bullets against numbers, prose against lists and data, plain text against anything marked up, dividers."""
    if left.type == right.type == "format.divider":
        return _dividers(left, right)
    if _demands(left) and _demands(right):
        if left.type == "format.bullets" and right.type == "format.numbered":
            return "layout", "bullet points against a numbered list"
        if left.type == "format.prose" and right.type in _PROSE_EXCLUDES:
            return "layout", f"prose against {right.type.partition('.')[2]}"
        if left.type == "format.json" and right.type in _JSON_EXCLUDES:
            return "layout", f"JSON against {right.type.partition('.')[2]}"
        if left.type == "format.plain" and right.type == "format.numbered":
            return "layout", "plain text against a numbered list"
    if (
        left.type == "format.divider"
        and left.negative
        and right.type == "length.paragraphs"
        and right.params.get("separator")
    ):
        return "layout", f"a divider forbidden, and paragraphs separated by {right.params['separator']} demanded"
    return None


def _demands(constraint: Constraint) -> bool:
    return not constraint.negative and constraint.params.get("hi") != 0


def _dividers(left: Constraint, right: Constraint) -> Reason:
    one, other = left.params["mark"], right.params["mark"]
    if left.negative is right.negative:
        return ("layout", f"{one} against {other} between the parts") if one != other and not left.negative else None
    return ("layout", f"{one} between the parts demanded and forbidden") if one == other else None


def repeats(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return the request repeated word for word against a paraphrase of it."""
    if (
        left.type == "position.repeat"
        and not left.negative
        and right.type == "manner.paraphrase"
        and not right.negative
    ):
        return "repeat", "the request word for word against a paraphrase of it"
    return None


def manners(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Two ways to write of which an answer can only have one, or two people to speak as."""
    if left.type == right.type == "style":
        for question, answer in left.params.items():
            other = right.params.get(question)
            if other is None or other == answer or (answer.startswith("not ") and other != answer[4:]):
                continue
            if not other.startswith("not ") or other[4:] == answer:
                return "style", f"{answer} against {other}"
    if left.type == right.type == "persona" and not left.negative and not right.negative:
        one, other = left.params.get("who"), right.params.get("who")
        if one and other and not set(one.split()) & set(other.split()):
            return "persona", f"speak as {one!r} against {other!r}"
    if left.type == right.type == "persona" and left.negative and not right.negative:
        one, other = left.params.get("who"), right.params.get("who")
        if one and other and set(one.split()) & set(other.split()):
            return "persona", f"speak as {other!r} demanded, and {one!r} forbidden"
    return None


def tasks(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """One task for the user's text against another: `translate it`, `solve it`."""
    if left.type == right.type == "task" and left.params["verb"] != right.params["verb"]:
        return "task", f"{left.params['verb']} against {right.params['verb']} the same text"
    return None


_HOLDS: dict[str, Callable[[str], int]] = {
    "length.words": lambda text: len(text.split()), "length.chars": len, "length.sentences": lambda _: 1, "length.paragraphs": lambda _: 1,
    "length.lines": lambda text: text.count("\n") + 1,
}  # fmt: skip
"""How much of a unit one short text has."""
EXACT = (
    frozenset(_HOLDS)
    | NO_CHOICE
    | {"keywords.include", "keywords.forbid", "keywords.freq", "position.start", "position.end", "format.exact"}
)


def exact(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return one text as the whole answer against a length, a word, a form or another text that it does not have."""
    if left.type != "format.exact" or left.negative:
        return None
    text, flat = str(left.params["text"]), str(left.params["text"]).casefold()
    told = f"nothing but {text[:40]!r}"
    if right.type == "format.exact":
        other = str(right.params["text"])
        return None if other.casefold() == flat else ("exact", f"{told} against nothing but {other[:40]!r}")
    least = right.params.get("lo")
    if right.type in _HOLDS and isinstance(least, int) and least > _HOLDS[right.type](text):
        return "exact", f"{told} against {_size(right, 'lo')}"
    if right.type == "keywords.include" and not right.negative:
        missing = next((str(w) for w in right.params["words"] if str(w).casefold() not in flat), None)
        return ("exact", f"{told} against {missing!r}, which is to be in the answer") if missing else None
    if right.type == "keywords.forbid":
        banned = next(
            (
                str(w)
                for w in right.params["words"]
                if re.search(rf"(?<!\w){re.escape(str(w))}(?!\w)", text, re.IGNORECASE)
            ),
            None,
        )
        return ("exact", f"{told} demanded, and {banned!r} forbidden") if banned else None
    if right.type in {"position.start", "position.end"} and not right.negative:
        phrase = str(right.params["phrase"]).casefold().strip(" .")
        fits = flat.startswith(phrase) if right.type == "position.start" else flat.strip(" .").endswith(phrase)
        return None if fits else ("exact", f"{told} against {right.type.partition('.')[2]} with {phrase!r}")
    if right.type in NO_CHOICE and _demands(right) and not text.lstrip().startswith(("{", "[", "<")):
        return "exact", f"{told} against {right.type.partition('.')[2]}"
    return None


LIST_KINDS = frozenset({"lists.every", "sentences.emoji", "format.markdown"})
LISTED_AS = frozenset(
    {
        "format.bullets",
        "format.numbered",
        "emoji",
        "lists.every",
        "format.table",
        "format.headings",
        "format.highlights",
        "manner.emphasis",
    }
)


def kinds(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return the kind of every list, an emoji in every sentence, or no Markdown, against what excludes it."""
    if left.type == "lists.every" and _demands(right):
        wrong = {"bullets": "format.numbered", "numbers": "format.bullets"}[str(left.params["kind"])]
        if right.type == wrong or (right.type == "lists.every" and right.params["kind"] != left.params["kind"]):
            return "layout", f"every list with {left.params['kind']} against {right.type.partition('.')[2]}"
    if left.type == "sentences.emoji" and right.type == "emoji" and right.params.get("hi") == 0:
        return "polarity", "an emoji in every sentence demanded, and emoji forbidden"
    if (
        left.type == "format.markdown"
        and left.negative
        and right.type in {"format.table", "format.headings", "format.highlights", "manner.emphasis"}
        and _demands(right)
    ):
        return "format", f"Markdown forbidden, and {right.type.partition('.')[2]} demanded"
    return None
