"""Measurements: nothing here fails because a machine is slow. `campaign` is what `make bench` runs."""
