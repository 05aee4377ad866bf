"""What servers of open models write: text-generation-inference and vLLM."""
