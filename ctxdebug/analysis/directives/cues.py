"""The named marks of an order in a piece of text: they give a finding its reasons, word by word.

Every gap in a pattern is a bounded run of one character set, so the search is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ctxdebug.text.patterns import lazy


class Frame(StrEnum):
    """What makes a text an order to the model, and not just an imperative."""

    OVERRIDE = "override"
    AUTHORITY = "authority claim"
    BREAKOUT = "role or delimiter imitation"
    URGENCY = "attention trigger"
    SECRECY = "secrecy"
    EXFILTRATION = "exfiltration"
    PERSONA = "persona"
    ENCODED = "encoded"
    STEERING = "answer steering"
    INSERTION = "code insertion"
    HIDDEN = "hidden"
    ADDRESSED = "addressed to the model"
    DEED = "action for a tool"
    APPROVAL = "claimed approval"
    HIJACK = "answer hijack"
    COMPLETION = "fake completion"
    POLICY = "replacement policy"
    PERSISTENCE = "persistence"
    SUBSTITUTION = "tool substitution"


@dataclass(frozen=True, slots=True)
class Cue:
    """A kind of mark: its name, what it shows, the frame that it gives (None for a mark that only supports)."""

    name: str
    shows: str
    frame: Frame | None
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue found at characters `start` to `end` of the text."""

    cue: Cue
    start: int
    end: int


_GAP = r"[^.!?\n]"
_OVERRIDE_VERB = (
    r"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|discard|dismiss|overrid(?:e|ing)|overrule"
    r"|bypass|abandon|nullify|"
    r"supersedes?|cancel|suspend|neglect|scrap|shelve|defer|postpone|drop|halt|cease|pause|skip|void|"
    r"(?:set|put|lay|push|cast|brush|leave|sweep)\s+(?:aside|away|behind)|stop (?:following|doing|whatever"
    r"|what)|pay no (?:attention|heed)|"
    r"(?:set|put|lay|push|cast|let)\b[^.!?\n]{2,50}\b(?:aside|on hold|to (?:one|the) side|fall|wait)"
    r"|vergiss|vergessen sie|ignorier\w*|missachte\w*|olvid\w+|"
    r"ignor[ae]\w*|oubli\w+|dimentica\w*|esque[cç]\w*|negeer|vergeet|забудь\w*|игнорируй\w*)"
)
_PRIOR = (
    r"\b(?:previous(?:ly)?|prior|preceding|above|earlier|former|foregoing|past|initial(?:ly)?"
    r"|original(?:ly)?|existing|current(?:ly)?|"
    r"old|all|any|every(?:thing)?|other|your|these|those|whatever|before|until now|so far|bisher\w*"
    r"|vorher\w*|vorig\w*|obige\w*|davor|"
    r"anterior\w*|previ[ao]s?|précédent\w*|precedent\w*|eerdere|предыдущи\w*)\b"
)
_ORDERS = (
    r"\b(?:instructions?|directives?|guidelines?|commands?|orders?|rules?|prompts?|prescriptions?"
    r"|polic(?:y|ies)|mandates?|"
    r"directions?|briefings?|objectives?|obligations?|programming|training|context|tasks?|requests?"
    r"|assignments?|goals?|duties|queries|"
    r"activit(?:y|ies)|undertakings?|messages?|conversation|anweisung\w*|befehle?|regeln|vorgaben"
    r"|instruc\w+|consignes?|istruzioni|"
    r"regole|инструкци\w+|указани\w+)\b"
)
_ADDRESS = (
    r"(?:[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,40}){1,4}|https?://[^\s'\"<>)]{4,300}|\bwww\.[^\s'\"<>)]{3,200}"
    r"|\b[A-Z]{2}\d{8,30}\b)"
)
_PRIVATE = (
    r"\b(?:passwords?|passcodes?|credentials?|api[ _-]?keys?|secret(?:s| key)?|access tokens?"
    r"|private keys?|ssh keys?|id_rsa|\.env|"
    r"otp|security codes?|credit card\w*|bank (?:account|details)|medical|genetic data"
    r"|conversation(?: history)?|chat (?:history|log)|"
    r"system prompt|personal (?:data|details|information)|phone number|location history|contacts|cookies|session)\b"
)


def _cue(name: str, shows: str, frame: Frame | None, pattern: str, *, case: bool = False) -> Cue:
    return Cue(name, shows, frame, lazy(pattern, 0 if case else re.IGNORECASE))


CUES: tuple[Cue, ...] = (
    _cue("override", "tells the reader to drop its orders", Frame.OVERRIDE,
         rf"{_OVERRIDE_VERB}{_GAP}{{0,45}}?{_PRIOR}{_GAP}{{0,25}}?{_ORDERS}"),
    _cue("override-all", "tells the reader to drop what came before", Frame.OVERRIDE,
         rf"{_OVERRIDE_VERB}\s+(?:\w+\s+){{0,2}}(?:everything|all|anything|the)?\s*(?:that|you|i|we|was|has|been"
         rf"|were)?{_GAP}{{0,25}}?"
         r"\b(?:above|before|so far|until now|previously|(?:you (?:were|have been|know|'ve been)|i|we) (?:told"
         r"|said|asked|wrote)|davor|zuvor)\b"),
    _cue("override-your", "tells the reader to drop its own orders, whatever they are called", Frame.OVERRIDE,
         rf"{_OVERRIDE_VERB}\s+(?:all |any |of |both )?(?:all |of )?(?:your|every other|all other|any other"
         rf"|the user'?s)\s+(?:previous|prior|earlier|above|original|initial|current|existing|old|other)?\s*\w+"),
    _cue("orders-void", "says that the orders no longer hold", Frame.OVERRIDE,
         rf"{_ORDERS}{_GAP}{{0,60}}?\b(?:(?:is|are|was|were|be|been|being|has|have|now|become)\s+(?:now\s+|hereby\s+)?"
         r"(?:void|null|cancel\w*|obsolete|outdated|superseded|suspended|replaced|revoked|rescinded|lifted"
         r"|invalid|irrelevant|overridden|"
         r"disabled|removed|on hold|to be (?:ignored|disregarded))|no longer (?:apply|applies|valid|in effect"
         r"|relevant|matter))"),
    _cue("new-orders", "announces new orders", Frame.OVERRIDE,
         rf"\b(?:new|newest|brand[- ]new|fresh|updated|revised|latest|real|actual|true|alternate"
         rf"|alternative)\b{_GAP}{{0,40}}?"
         r"\b(?:instructions?|directives?|orders|prescriptions?|mandates?|mission|objective|anweisung\w*"
         r"|instrucciones|consignes)\b"),
    _cue("only-this", "claims to be the only thing that counts", Frame.OVERRIDE,
         r"\b(?:only|solely|exclusively|nothing (?:else )?but|sole|instead|focus|concentrate|act|attend)\b" + _GAP + r"{0,40}?"
         r"\b(?:follow(?:ing)?|this|these|next|below|here|what follows)\b" + _GAP + r"{0,25}?"
         r"\b(?:instructions?|directives?|orders?|tasks?|steps?|actions?|commands?|request|concern|matters?"
         r"|counts?)\b"),
    _cue("precedence", "claims to come first", Frame.URGENCY,
         r"\b(?:take[sn]?|has|have|hold|with|given?|as|of|is|are|your|the)\b" + _GAP + r"{0,20}?"
         r"\b(?:precedence|(?:top|highest|higher|absolute|utmost|overriding|immediate|first|supreme"
         r"|maximum)[ -](?:priority|importance|attention)|paramount|prioriti[sz]e this)\b"),
    _cue("attention", "calls for attention like a trigger", Frame.URGENCY,
         r"(?:[-+=*/#~_<>&!|\\]{4,}|^\W{0,6})\s*(?:very\s+)?(?:important|urgent|attention|alert|notice|warning"
         r"|critical|vital|essential|priority|emergency|"
         r"breaking|heads[- ]up|stop|wichtig|achtung|urgente|atención|key|crucial|immediate|news flash)\b" + _GAP + r"{0,40}?(?:[!:*]|-{2,}|={2,})"),
    _cue("task-shift", "turns from the task at hand to another", Frame.OVERRIDE,
         r"\b(?:your|the|any|all|more than)\s+(?:\w+\s+)?(?:(?:current|initial|original|previous|ongoing|main"
         r"|primary|other)\s+)(?:\w+\s+)?"
         r"(?:tasks?|activit(?:y|ies)|assignments?|mission|focus|work|undertakings?|duties|objectives?|question"
         r"|request)\b"),
    _cue("addressee", "speaks to a model or assistant", Frame.AUTHORITY,
         r"\b(?:(?:to|dear|hey|hello|attention|note to|message (?:to|for)|instructions? (?:to|for)|you,?|as an?"
         r"|if you are an?|any|all)\s+(?:the\s+|an?\s+|all\s+|any\s+|other\s+|your\s+)?"
         r"(?:ai|a\.i\.|llms?|(?:large )?language model|chatbot|chatgpt|gpt-?\w*|claude|gemini"
         r"|copilot)\b(?:[ -](?:model|assistant|agent|system)s?)?"
         r"|(?:ai|virtual|language) (?:assistant|model|agent|system)s?[,:])"),
    _cue("claimed-author", "claims to come from the user or from whoever is in charge", Frame.AUTHORITY,
         r"\b(?:message|note|request|instructions?|order|command|word)s?\s+(?:is |are "
         r"|comes? )?(?:directly )?(?:from|by)\s+(?:me\b|the\s+|your\s+|my\s+)?(?:[\w ]{0,20}\b)?"
         r"(?:user|admin\w*|developers?|system|owner|boss|ceo|manager|operator|creators?|openai|anthropic|google|me)\b"
         r"|\b(?:i am|i'm|this is|as)\s+(?:your|the)\s+(?:\w+\s+)?(?:user|admin\w*|developers?|owner|boss|ceo"
         r"|manager|operator|creator|supervisor)\b"
         r"|\bon behalf of the (?:user|owner|admin\w*|system)"),
    _cue("before-task", "puts itself before the user's task", Frame.AUTHORITY,
         r"\b(?:before|prior to|in order to|to|after|once|until|when)\b" + _GAP + r"{0,30}?"
         r"\b(?:solv|complet|continu|finish|answer|proceed|perform|start|return|resum|help|respond)\w*\b" + _GAP + r"{0,30}?"
         r"\b(?:(?:my|the|your|any|this|that|main|original|user'?s?)\s+)?(?:original |initial |main |first "
         r"|previous )?(?:task|question|request|query|instructions?|job|assignment|conversation)\b"),
    _cue("role-tag", "imitates a role tag or a template token", Frame.BREAKOUT,
         r"<\|[a-z_]{2,30}\|>|\[/?INST\]|<</?SYS>>|#{2,}\s*\(?(?:system|user|assistant|instruction|admin|human"
         r"|ai)[ _]?(?:message|prompt|override|instructions?|note)?\)?(?=[\s:)]|$)"
         r"|\[/?(?:system|admin|developer|assistant|user|end of|start of|begin)[^\]\n]{0,40}\]|</?(?:system"
         r"|assistant|user|instructions?|admin|developer|important|information|system_prompt|human)\s*>"
         r"|(?:^|\n|\\n)\W{0,3}(?:system|assistant|human|developer|ai)(?: (?:message|prompt|note"
         r"|override))?\s?:|[\"']role[\"']\s*:\s*[\"'](?:system|developer|assistant)"),
    _cue("end-marker", "pretends that its envelope ends here", Frame.BREAKOUT,
         r"\b(?:end|start|begin|close)\s+(?:of\s+)?(?:the\s+)?(?:user|system|document|context|data|prompt|tool"
         r"|untrusted|external|retrieved)[ _-](?:input|message|prompt|output|result|content|data|text|section"
         r"|instructions?)\b"
         r"|</(?:tool_result|tool_response|document|documents|context|data|search_results?|function_results?"
         r"|untrusted(?:_text)?|retrieved|result|output|content)>"),
    _cue("todo", "a to-do in place of data", None, r"^\W{0,4}(?:TODO|TO-DO|FIXME|ACTION REQUIRED|ACTION ITEM|TASK|INSTRUCTIONS?|NEXT STEP"
        r"|REQUEST)\b\s*[:\-]"),
    _cue("request", "asks the reader to do something", None,
         r"(?:^|[.!?:;,\"'>|)\]]\s*|\b(?:then|and|also|now)\s+)(?:please|kindly|can you|could you|would you"
         r"|will you|bitte|i (?:want|need|would like|'d like) you to|you (?:must|should|need to|have to|are to"
         r"|shall))\b"),
    _cue("transfer", "asks to send something somewhere", Frame.EXFILTRATION,
         r"\b(?:send|sent|forward|e-?mail|mail|post|upload|transmit|share|submit|deliver|exfiltrate|leak"
         r"|transfer|export|report|dm|text|relay|copy|append|include|add)\b"
         rf"{_GAP}{{0,120}}?\b(?:to|at|with|via|in|into|on)\b[^!?\n]{{0,50}}?{_ADDRESS}"),
    _cue("secret-object", "names a secret or personal record", None, _PRIVATE),
    _cue("secret-transfer", "asks to hand over a secret", Frame.EXFILTRATION,
         r"\b(?:send|sent|forward|e-?mail|post|upload|transmit|share|submit|exfiltrate|leak|reveal|print"
         r"|disclose|output|repeat|reply with|respond with|tell me|give me|show me|list|dump)\b"
         rf"{_GAP}{{0,60}}?{_PRIVATE}"),
    _cue("recipient", "names an address", None, _ADDRESS),
    _cue("answer-steering", "says how the answer is to read", Frame.STEERING,
         r"\b(?:your|the|every|each|this|final|all)\s+(?:\w+\s+){0,2}(?:answers?|respon[sd]es?|repl(?:y|ies)"
         r"|outputs?|summary|message|translation|explanation|conclusion|sentences?)\b"
         r"|^\W{0,4}(?:please\s+)?(?:always\s+|only\s+)?(?:respond|reply|answer|speak|write|output|summari[sz]e"
         r"|say|tell (?:the user|me|them)|recommend|mention|translate|print)\b"
         r"|\b(?:respond|reply|answer|write|speak|communicate)\s+(?:only\s+|exclusively\s+|back\s+)?(?:in|with"
         r"|using|as|by)\b"),
    _cue("code-insertion", "asks to put given code into the answer", Frame.INSERTION,
         r"\b(?:insert|includ|embed|blend|incorporat|add|integrat|append|merg|weav|use|implement|mak|put|paste"
         r"|ensure|utiliz|appl|introduc|attach|place|combin|employ|infus|adopt)\w*\b"
         rf"{_GAP}{{0,60}}?\b(?:code|snippet|script|block|function|segment|excerpt|lines?)\b{_GAP}{{0,60}}?"
         r"\b(?:your|the|this|any|all)\b" + _GAP + r"{0,30}?\b(?:code|solution|answer|response|implementation|program\w*|script|project|work|reply"
         r"|development|output|application|codebase|software)\b"),
    _cue("secrecy", "asks to keep it from the user", Frame.SECRECY,
         r"\b(?:do not|don't|never|without|avoid|not to|no need to|nicht|ne pas|sin)\s+(?:\w+\s+)?(?:mention"
         r"|tell|reveal|inform|notify|disclos|ask|alert|warn|confirm|report|show|let the user)\w*\b"
         r"|\b(?:silently|secretly|covertly|discreetly|quietly|unnoticed|invisibly)\b"),
    _cue("persona", "puts the model into another role", Frame.PERSONA,
         r"\b(?:you are now|from now on,? you|you will now (?:be|act)|act(?:ing)? as (?:if|an?|the|my)"
         r"|pretend (?:to be|that|you)|role-?play|play the role|imagine (?:you|that you)|"
         r"(?:developer|god|debug|maintenance|dan|jailbreak|sudo|admin|unrestricted|opposite) mode"
         r"|do anything now|du bist (?:jetzt|nun)|eres ahora|tu es maintenant)\b"),
    _cue("rules-off", "says that no rules hold", Frame.PERSONA,
         r"\b(?:no|without|free (?:of|from)|ignore|bypass|lift(?:ed)?|disabl\w+|remov\w+|suspend\w*"
         r"|any)\s+(?:\w+\s+){0,3}(?:restrictions?|limits|limitations?|filters?|safety|guardrails?|censorship"
         r"|content polic\w+|ethic\w+|safeguards?)\b"
         r"|\b(?:unrestricted|unfiltered|uncensored|jailbr\w+)\b"),
    _cue("reveal-prompt", "asks for the system prompt", Frame.EXFILTRATION,
         r"\b(?:print|reveal|repeat|show|output|disclose|tell me|give me|display|list|what (?:is|are|were|was)"
         r"|write|recite|share|state|leak|return|spell)\b"
         rf"{_GAP}{{0,50}}?\b(?:(?:system|initial|hidden|original|full|secret|your|developer|above) (?:prompts?"
         rf"|instructions?|messages?|rules)|embeddings)\b"),
    _cue("tool-use", "names a tool to use", None,
         r"\b(?:use|using|call|calling|invoke|invoking|run|running|execute|via|through|trigger)\s+(?:the\s+"
         r"|your\s+|a\s+)?[`'\"]?\w{2,40}[`'\"]?\s+(?:tool|function|api|command|plugin|action)\b"
         r"|\b(?:tool|function)s?\s+(?:call|named|called)\b"),
    _cue("hazard", "asks for a step that cannot be undone", None,
         r"\b(?:delete|erase|wipe|remove|transfer|pay|purchase|buy|order|unlock|open|grant|revoke|shut down"
         r"|disable|turn off|cancel|reset|change|modify|update|install|download|visit|click)\b"
         rf"{_GAP}{{0,50}}?\b(?:account|password|files?|repositor\w+|database|door|payments?|money|\$\s?\d|usd"
         rf"|funds?|permissions?|access|emails?|calendar|event|link|site|transaction|recipient|security|alarm"
         rf"|system|device|package)\b"),
    _cue("first-person", "speaks as if it were the user", None,
         r"\b(?:send|email|give|show|tell|get|fetch|retrieve|forward|help|book|pay|buy|transfer|delete|update"
         r"|schedule|create|grant|add|cancel|access|check)\b[^.!?\n]{0,30}?\b(?:me|my)\b"),
    _cue("fake-completion", "claims that the task is already done", Frame.BREAKOUT,
         r"\b(?:task|request|question|assignment|job|summary|translation)\s+(?:is\s+|was\s+|has been\s+"
         r"|have been\s+)?(?:now\s+)?(?:complete[d]?|done|finished|answered|solved|fulfilled)\b\s*[.!:,]"),
    _cue("unquestioned", "forbids to question it", Frame.URGENCY,
         r"\bwithout (?:\w+\s+)?(?:question|hesitation|delay|exception|fail|deviation|further ado|confirm\w+"
         r"|asking)\b|\b(?:strictly|unconditionally|immediately|must be (?:acted|followed|executed|obeyed)"
         r"|non-negotiable)\b"),
    _cue("bare-task", "a task of its own", None,
         r"^\W{0,4}(?:explain|describe|translate|write|compose|generate|list|name|calculate|compute|solve"
         r"|convert|define|discuss|summari[sz]e|tell me|what (?:is|are|was|were|does|do|would)|who (?:is|was"
         r"|are)|"
         r"how (?:do|does|can|would|many|much|to)|why (?:is|are|do|does)|can you|could you|give me|create"
         r"|design|outline|suggest|recommend|analy[sz]e|compare|identify|provide|find|develop|draft|predict"
         r"|evaluate|classify|determine|propose|teach|imagine)\b"),
)  # fmt: skip

TELLTALES = frozenset(
    """
    ignore ignoring disregard disregarding forget override overriding bypass discard follow following attention
    vergiss vergessen ignoriere ignorieren ignoriert ignora ignore olvida olvide ignorez oublie oubliez
    message note instruction instructions request if set put lay leave push now
    ai llm llms chatbot chatbots notice reminder warning
    """.split()
)
"""Without one of these words the next pattern cannot match."""
_EARLIER = (
    r"(?:(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|original|initial|former)\s+"
    r"(?:(?:and|or)\s+\w+\s+)?(?:given\s+|system\s+)?)"
)
PLAIN_ORDER = lazy(
    r"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|do not follow|don't follow|stop following"
    r"|pay no attention to|overrid(?:e|ing)|bypass|discard)\s+"
    r"(?:(?:all|any|each|every|both|of|the|your|my|these|those|about)\s+){0,4}"
    rf"(?:{_EARLIER}(?:instruct\w*|directi(?:ve|on)s?|commands|orders|prompts?|programming|prescriptions)"
    rf"|(?:all|your)\s+{_EARLIER}(?:rules|guidelines|constraints|tasks?)"
    r"|(?:system|developer)\s+(?:instructions|prompts?|messages?))\b"
    r"|\b(?:set|put|lay|leave|push)\s+(?:aside\s+)?(?:your|all|any|every)\s+(?:current|other|previous"
    r"|original|earlier|existing|prior|initial)\s+"
    r"(?:tasks?|instructions?|orders|directives|assignments?|work|activit\w+|objectives?"
    r"|guidelines)\s+(?:aside|on hold|to (?:one|the) side)"
    r"|\byou are now (?:DAN\b|(?:an?|in)\s+(?:[\w-]+\s+){0,3}(?:ai\b|assistant|language model|chatbot"
    r"|unrestricted|jailbroken|(?:developer|god|debug|maintenance) mode))"
    r"|\b(?:vergiss|vergessen sie|ignorier\w*)\s+(?:alle\w*|die|deine)\s+(?:\w+\s+)?(?:anweisungen|befehle"
    r"|instruktionen)"
    r"|\b(?:ignor[ae]|olvid[ae])\s+(?:todas\s+)?(?:las\s+|tus\s+)?(?:instrucciones|órdenes)\s+(?:anteriores|previas)"
    r"|\b(?:ignore[zr]?|oublie[zr]?)\s+(?:toutes\s+)?(?:les\s+|tes\s+|vos\s+)?(?:instructions"
    r"|consignes)\s+(?:précédentes|ci-dessus)"
    r"|\b(?:message|note|instructions?|request)\s+(?:from|by)\s+[^.!?\n]{1,40},?\s+(?:to"
    r"|for)\s+(?:you,?\s+)?(?:the\s+|an?\s+|any\s+)?(?:ai|llm|language model|assistant|chatbot)\b"
    r"|\bif you(?:'re| are)\s+(?:an?\s+|the\s+)?(?:ai|llm|(?:large )?language model|chatbot|ai assistant"
    r"|ai agent|automated assistant)\b"
    r"|\b(?:note|message|instructions?|attention|notice|reminder|warning) (?:to|for) (?:all |any |the |every )?"
    r"(?:llms?|language models?|chatbots?|ai(?:[- ](?:[a-z]{2,12}[- ])?(?:assistants?|agents?|models?|systems?|tools?"
    r"|reviewers?))?|(?:coding|automated|autonomous) (?:assistants?|agents?|bots?))\b\s{0,2}[:,!-]"
    r"|\b(?:ignore|disregard|forget)\s+(?:what\s+)?the\s+user(?:'s)?\s+(?:actual\s+"
    r"|original\s+)?(?:questions?|requests?|asked|instructions?|tasks?|query|said|wants)\b"
    r"|\b(?:ai|llm)[- ]?(?:[a-z]{2,12}[- ])?(?:agents?|assistants?|models?|systems?|tools?)\s+(?:visiting|reading|processing"
    r"|summari[sz]ing|parsing|crawling|that (?:reads?|visits?|process(?:es)?|summari[sz]es?))\b"
    r"[^.!?\n]{0,60}\b(?:must|should|have to|has to|are required to|is required to|needs? to)\b"
    r"|\bas an ai(?: language)?(?: model| assistant| agent)?,? (?:please\b|you (?:must|should|have to"
    r"|need to|are required)\b|ignore\b|disregard\b)",
    re.IGNORECASE,
)
"""Orders that need no weighing: the textbook override, and words addressed to whichever model reads them."""


_OVERRIDES = frozenset({"override", "override-all", "override-your"})
_OVERRIDING = frozenset(
    """
    ign dis for ove byp aba nul sup can sus neg scr she def pos dro hal cea pau ski voi set put lay pus cas bru lea
    swe sto pay let ver mis olv oub dim esq заб игн
    """.split()
)
"""How every verb of the override cues begins: without one of them, three costly searches can be left out."""
_ADDRESSED = frozenset({"recipient", "transfer"})
_DIGIT = lazy(r"[@0-9]|://|www", re.IGNORECASE)


def marks(text: str, start: int = 0, end: int | None = None, words: Iterable[str] | None = None) -> Iterator[Mark]:
    """The first mark of every cue in characters `start` to `end`; `words` are their tokens, where they are known."""
    stop = len(text) if end is None else end
    piece = text[start:stop]
    overriding = words is None or any(word[:3] in _OVERRIDING for word in words)
    addressed = _DIGIT.search(piece) is not None
    for cue in CUES:
        if (cue.name in _OVERRIDES and not overriding) or (cue.name in _ADDRESSED and not addressed):
            continue
        if match := cue.pattern.search(piece):
            yield Mark(cue, start + match.start(), start + match.end())
