"""How good a setting is on what is known to have happened: scores, sweeps, and other statistics."""
