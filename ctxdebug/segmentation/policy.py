"""Whose words count: the default authority, trust and provenance of a stretch of text.

The levels are those of the OpenAI Model Spec's chain of command: an unquoted sentence has the level
of the message it stands in; quoted text, tool results, documents and the model's own earlier words
have none, whoever relays them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from ctxdebug.exchange import Part
from ctxdebug.model import Authority, Kind, Provenance, Role, Trust

_LEVELS = {Role.SYSTEM: Authority.SYSTEM, Role.DEVELOPER: Authority.DEVELOPER, Role.USER: Authority.USER}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a project's configuration says about trust. Patterns are shell-like."""

    trusted_tools: tuple[str, ...] = ()
    trusted_tags: tuple[str, ...] = ()

    def trusts_tool(self, name: str | None) -> bool:
        """Whether the configuration vouches for a tool's words."""
        return name is not None and any(fnmatchcase(name, pattern) for pattern in self.trusted_tools)

    def trusts_tag(self, name: str | None) -> bool:
        """Whether the configuration vouches for what stands in an XML-like tag."""
        return name is not None and any(fnmatchcase(name, pattern) for pattern in self.trusted_tags)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch's authority, trust and provenance."""

    authority: Authority
    trust: Trust
    provenance: Provenance


_MODEL = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.MODEL_OUTPUT)


def standing(role: Role, part: Part, policy: Policy) -> Standing:
    """The standing of a part as a whole; documents and quotations inside it are judged by `relayed`."""
    if part.memory:
        return Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.MEMORY)
    if part.kind is Kind.DOCUMENT:
        return relayed(part.tool, None, policy)
    if part.kind is Kind.TOOL_RESULT or part.call_id is not None or role is Role.TOOL:
        trust = Trust.TRUSTED if policy.trusts_tool(part.tool) else Trust.UNTRUSTED
        return Standing(Authority.NONE, trust, Provenance.TOOL_RESULT)
    if role is Role.ASSISTANT or part.kind in {Kind.TOOL_CALL, Kind.THINKING}:
        return _MODEL
    if part.kind in {Kind.MEDIA, Kind.OPAQUE}:
        return Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.USER_INPUT)
    level = _LEVELS.get(role, Authority.NONE)
    if level in {Authority.SYSTEM, Authority.DEVELOPER}:
        return Standing(level, Trust.TRUSTED, Provenance.AUTHORED)
    trust = Trust.TRUSTED if role is Role.USER else Trust.UNTRUSTED
    return Standing(level, trust, Provenance.USER_INPUT)


def relayed(tool: str | None, tag: str | None, policy: Policy) -> Standing:
    """The standing of a document inside something else."""
    trusted = policy.trusts_tool(tool) or policy.trusts_tag(tag)
    return Standing(Authority.NONE, Trust.TRUSTED if trusted else Trust.UNTRUSTED, Provenance.RETRIEVED)


def quoted(tag: str | None, policy: Policy) -> Standing:
    """The standing of words that the user set off as somebody else's."""
    trust = Trust.TRUSTED if policy.trusts_tag(tag) else Trust.UNTRUSTED
    return Standing(Authority.NONE, trust, Provenance.USER_INPUT)
