"""What must not be written or shown: secrets found, replaced by stable stand-ins in cases, masked in place in reports."""
