"""A debugger for LLM context failures: instrument the system instead of arguing with the model."""

__version__ = "0.1.0"
