"""Everything that takes work off the queue: actors, governor, providers, metrics, the command line.

``worker`` may import ``producers``; never the reverse.
"""
