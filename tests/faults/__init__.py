"""Fault tests: real workers, a real server, the simulator as the judge.

`steps` and `quick` are what a worker process of these tests differs in; `dying_worker` is such a process.
`arena` starts everything, `blows` does the damage, `judge` reads the provider's books, `scenarios` puts them
together and `table` prints what came of it. `long` is the long run: ``python -m tests.faults.long``.
"""
