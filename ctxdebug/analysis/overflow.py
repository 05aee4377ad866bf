"""Whether a provider's error says that the context was too long, and its two numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ctxdebug.model import ProviderError

_CODES = frozenset({"context_length_exceeded", "too_many_tokens", "too_many_prompt_tokens", "request_too_large", "exceed_context_size_error",
    "model_context_window_exceeded", "context_window_exceeded", "string_above_max_length"})  # fmt: skip
_SUBJECT = re.compile(r"context|prompt|input|messages?\b|\btokens?\b", re.IGNORECASE)
_EXCESS = re.compile(
    r"too long|too many (?:input )?tokens|too large|maximum (?:context|prompt|input|number of tokens|model length|length)|"
    r"max(?:imum)? model length|exceed(?:s|ed|ing)?[^.]{0,60}(?:context|window|limit|maximum|tokens)|context (?:length|window|size)|"
    r"longer than the (?:maximum|context)|larger than the (?:maximum|context)|reduce the length",
    re.IGNORECASE,
)
_NOT = re.compile(r"quota|rate.?limit|per minute|per day|unsupported parameter|resource exhausted|billing|temperature|"
    r"max_tokens is too large|completion tokens|output tokens", re.IGNORECASE)  # fmt: skip
_LIMIT = re.compile(
    r"(?:maximum context length is|context length is|limit(?: for this model)? (?:is|of)|"
    r"maximum(?: allowed| input)?(?: number of tokens)?(?: allowed)?(?: of| is)?|"
    r"max(?:imum)? model length of|>|context (?:window|size)(?: of| is)?|n_ctx[:= ]{1,3}|allowed \()\s{0,2}\(?([\d][\d,_]{2,})",
    re.IGNORECASE,
)
_REQUESTED = re.compile(
    r"(?:requested(?: about)?|resulted in|prompt (?:is too long: |\(length )|contains(?: at least)?|input token count \(?(?: of)?|"
    r"your (?:prompt|input|messages)[^.\d]{0,40}|has|\(length|got)\s{0,2}\(?([\d][\d,_]{2,})",
    re.IGNORECASE,
)
_EXCEEDED_BY = re.compile(r"exceeded by ([\d][\d,]{1,}) tokens", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overflow:
    """The tokens that were asked for and the limit; None where the error does not tell."""

    requested: int | None
    limit: int | None

    @property
    def numbers(self) -> str:
        """The two numbers as a clause."""
        if self.requested and self.limit:
            return f": {self.requested:,} tokens against a limit of {self.limit:,}"
        return f": the limit is {self.limit:,} tokens" if self.limit else ""


def overflow_error(error: ProviderError) -> Overflow | None:
    """The overflow that an error reports, or None when it is about something else."""
    text = error.message[:4000]
    by_code = (error.code or "").lower() in _CODES
    if not by_code and (_NOT.search(text) or not (_SUBJECT.search(text) and _EXCESS.search(text))):
        return None
    requested, limit = _number(_REQUESTED.search(text)), _number(_LIMIT.search(text))
    excess = _number(_EXCEEDED_BY.search(text))
    if requested is None and excess is not None and limit is not None:
        requested = limit + excess
    return Overflow(requested, limit)


def _number(match: re.Match[str] | None) -> int | None:
    return int(re.sub(r"\D", "", match[1])) if match else None
