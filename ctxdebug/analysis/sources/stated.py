"""Whether a prompt states anything of what was asked or may list memories, and whether the capture holds all that the model read as sources."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.model import Kind, Role, Segment, Snapshot, UnseenKind
from ctxdebug.text.kinds import wider_words
from ctxdebug.text.last_asked import last_asked
from ctxdebug.text.patterns import lazy
from ctxdebug.text.words import LETTERS, stop_words

_MOST_READ = 200_000
_FEWEST = 2
_SAID = lazy(r"[^.?!\n]{8,600}[.?!\n]?")
_WORD = lazy(r"[^\W\d_]{3,}")
_DIGIT = lazy(r"\d")
_SHORT = 3
_STEM = 5
"""Letters by which words are compared."""


def states_something(question: Segment | None, segments: Sequence[Segment]) -> bool:
    """Whether the user or the developer states something about what was asked: a sentence with two of the question's words.

    One is enough where the sentence stands beside the question, or has a number. A rule for the whole kind of thing (`pets`, where
    the question has `dog`) is about it too. Words are compared by how they begin, so that a plain chat costs no more than this.
    """
    if question is None:
        return False
    asked = last_asked(question.text[-4000:])
    last = (question.text[-600:] if asked is None else asked).lower()
    short = stop_words()
    wanted = {word[:_STEM] for word in _WORD.findall(last) if len(word) > _SHORT or word not in short}
    rules = tuple(wider_words(last))
    return any(
        _states(one, wanted, rules, least=1 if asked is not None and one is question else _FEWEST)
        for one in segments
        if one.kind is Kind.TEXT and one.role in {Role.SYSTEM, Role.DEVELOPER, Role.USER}
    )


def _states(one: Segment, wanted: set[str], rules: tuple[str, ...], least: int) -> bool:
    text = one.text[:_MOST_READ].lower()
    if not rules and not any(word in text for word in wanted):
        return False
    for sentence in _SAID.findall(text):
        if sentence.endswith("?"):
            continue
        words = LETTERS.findall(sentence)
        shared = len(wanted.intersection(word[:_STEM] for word in words))
        if (
            shared >= least
            or (shared and _DIGIT.search(sentence))
            or (rules and any(word.startswith(rules) for word in words))
        ):
            return True
    return False


def before_question(text: str) -> str:
    """Return what a message says before its last question; all of it where it asks nothing."""
    asked = last_asked(text[-4000:])
    return text if asked is None else text[: text.rfind(asked)]


def may_list_memories(text: str) -> bool:
    """Whether a text may list memories: a cheap look before its lines are read."""
    low = text[:_MOST_READ].lower()
    return "memor" in low or "user" in low or "model set context" in low or low.count("\n- 20") > 1


def what_is_hidden(snapshot: Snapshot, segments: Sequence[Segment]) -> str:
    """Return why the capture does not hold all that the model read as sources; empty if it does."""
    parts = (*segments, *snapshot.answer_segments())
    if any(
        part.kind is Kind.OPAQUE and part.role is not Role.SYSTEM and "encrypted" in part.text[:4000] for part in parts
    ):
        return "search results are encrypted, and only the server can read them"
    if any(unseen.kind in {UnseenKind.CONVERSATION, UnseenKind.ENCRYPTED} for unseen in snapshot.unseen):
        return "part of the conversation is on the server"
    if any(unseen.kind is UnseenKind.EXCERPTS for unseen in snapshot.unseen):
        return "the model read more of its sources than the provider returns"
    if any(part.kind is Kind.MEDIA and part.role is not Role.ASSISTANT for part in parts):
        return "the model also read images or files that are no text here"
    return ""
