"""Instructions about the beginning and the end of an answer that cannot both be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

Reason: TypeAlias = "tuple[str, str] | None"
"""The name of the rule by which two instructions clash, and why in words; None where they do not."""


def positions_clash(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return why two instructions about the beginning or the end clash."""
    if left.type in {"position.start", "position.end"} and left.type == right.type:
        return _edge(left, right)
    if left.negative or right.negative:
        return None
    if left.type == right.type == "position.first_word" and left.params["paragraph"] == right.params["paragraph"]:
        one, other = left.params["word"], right.params["word"]
        return (
            ("position", f"paragraph {left.params['paragraph']} begins with {one!r} against {other!r}")
            if one.lower() != other.lower()
            else None
        )
    if left.type == right.type == "position.postscript" and left.params["marker"] != right.params["marker"]:
        return "position", f"postscript {left.params['marker']} against {right.params['marker']}"
    if left.type == right.type == "format.sections":
        one, other = left.params.get("marker"), right.params.get("marker")
        return (
            ("position", f"sections marked {one} against {other}")
            if one and other and one.lower() != other.lower()
            else None
        )
    if left.type == "position.repeat" and right.type == "position.start":
        if str(left.params.get("text")).casefold().startswith(str(right.params["phrase"]).casefold().strip(" .")):
            return None
        return "position", f"begin with the request against begin with {right.params['phrase']!r}"
    return None


def _edge(left: Constraint, right: Constraint) -> Reason:
    one, other = (str(c.params["phrase"]).casefold().strip(" .") for c in (left, right))
    where = left.type.partition(".")[2]
    if left.negative != right.negative:
        return ("polarity", f"{where} with {one!r} demanded and forbidden") if one == other else None
    nested = (
        one.startswith(other) or other.startswith(one)
        if where == "start"
        else one.endswith(other) or other.endswith(one)
    )
    return None if left.negative or nested else ("position", f"{where} with {one!r} against {other!r}")


def wrappings_clash(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return why an instruction about what is around the answer clashes with another."""
    if left.type != right.type or left.negative or right.negative:
        return None
    key = {"position.quotes": "mark", "format.title": "wrap", "format.responses": "separator"}.get(left.type)
    if key and None not in (left.params.get(key), right.params.get(key)) and left.params[key] != right.params[key]:
        return "wrap", f"{left.params.get(key)} against {right.params.get(key)}"
    if left.type == "format.responses" and left.params.get("n") != right.params.get("n"):
        return "range", f"{left.params.get('n')} answers against {right.params.get('n')}"
    return None


def question_clash(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Return a question demanded at the end against a text there that asks nothing."""
    text = str(right.params.get("phrase") or right.params.get("text") or "")
    if left.type != "position.question" or right.negative or not text or "?" in text:
        return None
    return "position", f"a question at the end against {text[:40]!r}"
