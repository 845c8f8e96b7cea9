"""Word patterns that guess what a message tells. Pure; deleted as soon as the user taps what happened."""
