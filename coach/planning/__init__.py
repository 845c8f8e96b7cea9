"""Plans: scenes, steps, citations and the checks each sentence passes. Pure; time and ids enter as arguments."""
