"""What is known of models and providers, as data: every row names its source, and nothing is guessed."""

from ctxdebug.models.catalogue import resolve, tokenizer_of
from ctxdebug.models.model_info import ModelInfo, Prices
from ctxdebug.models.serving import serving
from ctxdebug.models.spelling import canonical_host

__all__ = ["ModelInfo", "Prices", "canonical_host", "resolve", "serving", "tokenizer_of"]
