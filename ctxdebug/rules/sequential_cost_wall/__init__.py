"""Sequential cost wall: what the tokens cost, in money and in time."""
