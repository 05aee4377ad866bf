"""Documents and quotations in XML-like tags: `<document id="7">…</document>`, `<email>…</email>`."""

from __future__ import annotations

import re

from ctxdebug.segmentation.cut import Cut
from ctxdebug.segmentation.descriptions import completed, from_attributes
from ctxdebug.text.patterns import lazy

_DOCUMENT_TAGS = frozenset(
    """document doc source context passage chunk search_result searchresult result article page webpage
    web_page snippet excerpt reference retrieved retrieved_document retrieved_context knowledge untrusted_text
    untrusted file_content search-result web_result source_document knowledge_base kb_article""".split()
)
_OWN_WORDS = frozenset(
    """instructions instruction task question query request rules rule role persona system user assistant
    user_query user_question output output_format format example examples thinking answer guidelines constraints
    goal documents docs sources results search_results passages chunks articles pages references br hr p b i a li
    ul ol div span h1 h2 h3 h4 h5 h6 td tr th table tbody thead code pre img em strong""".split()
)
_TAG = lazy(r"<(/?)([A-Za-z][\w.-]{0,40})((?:\s[^<>]{0,600})?)(/?)>")
_SHORTEST_QUOTATION = 40
_LONGEST_LABEL = 300
"""Characters. A `<source>` of at most this length inside a document names it, and is not one itself."""


def tagged(text: str, *, quotations: bool) -> list[Cut]:
    """Innermost document tags; with `quotations`, also other tags that set off somebody's words."""
    if "</" not in text:
        return []
    cuts: list[Cut] = []
    stack: list[tuple[str, re.Match[str]]] = []
    depth: dict[str, int] = {}
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if match[4] or (name not in _DOCUMENT_TAGS and not (quotations and name not in _OWN_WORDS)):
            continue
        if not match[1]:
            stack.append((name, match))
            depth[name] = depth.get(name, 0) + 1
            continue
        if not depth.get(name):
            continue
        while stack:
            opened, opening = stack.pop()
            depth[opened] -= 1
            if opened == name:
                if stack and match.start() - opening.end() <= _LONGEST_LABEL and name == "source":
                    break
                _close(text, name, opening, match, cuts)
                break
    return cuts


def _close(text: str, name: str, opening: re.Match[str], closing: re.Match[str], cuts: list[Cut]) -> None:
    start, end = opening.end(), closing.start()
    if not text[start:end].strip():
        return
    inner = bool(cuts) and cuts[-1].start >= start
    if name in _DOCUMENT_TAGS:
        if inner and any(cut.document for cut in cuts if cut.start >= start):
            return
        while cuts and cuts[-1].start >= start:
            cuts.pop()
        document = completed(from_attributes(opening[3]), text[start:end])
        cuts.append(Cut(start, end, document, name))
    elif not inner and end - start >= _SHORTEST_QUOTATION:
        cuts.append(Cut(start, end, None, name))
