"""Whose words count: the default authority, trust and provenance of a stretch of text.

The levels are those of the OpenAI Model Spec's chain of command: an unquoted sentence has the level
of the message it stands in; quoted text, tool results, documents and the model's own earlier words
have none, whoever relays them.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from ctxdebug.exchange import Part
from ctxdebug.model import Authority, Kind, Provenance, Role, Trust
from ctxdebug.records import record


@record(frozen=True, slots=True)
class Policy:
    """What a project's configuration says about trust. Patterns are shell-like."""

    trusted_tools: tuple[str, ...] = ()
    trusted_tags: tuple[str, ...] = ()

    def trusts_tool(self, name: str | None) -> bool:
        """Whether the configuration vouches for a tool's words."""
        return bool(self.trusted_tools) and name is not None and _matches(name, self.trusted_tools)

    def trusts_tag(self, name: str | None) -> bool:
        """Whether the configuration vouches for what stands in an XML-like tag."""
        return bool(self.trusted_tags) and name is not None and _matches(name, self.trusted_tags)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@record(frozen=True, slots=True)
class Standing:
    """A stretch's authority, trust and provenance."""

    authority: Authority
    trust: Trust
    provenance: Provenance


_MODEL = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.MODEL_OUTPUT)
_MEMORY = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.MEMORY)
_RESULT = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.TOOL_RESULT)
_TRUSTED_RESULT = Standing(Authority.NONE, Trust.TRUSTED, Provenance.TOOL_RESULT)
_UNREADABLE = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.USER_INPUT)
_USER = Standing(Authority.USER, Trust.TRUSTED, Provenance.USER_INPUT)
_SYSTEM = Standing(Authority.SYSTEM, Trust.TRUSTED, Provenance.AUTHORED)
_DEVELOPER = Standing(Authority.DEVELOPER, Trust.TRUSTED, Provenance.AUTHORED)
_UNKNOWN = Standing(Authority.NONE, Trust.UNTRUSTED, Provenance.USER_INPUT)


def standing(role: Role, part: Part, policy: Policy) -> Standing:
    """Return the standing of a part as a whole; documents and quotations inside it are judged by `relayed`."""
    kind = part.kind
    if part.memory:
        return _MEMORY
    if kind is Kind.DOCUMENT:
        return relayed(part.tool, None, policy)
    if kind is Kind.TOOL_RESULT or part.call_id is not None or role is Role.TOOL:
        return _TRUSTED_RESULT if policy.trusts_tool(part.tool) else _RESULT
    if role is Role.ASSISTANT or kind is Kind.TOOL_CALL or kind is Kind.THINKING:
        return _MODEL
    if kind is Kind.MEDIA or kind is Kind.OPAQUE:
        return _UNREADABLE
    if role is Role.USER:
        return _USER
    if role is Role.SYSTEM:
        return _SYSTEM
    return _DEVELOPER if role is Role.DEVELOPER else _UNKNOWN


def relayed(tool: str | None, tag: str | None, policy: Policy) -> Standing:
    """Return the standing of a document inside something else."""
    trusted = policy.trusts_tool(tool) or policy.trusts_tag(tag)
    return Standing(Authority.NONE, Trust.TRUSTED if trusted else Trust.UNTRUSTED, Provenance.RETRIEVED)


def quoted(tag: str | None, policy: Policy) -> Standing:
    """Return the standing of words that the user set off as somebody else's."""
    trust = Trust.TRUSTED if policy.trusts_tag(tag) else Trust.UNTRUSTED
    return Standing(Authority.NONE, trust, Provenance.USER_INPUT)
