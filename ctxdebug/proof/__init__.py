"""Proof: what makes an answer fail, shown by asking again; every reply is recorded, so that a proof replays offline."""

from pathlib import Path

PROOFS = Path(".ctxdebug/proofs")
