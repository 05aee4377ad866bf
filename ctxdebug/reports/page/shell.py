"""What every page has: our style and script in it, a policy that lets in nothing else, and text that cannot hide."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.text.printable import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import Template

_SCOPE = ".ctxdebug"
_TEMPLATES = Path(__file__).parent.parent / "templates"


def render_page(
    template: str,
    *,
    styles: tuple[str, ...] = ("page.css",),
    scripts: tuple[str, ...] = ("page.js",),
    embedded: bool = False,
    **values: Any,
) -> str:
    """Fill a template; it also gets `style`, `script` and `policy`, of the parts that it names.

    With `embedded`, it is a part of somebody else's page: without a script, its style for itself alone.
    """
    from markupsafe import Markup

    text = _template(template).render(
        embedded=embedded,
        style=Markup(_scoped(styles) if embedded else _parts(styles)),  # noqa: S704 - our own files
        script=Markup(_parts(scripts)),  # noqa: S704 - our own files
        policy=_policy(styles, scripts),
        **values,
    )
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _parts(names: tuple[str, ...]) -> str:
    return "".join(_part(name) for name in names)


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _scoped(names: tuple[str, ...]) -> str:
    """Return the style for a part of somebody else's page: every rule for what is inside `.ctxdebug`, and nothing outside."""
    import tinycss2

    return "".join(_rules(tinycss2.parse_stylesheet(_parts(names), skip_comments=True, skip_whitespace=True)))


def _rules(nodes: Iterable[Any]) -> Iterator[str]:
    import tinycss2

    for node in nodes:
        if node.type == "at-rule":
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{''.join(_rules(inner))}}}"
        elif node.type == "qualified-rule":
            selectors = tinycss2.serialize(node.prelude).strip().split(",")
            yield f"{','.join(map(_inside, selectors))}{{{tinycss2.serialize(node.content)}}}"


def _inside(selector: str) -> str:
    return _SCOPE if selector in {":root", "html", "body"} else f"{_SCOPE} {selector}"


@lru_cache(maxsize=4)
def _policy(styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    """Nothing from anywhere, and of what is in the page only our style and our script, by their hashes."""
    style, script = (
        base64.b64encode(hashlib.sha256(_parts(names).encode()).digest()).decode() for names in (styles, scripts)
    )
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"


def _visible(value: object) -> object:
    """Whatever text the template is given: nothing hidden stays hidden (chips are made before, and are markup)."""
    return clean(value) if type(value) is str else value


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_visible
    )
    return made.from_string(_part(name))
