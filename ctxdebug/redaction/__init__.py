"""What must not be written: secrets found, and replaced by stable stand-ins."""
