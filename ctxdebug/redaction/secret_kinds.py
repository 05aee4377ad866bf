"""What a secret looks like, one row per kind: anchored patterns that read a text once.

Prefixes and lengths are the vendors' documented token formats. A row's `secret` group is the part
to hide; without one, the whole match is. `certain` kinds may never be written nor printed.
"""

# ruff: noqa: E501  (a table: one kind, one line)

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.redaction.checksums import is_card, is_iban, is_password, is_phone, is_token, is_varied

if TYPE_CHECKING:
    from collections.abc import Callable

# a token begins after anything that is not part of one; JSON escapes and percent signs end a word too
_START = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
_WORD_START = r"(?:(?<![A-Za-z0-9._+\\-])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
_END = r"(?![A-Za-z0-9])"


@dataclass(frozen=True)
class SecretKind:
    """One kind of secret. `hints` are lower-case literals, one of which every match contains."""

    name: str
    expression: str
    hints: tuple[str, ...]
    certain: bool = True
    valid: Callable[[str], bool] | None = None
    ignore_case: bool = False
    foreign: bool = False
    """The project's own expression, which need not be linear and so runs in a process that can be ended."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; on first use, because most texts hold no hint of most kinds."""
        return re.compile(self.expression, re.IGNORECASE if self.ignore_case else 0)


def _token(name: str, body: str, *hints: str, valid: Callable[[str], bool] | None = is_varied) -> SecretKind:
    return SecretKind(name, f"{_START}(?:{body}){_END}", hints, valid=valid)


def _worded(name: str, pattern: str, *hints: str, valid: Callable[[str], bool] | None = None) -> SecretKind:
    return SecretKind(name, pattern, hints, valid=valid, ignore_case=True)


def _personal(name: str, pattern: str, *hints: str, valid: Callable[[str], bool] | None = None) -> SecretKind:
    return SecretKind(name, pattern, hints, certain=False, valid=valid, ignore_case=True)


_PEM_NAME = r"(?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
_DIGITS = tuple("0123456789")
_VALUE = r"""(?P<secret>(?:[^\s"'`,;&<>{}()\[\]\\|]|&(?![A-Za-z0-9_.-]{1,64}=)){6,400}+)"""
_IS = r"""(?:\\?["'])?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}(?:\\?["'`])?"""

TOKENS = (
    _token("anthropic-key", r"sk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{20,}+", "sk-ant-"),
    _token("openrouter-key", r"sk-or-v1-[0-9a-f]{48,}+", "sk-or-"),
    _token("langfuse-key", r"sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "sk-lf-"),
    _token("openai-key", r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}+|sk-[A-Za-z0-9]{32,}+", "sk-", valid=is_token),
    _token("google-key", r"AIza[0-9A-Za-z_-]{35}", "aiza"),
    _token("google-oauth", r"ya29\.[0-9A-Za-z_-]{20,}+|GOCSPX-[0-9A-Za-z_-]{24,}+|1//0[0-9A-Za-z_-]{30,}+", "ya29.", "gocspx-", "1//0"),
    _token("aws-key-id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", "akia", "asia", "abia", "acca"),
    _token("github-token", r"gh[pousr]_[A-Za-z0-9]{36,}+|github_pat_[A-Za-z0-9]{20,24}_[A-Za-z0-9]{50,}+", "gh", "github_pat_"),
    _token("gitlab-token", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,}+", "gl"),
    _token("slack-token", r"xox[abposre](?:\.xox[bp])?-[0-9A-Za-z-]{10,}+|xapp-[0-9]-[0-9A-Za-z-]{10,}+", "xox", "xapp-"),
    _token("stripe-key", r"[srp]k_(?:live|test)_[0-9A-Za-z]{16,}+|whsec_[0-9A-Za-z+/]{24,}+", "k_live_", "k_test_", "whsec_"),
    _token("huggingface-token", r"hf_[A-Za-z0-9]{30,}+|api_org_[A-Za-z0-9]{30,}+", "hf_", "api_org_"),
    _token("groq-key", r"gsk_[A-Za-z0-9]{40,}+", "gsk_"),
    _token("xai-key", r"xai-[A-Za-z0-9]{60,}+", "xai-"),
    _token("perplexity-key", r"pplx-[A-Za-z0-9]{40,}+", "pplx-"),
    _token("replicate-token", r"r8_[A-Za-z0-9]{37,}+", "r8_"),
    _token("langsmith-key", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|ls__[0-9a-f]{32}", "lsv2_", "ls__"),
    _token("npm-token", r"npm_[A-Za-z0-9]{36,}+", "npm_"),
    _token("pypi-token", r"pypi-AgE[A-Za-z0-9_-]{50,}+", "pypi-age"),
    _token("sendgrid-key", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}", "sg."),
    _token("twilio-key", r"SK[0-9a-f]{32}", "sk"),
    _token("mailgun-key", r"key-[0-9a-f]{32}", "key-"),
    _token("telegram-token", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", ":aa"),
    _token("discord-token", r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}", "."),
    _token("digitalocean-token", r"do[opr]_v1_[0-9a-f]{64}", "_v1_"),
    _token("shopify-token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shp"),
    _token("databricks-token", r"dapi[0-9a-f]{32}(?:-[0-9])?", "dapi"),
    _token("vault-token", r"hv[sbr]\.[A-Za-z0-9_-]{24,}+", "hvs.", "hvb.", "hvr."),
    _token("notion-token", r"ntn_[0-9A-Za-z]{40,}+|secret_[0-9A-Za-z]{43}", "ntn_", "secret_"),
    _token("linear-key", r"lin_(?:api|oauth)_[0-9A-Za-z]{32,}+", "lin_"),
    _token("atlassian-token", r"AT(?:ATT3|CTT3|BB)[A-Za-z0-9_=-]{24,}+", "atatt3", "atctt3", "atbb"),
    _token("newrelic-key", r"NR(?:AK|JS|II)-[A-Z0-9]{27,}+", "nrak-", "nrjs-", "nrii-"),
    _token("age-key", r"AGE-SECRET-KEY-1[0-9A-Z]{58}", "age-secret-key-"),
    _token("jwt", r"eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+", "eyj"),
    SecretKind(
        "private-key",
        rf"-----BEGIN {_PEM_NAME}(?:\\[nr]|\s)*+(?=[A-Za-z0-9+/=]{{24}}|Proc-Type|Version|Comment)"
        rf"(?:[A-Za-z0-9+/=\s\\:,;.()]|-(?!----))*+(?:-----END {_PEM_NAME})?",
        ("-----begin ",),
    ),
    _worded("slack-webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9_/-]{20,}+)", "hooks.slack.com/"),
    _worded("discord-webhook", r"discord(?:app)?\.com/api/webhooks/(?P<secret>[0-9]{15,22}/[A-Za-z0-9_-]{40,}+)", "/api/webhooks/"),
    _worded("aws-secret-key", rf"aws.?secret.?(?:access.?)?key{_IS}(?P<secret>[A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+])", "aws", valid=is_token),
    _worded("azure-key", r"(?:Account|SharedAccess)Key=(?P<secret>[A-Za-z0-9+/]{40,90}={0,2})", "accountkey=", "sharedaccesskey="),
    _worded("azure-signature", r"[?&]sig=(?P<secret>[A-Za-z0-9%+/]{40,}+=?)", "sig="),
    _worded("bearer-token", r"\bbearer[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/-]{16,}+={0,2})", "bearer", valid=is_token),
    _worded("basic-auth", r"\bauthorization(?:\\?[\"'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\?[\"'])?basic[ \t]{1,4}(?P<secret>[A-Za-z0-9+/]{8,}+={0,2})", "basic"),
    _worded("url-password", r"(?<=://)[^\s/:@\"'<>\\]{0,64}+:(?P<secret>[^\s/@\"'<>\\]{1,128}+)@", "://"),
)  # fmt: skip

NAMED = (
    _worded("password", rf"(?:password|passwd|passphrase|pwd){_IS}{_VALUE}", "passw", "passphrase", "pwd", valid=is_password),
    _worded("api-key", rf"(?:api|access|auth|secret|private|client|account|signing|encryption|refresh|session|id|security|bot)[_. -]?(?:key|token|secret){_IS}{_VALUE}", "key", "token", "secret", valid=is_token),
    _worded("token", rf"(?<![A-Za-z])(?:token|secret|credential|apikey|passcode){_IS}(?P<secret>[A-Za-z0-9._~+/=-]{{16,400}}+)", "token", "secret", "credential", "apikey", "passcode", valid=is_token),
)  # fmt: skip

PERSONAL = (
    _personal("email", rf"{_WORD_START}[A-Z0-9._+-]{{1,64}}+(?:@|%40)(?:[A-Z0-9-]{{1,63}}\.){{1,6}}[A-Z]{{2,24}}(?![A-Z0-9])", "@", "%40"),
    _personal("iban", r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])", *_DIGITS, valid=is_iban),
    _personal("card", r"(?<![0-9.-])[0-9](?:[ -]?[0-9]){12,18}(?![0-9]|[.-][0-9])", *_DIGITS, valid=is_card),
    _personal("us-ssn", r"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])", "-"),
    _personal("phone", r"(?<![0-9A-Z+.])\+[1-9][0-9]{0,2}[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9](?:[ .-]?[0-9]){6,12}(?![0-9])", "+", valid=is_phone),
    _personal("phone", r"(?<![0-9.+-])(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?![0-9]|[.-][0-9])", "-", ".", valid=is_phone),
    _personal("phone", r"\b(?:phone|tel|telephone|mobile|cell|fax|telefon|whatsapp)(?: number| no\.?)?[\"']?[ ]?[:=#.]?[ ]?[\"']?(?P<secret>[0-9][0-9 ()/.-]{5,18}[0-9])(?![0-9])", "phone", "tel", "mobile", "cell", "fax", "whatsapp", valid=is_phone),
)  # fmt: skip

KINDS: tuple[SecretKind, ...] = TOKENS + NAMED + PERSONAL
