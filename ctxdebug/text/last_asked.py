"""The last question of a text, found from its end: a pattern that tries every beginning is slow where few sentences ask."""

from __future__ import annotations

_ENDS = "?!\n"


def last_asked(text: str) -> str | None:
    """Return the last sentence that ends in a question mark, from the end of the sentence before it; None where none does.

    A full stop inside a word or a number (`v1.2`) ends no sentence.
    """
    mark = text.rfind("?")
    if mark < 0:
        return None
    before = max(text.rfind(end, 0, mark) for end in _ENDS)
    stop = text.rfind(".", before + 1, mark)
    while stop >= 0:
        if not (text[stop + 1].isalnum() or text[stop + 1] == "_"):
            return text[stop + 1 : mark + 1]
        stop = text.rfind(".", before + 1, stop)
    return text[before + 1 : mark + 1]
