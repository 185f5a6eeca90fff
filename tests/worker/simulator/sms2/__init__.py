"""The simulator is judged by the provider's published facts alone."""
