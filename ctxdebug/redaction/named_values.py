"""What the name of a value says of it: a header, a key of an object that is called a secret."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ctxdebug.redaction.checksums import is_card, is_password, is_token
from ctxdebug.redaction.finder import PLACEHOLDER
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SCHEME = lazy(r"(?:Bearer|Basic|Token|ApiKey|Digest|SSWS) +", re.IGNORECASE)
_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "x-auth-token"}
    | {"x-amz-security-token", "x-access-token", "x-csrf-token", "cookie", "set-cookie"}
    | {"openai-organization", "openai-project", "ocp-apim-subscription-key"}
)
_NAMES = lazy(
    r"""
      (?:.*[_.-])?(?:api[_-]?key|apikey|secret|passw(?:or)?d|passphrase|pwd|(?:access|auth|refresh
        |session|id|bearer)[_-]?token|(?:client|signing|webhook)[_-]?secret|private[_-]?key
        |secret[_-]?key|credentials?)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of a JSON value with the key it stands under; integers that may be cards too."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        header = header_name(value)
        for key, item in value.items():
            yield "", key
            yield from strings(item, header if header and key == "value" else key)
    elif isinstance(value, list | tuple):
        header = header_pair(value)
        for item in value:
            yield from strings(item, header if header and item is value[1] else "")
    elif isinstance(value, int) and not isinstance(value, bool) and is_card(str(value)):
        yield name, str(value)


def header_name(value: Mapping[str, Any]) -> str:
    """Return the secret name of a `{name, value}` object; empty where it is another."""
    name = value.get("name")
    return name if isinstance(name, str) and "value" in value and is_secret_name(name) else ""


def header_pair(value: Sequence[Any]) -> str:
    """Return the secret name of a `[name, value]` pair; empty where it is another."""
    if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str) and is_secret_name(value[0]):
        return value[0]
    return ""


def is_secret_name(name: str) -> bool:
    """Whether a header, a parameter or a key of this name holds a secret, whatever its value looks like."""
    return len(name) <= 80 and (name.lower() in _HEADERS or _NAMES.fullmatch(name) is not None)


def named_secret(name: str, text: str) -> str:
    """Return the secret part of a text that stands under such a name; empty when it is none."""
    if not name or not 4 <= len(text) <= 4096 or not is_secret_name(name) or PLACEHOLDER.search(text):
        return ""
    scheme = _SCHEME.match(text)
    secret = text[scheme.end() :] if scheme else text
    if name.lower() in ("cookie", "set-cookie"):
        return secret
    if " " in secret.strip():
        return ""
    return secret if is_token(secret) or is_password(secret) else ""


def nested(text: str) -> Iterator[Any]:
    """Yield the JSON object or array that a whole text is; arguments of tool calls are such texts."""
    if text[:1] in "{[" and text[-1:] in "}]" and len(text) > 4:
        try:
            yield json.loads(text)
        except (ValueError, RecursionError):
            return
