"""Which language the answer is in."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Sentence

CODES = {
    "afrikaans": "af", "albanian": "sq", "arabic": "ar", "armenian": "hy", "basque": "eu", "bengali": "bn", "bangla": "bn", "bulgarian": "bg",
    "burmese": "my", "cantonese": "zh", "catalan": "ca", "chinese": "zh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl",
    "english": "en", "estonian": "et", "farsi": "fa", "filipino": "tl", "finnish": "fi", "french": "fr", "georgian": "ka", "german": "de",
    "greek": "el", "gujarati": "gu", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it",
    "japanese": "ja", "kannada": "kn", "kazakh": "kk", "khmer": "km", "korean": "ko", "lao": "lo", "latin": "la", "latvian": "lv", "lithuanian": "lt",
    "macedonian": "mk", "malay": "ms", "malayalam": "ml", "mandarin": "zh", "marathi": "mr", "mongolian": "mn", "nepali": "ne",
    "norwegian": "no", "pashto": "ps", "persian": "fa", "polish": "pl", "portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru",
    "serbian": "sr", "sinhala": "si", "slovak": "sk", "slovenian": "sl", "somali": "so", "spanish": "es", "swahili": "sw", "swedish": "sv",
    "tagalog": "tl", "tamil": "ta", "telugu": "te", "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
    "welsh": "cy", "yiddish": "yi", "zulu": "zu", "castilian": "es", "deutsch": "de", "français": "fr", "español": "es",
}  # fmt: skip
_NAME = "|".join(sorted(CODES, key=len, reverse=True))
_IN = wording("constraint_language", "in", name=_NAME)
_USE = wording("constraint_language", "use", name=_NAME)
_LEAD = wording("constraint_language", "lead", name=_NAME)
_ALLOWED = wording("constraint_language", "allowed", name=_NAME)
_KIND = wording("constraint_language", "of a kind")
"""Behind a language, what is in it: `in Spanish texts` says where, and asks for no Spanish."""
_USER = wording("constraint_language", "user")


def _fixed(sentence: Sentence) -> Iterator[Draft]:
    seen: set[str] = set()
    for pattern in (_ALLOWED, _LEAD, _IN, _USE):
        for match in pattern.finditer(sentence.text):
            if _KIND.match(sentence.text[match.end() :]):
                continue
            name = next(value for key, value in match.groupdict().items() if key.startswith("name") and value)
            code = CODES[name.lower()]
            negative = (
                _DENIED.search(sentence.text[: match.start("verb") if "verb" in match.re.groupindex else match.start()])
                is not None
            )
            if code not in seen and not _about_source(sentence, match.start(), match.end()):
                seen.add(code)
                yield Draft(
                    "language",
                    sentence.offset + match.start(),
                    sentence.offset + match.end(),
                    {"language": code},
                    negative,
                )


_DENIED = spaced(r"(?:\b(?:not|never|avoid|refrain from|stop|cannot)|n['’]t) (?:[\w'’]+ ){0,3}$")
_SAY = spaced(r"^\W*(?:please |now |can you |could you )?(?:say|how|what|translate)\b(?! (?:it|everything|all|that))")
_SOURCE = wording("constraint_language", "source")


def _about_source(sentence: Sentence, start: int, end: int) -> bool:
    lead = sentence.text[:end].lower().rsplit(" ", 1)[0]
    if _SAY.match(sentence.text) or (
        sentence.words & {"translate", "translation"}
        and not sentence.words & {"respond", "answer", "reply", "response"}
    ):
        return True
    if "only" in sentence.words or "entire" in sentence.words:
        return False
    if spaced(r"\b(?:if|when|whether)\b[^,]*$").search(sentence.text[:start]):
        return True
    return (
        lead.endswith((" from", "mean in"))
        or spaced(
            r"\b(?:how (?:do|to|would|can) (?:you |i |we )?say|what (?:does|is)|the following (?:text|sentence|passage|paragraph|word)s? in|translated? (?:from|this from))\b[^.]*$"
        ).search(sentence.text[:end])
        is not None
    )


def _user(sentence: Sentence) -> Iterator[Draft]:
    match = _USER.search(sentence.text)
    if match and "programming" not in sentence.words:
        yield Draft(
            "language",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"language": "user"},
            sentence.negated(match.start()),
        )


PATTERNS = (
    Pattern("language", frozenset(CODES), _fixed, "Reply only in German."),
    Pattern("language", frozenset({"language"}), _user, "Answer in the user's language."),
)
