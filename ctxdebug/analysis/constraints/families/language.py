"""Which language the answer is in."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern

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
_QUALIFIER = r"(?:(?:only|strictly|plain|simple|standard|proper|fluent|formal|informal|american|british|us|uk|traditional|simplified|brazilian|modern|natural|correct|good|native|clear|perfect|written|the|either|entirely|just|exclusively|casual|colloquial|pure|idiomatic) ){0,3}"
_VERBS = r"(?:answer|respond|repl(?:y|ies)|write|written|writes?|speak|speaks|talk|communicate|output|converse|chat|responds?|answers?|text|responses?|reply|print|deliver|return|give|provide|produce|be|is|stay|stick|done|conversation|explain|everything|entirely|compose|draft|content|summary|describe|it|essay|letter|email|poem|story|song|post|article|paragraph|haiku|list|review|blog|script|dialogue|short|speech|come|arrive|render|phrase|express|made|message|generate|continue|finish|rest|phrased|summari[sz]e|create|proverb|dad joke|joke|rubric|resume|limerick|riddle|template|itinerary|proposal)"
_IN = spaced(
    rf"\b(?P<verb>{_VERBS})\b[^.;!?\n]{{0,80}}?\b(?:(?:in|into|using|use|to) (?:only )?(?:the )?{_QUALIFIER}|(?:must|should) (?:be|use) (?:only )?)(?P<name>{_NAME})\b(?: language)?(?! (?:class|teacher|literature|history|speakers?|grammar|exam|people|translation of|cuisine|food|restaurant|school|students?|channel|king|language learn|premier|football))"
)
_USE = spaced(
    rf"\b(?:only|exclusively|strictly|always|just|solely) (?:use |speak |in |using |write )?(?:in )?(?:the )?(?P<name>{_NAME})\b|\b(?:use|using|speak) (?:only |just )?(?:the )?{_QUALIFIER}(?P<name2>{_NAME})(?: language)?(?= ?(?:[.,;!)]|$|only|language|for|throughout|at all|in (?:your|all|every|the)|and\b|when|to (?:answer|respond|reply|write)))"
)
_LEAD = spaced(
    rf"^\W*(?:(?:response|output|answer|reply|target)? ?language ?(?:[:=]|is|must be|should be|of (?:the|your) (?:response|answer|output|reply) ?(?:[:=]|is|must be|should be)) ?|in )(?P<name>{_NAME})\b"
)
_ALLOWED = spaced(
    rf"\b(?:no|any) (?:other )?languages? (?:other than|except|besides|but|apart from) (?P<name>{_NAME})\b|\b(?P<name2>{_NAME}) is the only (?:allowed |permitted )?language|\bno other languages?[^.;!?\n]{{0,20}} (?:except|but|than|besides) (?P<name11>{_NAME})|\bthe (?P<name3>{_NAME}) language\b(?=[^.]{{0,40}}no other)|(?:in|only|use|using) (?P<name10>{_NAME})(?: language)?,?(?=[^.;!?\n]{{0,40}}\bno other language)|\b(?P<name4>{_NAME})(?:[\s-]only\b| only(?= ?[.,;!)]|$))|\bentire(?:ly)? [^.;!?\n]{{0,60}}\bin (?P<name5>{_NAME})\b|\bin (?P<name6>{_NAME}),? (?:and |with )?(?:no other|only|all|entirely|please|using all|in all|without)|\bin (?P<name7>{_NAME})(?: language)? ?(?:[.!]|$)|\b(?:your )?(?:response|answer|reply|output) [^.;!?\n]{{0,40}}\b(?:be|is) (?:entirely |all |completely |written )?(?:in )?(?P<name8>{_NAME})\b|\b(?P<name9>{_NAME}) (?:language )?(?:response|answer|reply|output)\b"
)
_USER = spaced(
    r"\b(?:in|to|use|match|mirror|using|with|follow|speak) (?:the )?(?:same language|user['’]?s? (?:own |native |preferred )?language|language (?:of|that|in which|used by|the (?:user|question|customer|query)|they|he|she|i|matching)|whatever language|customer['’]?s? language|their (?:own |native |preferred )?language|query['’]?s? language|question['’]?s? language|language (?:as|they))|\bsame language (?:as|that|in which)\b|\bmatch(?:es|ing)? (?:the )?(?:\w+['’]?s? )?language\b"
)


def _fixed(sentence: Sentence) -> Iterator[Draft]:
    seen: set[str] = set()
    for pattern in (_ALLOWED, _LEAD, _IN, _USE):
        for match in pattern.finditer(sentence.text):
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
_SOURCE = spaced(
    r"\b(?:written|is|was|are|question|text|input|sentence|message|speaks?|asks?|asked|word|phrase|mean|said|originally) (?:\w+ )?in$|\bfrom$|\bmean(?:s|ing)? in$|\b(?:words?|say|called|phrases?|expressions?|translation|translate)\b[^.]{0,60} in$"
)


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
