"""SMSC's HTTP API, played by the provider's published rules."""
