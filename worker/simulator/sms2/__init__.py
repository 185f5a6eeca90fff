"""SMS2's side: its scripts at the root, its account, its bases of phones, and its books."""
