"""llama.cpp's own endpoints; its OpenAI and Anthropic ones are read as those."""
