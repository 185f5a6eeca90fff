"""Metrics: `definitions` is the table, `exporter` serves it from what is in Redis.

Every number is counted in Redis in the same step as what it counts, none in a worker's memory. So one
``/metrics`` shows the truth for any number of processes and machines and over the restart of any of them, and
no multi-process directory has to be kept clean.
"""
