"""What of a call is never written: the values of headers and parameters that carry credentials, and their repetitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from ctxdebug.redaction.checksums import is_varied
from ctxdebug.redaction.masking import masked
from ctxdebug.redaction.named_values import is_secret_name

HIDDEN = "<REDACTED:credential:1>"
_SCHEME = re.compile(r"(?:Bearer|Basic|Token|ApiKey|Digest|AWS4-HMAC-SHA256) +", re.IGNORECASE)
_ENDINGS = ("authorization", "-auth", "-token", "-secret")
"""Endings of the headers of gateways (`helicone-auth`, `cf-aig-authorization`)."""
_PARAMETERS = frozenset({"key", "api_key", "apikey", "token", "access_token", "sig", "signature", "code"})
"""Parameters of an address that carry a credential; Gemini's is `key`."""
_SHORTEST = 16
"""Characters of a credential that is looked for in bodies."""
_PROTOCOLS = "sec-websocket-protocol"
_PROTOCOL_KEY = re.compile(r"(?<=openai-insecure-api-key\.)[^,\s]+")
"""A browser can send a WebSocket no header, so OpenAI takes the key as a subprotocol."""


def without_secrets(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers with what is secret replaced: all of a named one but its scheme, and known tokens in any other."""
    return [(name, _shown(name, value)) for name, value in headers]


def _is_secret(name: str) -> bool:
    return is_secret_name(name) or name.lower().endswith(_ENDINGS)


@lru_cache(maxsize=2048)
def _shown(name: str, value: str) -> str:
    if _is_secret(name):
        scheme = _SCHEME.match(value)
        return f"{scheme.group() if scheme else ''}{HIDDEN}"
    if name.lower() == _PROTOCOLS:
        value = _PROTOCOL_KEY.sub(HIDDEN, value)
    return masked(value)


def without_url_secrets(url: str) -> str:
    """Return an address without its user, its password, and the values of parameters that carry a credential."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return masked(url)
    place = parts.netloc.rpartition("@")[2]
    query = "&".join(_parameter(pair) for pair in parts.query.split("&")) if parts.query else ""
    return urlunsplit((parts.scheme, place, parts.path, query, ""))


def _parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    key = unquote(name)
    if equals and value and (key.lower() in _PARAMETERS or key.lower().startswith("x-amz-") or is_secret_name(key)):
        return f"{name}={quote(HIDDEN)}"
    return pair


def without_credentials(headers: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Return what hides, in a body, the credentials that the call was sent with: a server may repeat them.

    Only what looks generated is hidden: a local server's key is often a word (`ollama`), and bodies are kept as sent.
    """
    values = {_SCHEME.sub("", value, count=1) for name, value in headers if _is_secret(name)}
    credentials = [value for value in values if len(value) >= _SHORTEST and " " not in value and _generated(value)]

    def hide(text: str) -> str:
        for credential in credentials:
            text = text.replace(credential, HIDDEN)
        return text

    return hide


def _generated(value: str) -> bool:
    return is_varied(value) and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
