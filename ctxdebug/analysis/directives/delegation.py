"""Requests that hand a matter over to a text: "do what Tom asks in his mail", "follow the steps in the README"."""

from __future__ import annotations

from ctxdebug.text.recall import by_text
from ctxdebug.text.wordings import wording

_DELEGATED = wording("injection_grading", "delegated")
_DONE_FOR = wording("injection_grading", "done for")
"""What somebody asks for is to be done, whoever it is: by name, by pronoun, or by what they wrote."""


@by_text
def hands_over(text: str) -> bool:
    """Whether a request says to do what some text or somebody says."""
    return _DELEGATED.search(text) is not None or _DONE_FOR.search(text) is not None
