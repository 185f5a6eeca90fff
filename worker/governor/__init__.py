"""Keeps the providers' rules for each account, shared by all worker processes through Redis.

`rules` is the table, `gate` asks for permission and gives it back. No library is used for the arithmetic: the
kept ones either are approximate, and then let a third request through where two are allowed, or answer one
rule at a time; this needs the log of identical requests, slots that free themselves when their owner dies,
and the account's pause, all in one atomic step that says how long to wait.
"""
