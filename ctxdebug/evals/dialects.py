"""How each kind of endpoint is asked: its path, its headers, and where the model's name stands.

Rows, not branches: another dialect is another row. The shape of the body is the wire format's.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to ask. `key_header` holds `{}` where the key goes."""

    format: str
    path: str
    key_variable: str
    key_header: tuple[str, str]
    headers: tuple[tuple[str, str], ...] = ()
    stream_options: tuple[tuple[str, Any], ...] = ()


# documented at platform.openai.com/docs/api-reference and docs.anthropic.com/en/api
DIALECTS: dict[str, Dialect] = {
    dialect.format: dialect
    for dialect in (
        Dialect("openai.chat", "/chat/completions", "OPENAI_API_KEY", ("authorization", "Bearer {}"),
                stream_options=(("stream_options", {"include_usage": True}),)),
        Dialect("openai.responses", "/responses", "OPENAI_API_KEY", ("authorization", "Bearer {}")),
        Dialect("anthropic.messages", "/v1/messages", "ANTHROPIC_API_KEY", ("x-api-key", "{}"),
                (("anthropic-version", "2023-06-01"),)),
    )
}  # fmt: skip
_HOSTS = {"api.anthropic.com": "anthropic.messages"}
KEYED_HOSTS = frozenset({"api.openai.com", "api.anthropic.com"})
"""Hosts that answer nobody without a key."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a question goes."""

    url: str
    dialect: Dialect

    @property
    def host(self) -> str:
        """The host's name, for messages."""
        return urlsplit(self.url).hostname or ""


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
    named = [dialect for dialect in DIALECTS.values() if path.endswith(dialect.path.removeprefix("/v1"))]
    if named:
        return Address(parts._replace(path=path).geturl(), named[0])
    dialect = DIALECTS[_HOSTS.get(parts.hostname or "", format if format in DIALECTS else "openai.chat")]
    joined = path + (dialect.path.removeprefix("/v1") if path.endswith("/v1") else dialect.path)
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
