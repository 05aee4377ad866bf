"""Styles that make an element invisible, read as CSS: escapes, comments and later declarations count as in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 100_000
"""Characters of CSS that are read of one text; tinycss2 takes 3 µs for one, whatever it is given."""
_MAY_HIDE = lazy(
    r"\\|/\*|display|visibility|opacity|font|indent|left|top|right|bottom|margin|clip|width|height|overflow|color|transform|z-index",
    re.IGNORECASE,
)
"""Without one of these no declaration can hide anything, and the CSS is not read."""
_SMALLEST = {"px": 2.99, "pt": 2.99, "em": 0.15, "rem": 0.15, "%": 15.0, "": 0.0}
"""Up to which size text cannot be read, by unit."""
_SMALLEST_OPACITY = 0.05
_FAR = 100
"""Units to the left or above from which a place is off every page."""
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
_AWAY = ("text-indent", "left", "top", "right", "bottom", "margin-left", "margin-top")
_WHITE = lazy(
    r"""
      white | \#f[c-f]f[c-f]f[c-f] | \#fff(?:f(?:ff)?)?
    | rgba?\(\s*25[0-5][\s,]+25[0-5][\s,]+25[0-5][^)]*\)
    | rgba\([^)]*,\s*0?(?:\.0\d*)?\s*\)
    | hsl\([^)]*100%\s*\)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=256)
def hides(style: str) -> bool:
    """Whether the declarations of a `style` attribute or a rule make what they are for invisible."""
    if _MAY_HIDE.search(style) is None:
        return False
    import tinycss2

    return _hide(_declared(tinycss2.parse_blocks_contents(style[:LONGEST])))


def hiding_names(sheet: str) -> frozenset[str]:
    """Return the classes (`.x`) and ids (`#x`) for which a style sheet makes elements invisible, `@media` rules included."""
    if _MAY_HIDE.search(sheet) is None:
        return frozenset()
    import tinycss2

    return frozenset(_names(tinycss2.parse_stylesheet(sheet[:LONGEST], skip_comments=True, skip_whitespace=True)))


def _names(rules: Iterable[Any]) -> Iterator[str]:
    import tinycss2

    for rule in rules:
        if (
            rule.type == "at-rule"
            and rule.content is not None
            and rule.lower_at_keyword in {"media", "supports", "layer"}
        ):
            yield from _names(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
        elif rule.type == "qualified-rule" and _hide(_declared(tinycss2.parse_blocks_contents(rule.content))):
            before = ""
            for token in rule.prelude:
                if before == "." and token.type == "ident":
                    yield f".{token.value}"
                elif token.type == "hash":
                    yield f"#{token.value}"
                before = getattr(token, "value", "") if token.type == "literal" else ""


def _declared(content: Iterable[Any]) -> Mapping[str, str]:
    """Return the value of every property in lower case, the one that counts: the last, or the last that is important."""
    import tinycss2

    found: dict[str, tuple[bool, str]] = {}
    for one in content:
        if one.type == "declaration":
            words = tinycss2.serialize([token for token in one.value if token.type != "comment"])
            if one.important or not found.get(one.lower_name, (False, ""))[0]:
                found[one.lower_name] = (one.important, " ".join(words.lower().split()))
    return {name: text for name, (_, text) in found.items()}


def _hide(declared: Mapping[str, str]) -> bool:
    get = declared.get
    return (
        get("display") == "none"
        or get("visibility") in {"hidden", "collapse"}
        or _at_most(get("opacity"), {"": _SMALLEST_OPACITY, "%": 100 * _SMALLEST_OPACITY})
        or _at_most(get("font-size"), _SMALLEST)
        or any(_number(get(name))[0] <= -_FAR for name in _AWAY)
        or _number(get("z-index"))[0] <= -_FAR
        or (get("clip", "").replace(" ", "").startswith("rect(0"))
        or get("clip-path", "").replace(" ", "").startswith(("inset(50%", "inset(100%"))
        or get("transform", "").replace(" ", "").startswith("scale(0)")
        or ("hidden" in get("overflow", "") and any(_at_most(get(name), {"px": 1, "pt": 1, "": 1}) for name in _BOX))
        or unseen_colour(get("color", ""), get("background-color") or get("background", ""))
    )


_BOX = ("width", "height", "max-width", "max-height")


def _number(text: str | None) -> tuple[float, str]:
    """Return the number at the start of a value and its unit; not a number where there is none."""
    found = _NUMBER.match(text or "")
    return (float(found[1]), found[2]) if found else (float("nan"), "")


def _at_most(text: str | None, most: Mapping[str, float]) -> bool:
    figure, unit = _number(text)
    return figure == 0 or (unit in most and 0 <= figure <= most[unit])


def unseen_colour(ink: str, ground: str) -> bool:
    """Whether text of a colour cannot be seen on a ground; the ground of a page is white where none is given."""
    ink, ground = ink.strip().lower(), ground.strip().lower()
    if not ink:
        return False
    if ink == "transparent" or (ground and ink == ground):
        return True
    white = _WHITE.fullmatch(ink) is not None
    return white and (not ground or _WHITE.fullmatch(ground) is not None)
