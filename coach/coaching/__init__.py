"""The brain: pure, deterministic, without a clock, a network or a vendor. Same input, same plan."""
