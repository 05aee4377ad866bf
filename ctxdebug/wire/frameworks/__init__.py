"""Messages as application frameworks keep them."""
