"""Plans: moves, steps, citations and the checks that every sentence passes. Pure; time and ids enter as arguments."""
