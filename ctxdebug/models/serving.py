"""Who served a request: by the container's word, the address, the wire format, or the model's vendor, in this order."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import urlsplit

from ctxdebug.models.catalogue import resolve
from ctxdebug.models.data_files import read
from ctxdebug.models.spelling import canonical_host
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy


@record(frozen=True, slots=True)
class Serving:
    """A host, and what told us. Only `provider` and `address` are somebody's word; the others are what is usual."""

    host: str
    told_by: str
    """`provider`, `address`, `format` or `model`."""

    @property
    def certain(self) -> bool:
        """Whether the capture itself says so."""
        return self.told_by in {"provider", "address"}


@cache
def _addresses() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((lazy(row["pattern"]), row["host"]) for row in read("hosts")["urls"])


@lru_cache(maxsize=512)
def host_of_url(url: str | None) -> str | None:
    """Give the host that a request's address belongs to; None for an address that no row knows."""
    if not url:
        return None
    try:
        address = urlsplit(url[:2000]).netloc.rsplit("@", 1)[-1].lower()
    except ValueError:
        return None
    for pattern, host in _addresses():
        if pattern.fullmatch(address) or pattern.fullmatch(address.partition(":")[0]):
            return host
    return None


def host_of_answer(body: object) -> tuple[str | None, tuple[str, ...]]:
    """Give the server that an answer shows by its fields, and the keys under which it tells its window; nothing for other answers."""
    for row in read("hosts")["answers"]:
        if all(_at(body, key) is not None for key in row["keys"]):
            return row["host"], tuple(row["window"].split(".")) if "window" in row else ()
    return None, ()


def _at(body: object, path: str) -> object:
    for key in path.split("."):
        body = body.get(key) if isinstance(body, dict) else None
    return body


def self_hosted(host: str | None) -> bool:
    """Whether a host is a server that its user runs: its counts are those of the prompt that its template rendered."""
    row = read("hosts")["hosts"].get(host) if host else None
    return row is not None and row["kind"] == "server"


@lru_cache(maxsize=512)
def serving(provider: str | None, url: str | None, wire: str | None, model: str | None) -> Serving | None:
    """Give who served a request; None when nothing tells. A provider or an address we do not know settles it: None."""
    if host := canonical_host(provider):
        return Serving(host, "provider")
    if host := host_of_url(url):
        return Serving(host, "address")
    if provider or url:
        return None
    if host := read("hosts")["spoken_by"].get(wire):
        return Serving(host, "format")
    info = resolve(model)
    if info and info.provider and read("hosts")["hosts"][info.provider]["kind"] == "vendor":
        return Serving(info.provider, "model")
    return None
