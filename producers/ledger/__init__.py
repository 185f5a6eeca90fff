"""The ledger: the truth about every batch and recipient, in Redis.

Each change is one Lua script in ``lua/``, atomic and safe to repeat; each change of a batch by a worker is
guarded by the fencing token of its claim. The modules return calls (`calls.Call`); what carries them out is
the caller's affair.

- `campaigns`: create, plan, start, feed, pause, cancel, read
- `messages`: one text to a few phones
- `batches`: claim, move, read
- `outcomes`: what a provider's answer changes
- `timer`: what is due
- `records`: the bytes of a recipient
"""
