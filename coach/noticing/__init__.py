"""What a journal shows: patterns, coverage, teams, what is due. Pure; knows moments and plans, reads no prose."""
