"""Traffic that is no call of a language model: recorders keep it beside the calls, and it is left out by name."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from ctxdebug.exchange import Exchange, Stream
from ctxdebug.text.patterns import lazy

_MODEL_PATH = lazy(
    r"/(?:chat/completions|completions|completion|responses|messages|complete|converse|converse-stream|invoke|"
    r"invoke-with-response-stream|chat|generate|runs)$|:(?:streamG|g)enerateContent$|:(?:streamR|r)awPredict$"
)
_OTHER_SHAPES = (
    ("an embedding", frozenset({"embeddings"})),
    ("an embedding", frozenset({"embedding"})),
    ("an image", frozenset({"created", "data"})),
    ("a list of models", frozenset({"models"})),
)


def is_model_path(path: str) -> bool:
    """Whether the path of a URL is one at which providers take calls of a language model."""
    return _MODEL_PATH.search(path.rstrip("/")) is not None


def other_traffic(exchange: Exchange) -> str | None:
    """Return what an exchange that no format knows is, when it is certainly no model call; else None."""
    host, path = _split(exchange.url or "")
    if path and not is_model_path(path):
        return f"{exchange.method or 'POST'} {host}{_general(path)}"
    response = exchange.response
    if "observation" in exchange.labels:
        return "an observation that contains no messages"
    if isinstance(exchange.request, dict) and isinstance(exchange.request.get("attributes"), dict):
        return "a span that is no model call"
    if exchange.request is None and isinstance(response, dict):
        if response.get("object") == "list":
            return "a list"
        return next((what for what, keys in _OTHER_SHAPES if keys <= response.keys()), None)
    if exchange.request is None and response is None:
        return f"{exchange.method or 'an exchange'} without bodies"
    if exchange.url and exchange.request in (None, "", {}) and not isinstance(response, (dict, Stream)):
        return f"{exchange.method or 'GET'} {host}{_general(path)}"
    return None


def _split(url: str) -> tuple[str, str]:
    """Host and path of a URL; nothing for one that is none."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path.rstrip("/")
    except ValueError:
        return "", ""


_IDENTIFIER = lazy(r"/[^/]*\d[^/]{7,}")


def _general(path: str) -> str:
    """Return a path without its ids, so that calls of one kind count together."""
    return _IDENTIFIER.sub("/…", path)[:80]


class LeftOut:
    """Counts what was left out, by kind."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()

    def add(self, kind: str) -> None:
        """Count one more."""
        self._kinds[kind] += 1

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def only(self, kind: str) -> bool:
        """Whether all that was left out is of one kind."""
        return self._kinds.keys() == {kind}

    def sentence(self) -> str:
        """One sentence about all of it."""
        shown = [f"{kind}{f' ({count} times)' if count > 1 else ''}" for kind, count in self._kinds.most_common(4)]
        more = len(self._kinds) - len(shown)
        total = self._kinds.total()
        kinds = ", ".join(shown) + (f" and {more} more kinds" if more > 0 else "")
        return f"{total} {'entry is' if total == 1 else 'entries are'} no model call and left out: {kinds}"
