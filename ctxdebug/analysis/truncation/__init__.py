"""What was cut: the prompt by the provider, content on its way, the answer before its end."""
