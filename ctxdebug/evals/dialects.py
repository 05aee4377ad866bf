"""How each kind of endpoint is asked: its path, its headers, and where the model's name stands.

Rows, not branches: another dialect is another row. The shape of the body is the wire format's.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ctxdebug.errors import UsageError
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record(frozen=True, slots=True)
class Dialect:
    """One way to ask. `key_header` holds `{}` where the key goes, `path` holds `{model}` where the URL names the model."""

    format: str
    path: str
    key_variable: str
    key_header: tuple[str, str]
    headers: tuple[tuple[str, str], ...] = ()
    stream_options: tuple[tuple[str, Any], ...] = ()
    streams: bool = True
    """Whether streamed answers are server-sent events from the same path."""
    always: tuple[tuple[str, Any], ...] = ()
    """What a request says that is not to be streamed."""

    @property
    def version(self) -> str:
        """The first step of the path, which a user's URL may end with already: `/v1`."""
        return "/" + self.path.split("/")[1]

    @property
    def ending(self) -> str:
        """How a complete URL ends."""
        return self.path.rpartition("{model}")[2] if "{model}" in self.path else self.path.removeprefix("/v1")


# documented at platform.openai.com/docs/api-reference, docs.anthropic.com/en/api, ai.google.dev/api/generate-content and
# github.com/ollama/ollama/blob/main/docs/api.md
DIALECTS: dict[str, Dialect] = {
    dialect.format: dialect
    for dialect in (
        Dialect("openai.chat", "/chat/completions", "OPENAI_API_KEY", ("authorization", "Bearer {}"),
                stream_options=(("stream_options", {"include_usage": True}),)),
        Dialect("openai.responses", "/responses", "OPENAI_API_KEY", ("authorization", "Bearer {}")),
        Dialect("anthropic.messages", "/v1/messages", "ANTHROPIC_API_KEY", ("x-api-key", "{}"),
                (("anthropic-version", "2023-06-01"),)),
        Dialect("google.generate_content", "/v1beta/models/{model}:generateContent", "GEMINI_API_KEY",
                ("x-goog-api-key", "{}"), streams=False),
        Dialect("ollama.chat", "/api/chat", "OLLAMA_API_KEY", ("authorization", "Bearer {}"), streams=False,
                always=(("stream", False),)),
    )
}  # fmt: skip
_HOSTS = {"api.anthropic.com": "anthropic.messages", "generativelanguage.googleapis.com": "google.generate_content"}
_OWN_PORTS = {11434: "ollama.chat"}
"""Ports on which a server answers in a dialect of its own where the URL has no path."""
KEYED_HOSTS = frozenset({"api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com"})
"""Hosts that answer nobody without a key."""


@record(frozen=True, slots=True)
class Address:
    """Where a question goes."""

    url: str
    dialect: Dialect

    @property
    def host(self) -> str:
        """The host's name, for messages."""
        return urlsplit(self.url).hostname or ""

    @property
    def names_model(self) -> bool:
        """Whether the URL, and not the body, names the model."""
        return "{model}" in self.dialect.path

    def for_model(self, model: str) -> str:
        """Return the URL for a model; the same for all where the body names it."""
        return self.url.replace("{model}", quote(model.removeprefix("models/"), safe=""))


def address(url: str, format: str | None = None) -> Address:
    """Complete the URL that a user gave; raises `UsageError` for one that cannot be asked.

    The dialect is the one whose path ends the URL, else the host's, else `format` (the case's own
    wire format) where it is a dialect, else chat completions.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii")
    except ValueError as error:
        raise UsageError(f"{url[:80]!r} is no URL that can be asked: {error}") from None
    if not usable or not url.isprintable() or " " in url:
        raise UsageError(f"{url[:80]!r} is no URL that can be asked; one is https://api.openai.com/v1")
    if parts.username or parts.password:
        raise UsageError("--endpoint contains a password; keys come from the environment only")
    path = parts.path.rstrip("/")
    named = [dialect for dialect in DIALECTS.values() if path.endswith(dialect.ending)]
    if named:
        return Address(parts._replace(path=path).geturl(), named[0])
    asked = format if format in DIALECTS else "openai.chat"
    own = _OWN_PORTS.get(parts.port or 0, asked) if not path else asked
    dialect = DIALECTS[_HOSTS.get(parts.hostname or "", own)]
    joined = path + (dialect.path.removeprefix(dialect.version) if path.endswith(dialect.version) else dialect.path)
    return Address(parts._replace(path=joined).geturl(), dialect)


def key_for(place: Address, environment: Mapping[str, str], variable: str | None = None) -> str | None:
    """Return the key from the environment; None where the endpoint may need none.

    Raises `UsageError` where it is missing, could not stand in a header, or would travel unencrypted.
    """
    name = variable or place.dialect.key_variable
    key = environment.get(name, "").strip()
    if not key:
        if variable or place.host in KEYED_HOSTS:
            raise UsageError(f"{name} is not set; the key comes from the environment only")
        return None
    if not key.isascii() or not key.isprintable():
        raise UsageError(f"{name} contains characters that cannot be in a header")
    if urlsplit(place.url).scheme == "http" and not _near(place.host):
        raise UsageError(f"{place.host} would get the key unencrypted; use https")
    return key


def _near(host: str) -> bool:
    """Tell whether a host is this machine or on a private network."""
    if host == "localhost" or ("." not in host.strip("[]") and ":" not in host):
        return True
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost"))
    return found.is_private or found.is_loopback
