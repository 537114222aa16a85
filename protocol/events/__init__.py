"""What Voltyard tells others: CloudEvents 1.0 with typed data, at least once, recognised by their id.

`types.py` (with `stations.py`, `sessions.py`, `operations.py`) says what can happen, `envelope.py` how it is wrapped,
`generate.py` writes the JSON Schemas and the AsyncAPI document in docs/events from the types.
"""
