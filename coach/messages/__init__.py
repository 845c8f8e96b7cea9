"""Messages the user sends: variants of a draft, and the linter that looks over them. Pure; knows nothing of plans."""
