"""Secrets of many kinds, as captures contain them: vendors' tokens, forms of text, split and encoded.

Each is made anew; none is anybody's.
"""

from __future__ import annotations

import base64
import urllib.parse
from dataclasses import dataclass

from ctxdebug.redaction.secret_kinds import kinds
from tests.redaction.examples import BASE32, HEX, example, made


@dataclass(frozen=True)
class Secret:
    """A text, and the part of it that nobody may be able to read."""

    text: str
    core: str


_VENDORS = (
    "anthropic-key", "openrouter-key", "openai-key", "google-key", "google-oauth", "aws-key-id", "azure-service-key", "groq-key",
    "huggingface-token", "replicate-token", "langfuse-key", "pinecone-key", "github-token", "gitlab-token", "npm-token", "pypi-token",
    "slack-token", "stripe-key", "sendgrid-key", "twilio-key", "telegram-token", "databricks-token", "vault-token", "jwt",
)  # fmt: skip
_KEY = f"sk-ant-api03-{made(80, seed=5)}AA"
_TOKEN = f"ghp_{made(36, seed=5)}"
_PASSWORD = "Tr0ub4dor&3<x>'q\\z"
_PLAIN = "Qz7-Tr0ub4dor.9x"


def _vendor(name: str) -> Secret:
    text = example(next(kind.example for kind in kinds() if kind.name == name), seed=11)
    return Secret(text, text[min(16, len(text) // 2) :])


def _wrapped(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


SECRETS: dict[str, Secret] = {
    **{name: _vendor(name) for name in _VENDORS},
    "private key": Secret(f"-----BEGIN RSA PRIVATE KEY-----\n{_wrapped(made(640, seed=3), 64)}\n-----END RSA PRIVATE KEY-----", made(640, seed=3)[64:600]),
    "slack webhook": Secret(f"https://hooks.slack.com/services/T012AB/B034CD/{made(24, seed=2)}", made(24, seed=2)),
    "aws secret": Secret(f"aws_secret_access_key = {made(40, seed=2)}", made(40, seed=2)),
    "bearer": Secret(f"Authorization: Bearer {made(43, seed=2)}", made(43, seed=2)),
    "basic": Secret(f"Authorization: Basic {base64.b64encode(b'anna:' + _PLAIN.encode()).decode()}", _PLAIN),
    "api key": Secret(f'api_key = "{made(32, HEX, 2)}"', made(32, HEX, 2)),
    "url password": Secret(f"postgres://app:{_PLAIN}@db.example.org/shop", _PLAIN),
    "cookie": Secret(f"Cookie: sid={made(26, seed=4)}; theme=dark", made(26, seed=4)),
    "password in prose": Secret(f"the password is {_PLAIN}", _PLAIN),
    "password with signs": Secret(f'password: "{_PASSWORD}"', "Tr0ub4dor&3"),
    "curl -u": Secret(f"curl -s -u admin:{_PLAIN} https://example.org/", _PLAIN),
    "netrc": Secret(f"machine example.org login anna password {_PLAIN}", _PLAIN),
    "xml": Secret(f"<password>{_PLAIN}</password>", _PLAIN),
    "query": Secret(f"https://maps.example.org/v1?key={made(32, seed=6)}&x=1", made(32, seed=6)),
    "environment": Secret(f"export DB_PASS={_PLAIN}", _PLAIN),
    "json": Secret(f'{{"client_secret": "{made(32, seed=8)}", "n": 1}}', made(32, seed=8)),
    "otp": Secret(f"otpauth://totp/Shop:anna?secret={made(32, BASE32, 2)}&issuer=Shop", made(32, BASE32, 2)),
    "wrapped": Secret(_wrapped(_KEY, 40), _KEY[13:]),
    "added strings": Secret(f'key = "{_KEY[:30]}" + "{_KEY[30:]}"', _KEY[13:]),
    "zero width": Secret("\u200b".join([_TOKEN[:9], _TOKEN[9:22], _TOKEN[22:]]), _TOKEN[4:]),
    "soft hyphen": Secret(_TOKEN[:20] + "\u00ad" + _TOKEN[20:], _TOKEN[4:]),
    "hex": Secret(_TOKEN.encode().hex(), _TOKEN[4:]),
    "base64": Secret(base64.b64encode(f"token={_TOKEN}\n".encode()).decode(), _TOKEN[4:]),
    "base64 twice": Secret(base64.b64encode(base64.b64encode(_TOKEN.encode())).decode(), _TOKEN[4:]),
    "percent signs": Secret(urllib.parse.quote(_KEY.replace("-", "_x-")).replace("_x-", "%2D"), _KEY[13:]),
    "escapes": Secret("".join(f"\\x{ord(character):02x}" for character in _TOKEN), _TOKEN[4:]),
    "entities": Secret("".join(f"&#{ord(character)};" for character in _TOKEN), _TOKEN[4:]),
}  # fmt: skip
