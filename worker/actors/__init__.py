"""The actors: one file a kind of job, each a thin shell around what it does."""
