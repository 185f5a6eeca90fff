"""The whole of it on one machine: server, simulator, workers, a campaign of 10,000, and the books compared.

``make run`` runs it and leaves nothing behind; ``make up`` leaves it running until Ctrl-C. Every part is a
process of its own, started with the command that a user would type, on ports and in a directory of its own:
no real provider is asked and no other Redis is touched.
"""
