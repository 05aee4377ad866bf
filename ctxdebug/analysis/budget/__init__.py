"""What a prompt costs in tokens and money, and what takes the room."""
