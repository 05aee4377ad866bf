# ruff: noqa: E501  (a table: one wording, one line)

"""Tell an answer that abstains or asks back from one that asserts, in the commoner languages."""

from __future__ import annotations

import re
from functools import cache

from ctxdebug.text.patterns import lazy

_SOURCES = r"(?:document|source|context|passage|text|article|handbook|manual|polic|file|excerpt|material|page|record|data|result|information|transcript|knowledge base)"
_ABSTAINS = (
    r"\bI (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am unable to|['’]?m unable to|am not able to|['’]m not able to|was unable to|wasn['’]t able to) (?:\w+ ){0,2}(?:know|find|locate|answer|tell|say|determine|confirm|verify|see|have (?:\w+ ){0,3}(?:information|details|data|access|records?|sources?|answer)|provide (?:\w+ ){0,3}(?:answer|information|details))\b",
    r"\bI['’]m not (?:sure|certain|aware)\b",
    r"\bI am not (?:sure|certain|aware)\b",
    rf"\b{_SOURCES}\w{{0,4}}[^.!?\n]{{0,80}}? (?:do(?:es)? not|don['’]t|doesn['’]t|did not|didn['’]t|never|fails? to) (?:\w+ ){{0,2}}(?:say|state|specify|mention|contain|cover|include|address|provide|give|list|tell|indicate|answer|describe|discuss)",
    r"\b(?:is|are|was|were|isn['’]t|aren['’]t|wasn['’]t) (?:not |never )?(?:\w+ly )?(?:stated|specified|mentioned|provided|included|covered|listed|given|available|found|addressed|documented|known|clear|described) (?:in|by|from|within|anywhere in) (?:the|this|these|those|your|any|our)\b(?<=the|ese|ose|our|any|his)",
    r"\b(?:no|not enough|insufficient|not sufficient|lacks?(?: the)?) (?:\w+ ){0,2}(?:information|details?|data|evidence|answer|mention|record|source)s? (?:\w+ ){0,3}(?:about|on|for|regarding|to|of|in|was|is|available|found|provided)\b",
    r"\bthere (?:is|are|was|were) (?:no|not enough) (?:\w+ ){0,2}(?:information|details?|data|evidence|mention|record)s?\b",
    r"\bunable to (?:\w+ ){0,1}(?:find|answer|determine|confirm|verify|locate)\b",
    r"\bcannot be (?:determined|answered|verified|confirmed|known)\b",
    r"\b(?:unknown|not known|not specified|not stated|not mentioned|not available|not provided)(?:\.|$)",
    r"\b(?:ich (?:weiß|weiss) (?:es |das )?(?:leider )?nicht|(?:kann|konnte) (?:ich )?(?:\w+ ){0,4}nicht (?:beantworten|finden|sagen|bestätigen|feststellen|entnehmen)|keine (?:\w+ ){0,2}(?:Angaben?|Informationen?|Hinweise?|Daten)|(?:nicht|nirgends) (?:angegeben|erwähnt|enthalten|genannt|aufgeführt))\b",
    r"\b(?:je ne (?:sais|peux|trouve|dispose)\w* pas|n['’](?:est|ont|a) pas (?:\w+ )?(?:précisé|mentionné|indiqué|fourni)\w*|aucune (?:information|mention|donnée|indication)|pas d['’]informations?)\b",
    r"\b(?:no (?:lo )?(?:sé|puedo|encuentro|dispongo|tengo)(?: \w+){0,3}(?: (?:información|responder|confirmar|determinar|datos))?|no se (?:menciona|indica|especifica|proporciona)|no hay información)\b",
    r"\b(?:non (?:lo )?(?:so|posso|trovo|dispongo|è specificato|è indicato|è menzionato)|nessuna informazione)\b",
    r"\b(?:não (?:sei|posso|encontrei|encontro|há informações|consta|é mencionad[oa]|tenho informaç))",
    r"\b(?:ik (?:weet het|weet|kan|vind) (?:\w+ ){0,3}niet|geen informatie|niet (?:vermeld|genoemd|gespecificeerd))\b",
    r"(?:不知道|无法(?:确定|回答|找到|确认)|没有(?:提到|说明|相关信息|提供)|未(?:提及|说明|提供)|わかりません|分かりません|記載(?:が|は)?(?:ありません|されていません)|情報(?:が|は)ありません|не знаю|не указано|не упоминается|нет информации|не могу (?:ответить|найти|подтвердить))",
)
_CLARIFIES = (
    r"\b(?:which|what) (?:\w+ ){0,6}(?:do you mean|are you|do you|would you|should I|you (?:mean|need|want|are referring))\b",
    r"\b(?:could|can|would|will) you (?:please |kindly )?(?:\w+ ){0,1}(?:clarify|specify|confirm|provide|tell me|share|give me|let me know|explain|elaborate|say|send|list)\b",
    r"\b(?:please|kindly) (?:clarify|specify|confirm|provide|tell me|share|let me know)\b",
    r"\bdo you (?:mean|want|need|have|prefer)\b",
    r"\bdid you mean\b",
    r"\bare you (?:asking|referring|looking|talking|using|on|in)\b",
    r"\bwhich (?:one|of|policy|version|plan|account|order|product|document|date|country|region|model|file)\b",
    r"\bto (?:help|answer|assist)[^.?!\n]{0,60}\bI(?:['’]ll| will)? need to know\b",
    r"\bI(?:['’]d| would)? need (?:\w+ ){0,3}(?:more|further|additional) (?:information|details|context)\b",
    r"\b(?:meinen Sie|meinst du|k(?:ö|oe)nn(?:en Sie|test du|ten Sie)[^.?!\n]{0,40}(?:angeben|nennen|mitteilen|präzisieren|klären|sagen)|welche[nrsm]? [^.?!\n]{0,60})\?",
    r"\b(?:pourriez-vous|pouvez-vous|voulez-vous dire|quel(?:le)?s? )[^.?!\n]{0,80}\?",
    r"(?:¿[^?\n]{1,120}\?)",
    r"\b(?:potresti|può|puoi|quale|intende|intendi)\b[^.?!\n]{0,80}\?",
    r"(?:哪(?:个|一个|种)|请(?:问|提供|说明|确认)|どの|教えていただ|уточните|какой именно|какую именно)",
)
_QUESTION = lazy(r"[?？]")
_STATEMENT_CUES = lazy(
    r"\b(?:please|kindly) (?:clarify|specify|confirm|provide|tell me|let me know)|\bneed (?:\w+ ){0,3}(?:more|further|additional) (?:information|details|context)|need to know|请(?:提供|说明|确认)|уточните|教えて",
    re.IGNORECASE,
)


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Compile on first use: most cases need none of them."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_CLOSING = lazy(
    r"\bif you(?:['’]d| would| still)? (?:need|have|want|like|require|wish)\b|\blet me know if\b|\banything else\b|\bfurther assistance\b|\bhow (?:else )?(?:can|may) I (?:help|assist)\b|\bwould you like me to\b",
    re.IGNORECASE,
)
"""Words by which an answer ends politely, and asks for nothing that is missing."""
_SENTENCE = lazy(r"[^.!?。！？\n]+[.!?。！？]*")
_LONGEST_SENTENCE = 1000


def abstention(answer: str) -> tuple[int, int] | None:
    """Return the words by which an answer says that it cannot know, or None."""
    for sentence in _SENTENCE.finditer(answer):
        text = sentence.group()[:_LONGEST_SENTENCE]
        for pattern in _compiled(_ABSTAINS):
            if match := pattern.search(text):
                return sentence.start() + match.start(), sentence.start() + match.end()
    return None


def clarification(answer: str) -> tuple[int, int] | None:
    """Return the sentence by which an answer asks for what is missing, or None."""
    for sentence in _SENTENCE.finditer(answer):
        text = sentence.group()[:_LONGEST_SENTENCE]
        if _CLOSING.search(text):
            continue
        asks = _QUESTION.search(text) or _STATEMENT_CUES.search(text)
        if asks and any(pattern.search(text) for pattern in _compiled(_CLARIFIES)):
            return sentence.span()
    return None
