"""What the worker role does: one module a kind of job, and the loop that runs them. `handlers.py` lists them all."""
