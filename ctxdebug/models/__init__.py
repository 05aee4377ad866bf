"""What is known of models and providers, as data: every row names its source, and nothing is guessed."""

from ctxdebug.models.catalogue import ModelInfo, Prices, resolve
from ctxdebug.models.spelling import canonical_host

__all__ = ["ModelInfo", "Prices", "canonical_host", "resolve"]
