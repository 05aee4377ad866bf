# ruff: noqa: E501  (a table: one language, one line)

"""Which language a text is in: by its script, or by the small words that only one language uses so often."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from ctxdebug.patterns import lazy

_SCRIPTS: Final = (
    ("ja", lazy(r"[\u3040-\u30ff]")),
    ("ko", lazy(r"[\uac00-\ud7af]")),
    ("zh", lazy(r"[\u4e00-\u9fff]")),
    ("he", lazy(r"[\u0590-\u05ff]")),
    ("ar", lazy(r"[\u0600-\u06ff]")),
    ("hi", lazy(r"[\u0900-\u097f]")),
    ("th", lazy(r"[\u0e00-\u0e7f]")),
    ("el", lazy(r"[\u0370-\u03ff]")),
    ("cyrillic", lazy(r"[\u0400-\u04ff]")),
)
_WORDS: Final = {
    "en": "the has its into than any may should how who of and to in is that for it with as was on are this be by not or from at have you an which can will they your if when would there their has been we i do does but what more",
    "de": "der die das und ist nicht mit ein eine einer einem zu von den dem des für auf sich im auch es an werden aus als bei wird nach wie sie ich sind oder über kann haben wenn dass nur noch zum zur sowie",
    "fr": "le la les des est et un une du dans que pour pas qui sur au avec ce il sont plus par ne se vous nous cette être ou aux mais votre leur ses ces d'un c'est n'est peut comme elle",
    "es": "el la los las de que y en un una es por con para del se no al lo su como más pero sus este esta o son puede está hay si ya muy también fue ha usted cuando",
    "it": "il di che la è e un una per in non si con del della dei le gli alla sono nel da al come più anche delle ma questo questa o può lo essere ha i dal nella",
    "pt": "o a os as de que e do da em um uma para é com não por no na dos das se mais como mas ao ou são seu sua foi pode você também está pela pelo isso ser",
    "nl": "de het een en van is dat in niet te op met voor zijn er aan die ook als bij naar om uit kan wordt maar worden of dit u ik je nog deze heeft hebben",
    "pl": "w i na z do nie się to jest że o jak za od po przez dla tego może są lub oraz ale być który które jego jej tak czy ten co przy ich tym",
    "sv": "och att det är en som på för av med inte den till i om ett har de kan du jag så från eller men var ska vid också din när inom",
    "da": "og at det er en som på for af med ikke den til i om et har de kan du jeg så fra eller men var skal ved også din når blev mellem",
    "no": "og at det er en som på for av med ikke den til i om et har de kan du jeg så fra eller men var skal ved også din når ble mellom",
    "fi": "ja on ei se että oli ovat mutta kun myös tai kuin sen hän joka ole voi vain niin mitä jos ovat jossa sitä siitä kanssa tämä",
    "cs": "a je se v na to že s z do o ne jako by za ale k pro jsou který které si nebo jsem být jeho podle při může bylo také",
    "tr": "ve bir bu için de da ile olarak daha çok olan gibi var en ne kadar sonra değil ya veya ise mı mi olduğu her şey",
    "ro": "de și în la a cu pe nu este din care că un o pentru să se mai sunt sau fi ce prin dar le acest această poate lui",
    "hu": "a az és hogy nem is egy ez meg de van csak azt ha már el volt mint vagy kell lehet minden után szerint",
    "id": "yang dan di ini dengan untuk dari tidak itu dalam pada adalah akan ke atau juga ada bisa anda saya oleh dapat karena lebih",
    "vi": "và của là có không được cho trong với các một này đã người để khi những từ đến bạn về tôi như",
    "ru": "и в не на что с по это как из но у за от для его мы или вы они так же был быть может если к",
    "uk": "і в не на що з по це як із але у за від для його ми або ви вони так був бути може якщо та є",
    "bg": "и в не на че с по това как от но за са е да се или ще може ако към",
}  # fmt: skip
_SETS: Final = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_SLAVIC: Final = ("ru", "uk", "bg")
KNOWN: Final = frozenset(_WORDS) | {code for code, _ in _SCRIPTS if len(code) == 2}
"""Codes of the languages that can be told."""

_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT_PROSE = lazy(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_SAMPLE = 20_000


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it cannot be told; code and links do not count."""
    prose = _NOT_PROSE.sub(" ", text[:_SAMPLE])
    letters = sum(character.isalpha() for character in prose)
    if letters < 2:
        return None
    for code, pattern in _SCRIPTS:
        share = len(pattern.findall(prose)) / letters
        if share > (0.1 if code == "ja" else 0.5):
            return _by_words(prose, _SLAVIC, fallback="ru") if code == "cyrillic" else code
    return _by_words(prose, tuple(code for code in _WORDS if code not in _SLAVIC), fallback=None)


def _by_words(prose: str, codes: tuple[str, ...], fallback: str | None) -> str | None:
    words = Counter(word.lower().replace("’", "'") for word in _WORD.findall(prose))
    hits = {code: sum(_weight(word, count) for word, count in words.items() if word in _SETS[code]) for code in codes}
    ranked = sorted(codes, key=lambda code: -hits[code])
    best, second = ranked[0], ranked[1]
    total = sum(words.values())
    clear = hits[best] >= 2 and hits[best] >= hits[second] * 1.2 and hits[best] >= total * 0.1
    if clear:
        return best
    if {best, second} == {"da", "no"} and hits[best] >= 3 and hits[best] > hits[second]:
        return best
    return fallback


def _weight(word: str, count: int) -> float:
    """Return what a word says; single letters stand in every language, and one word many times is still one word."""
    return min(count, 3) * (1.0 if len(word) > 1 else 0.3)
