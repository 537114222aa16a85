"""/live: a WebSocket that says what happens, while it happens.

`{"subscribe": ["stations", "sessions/…"]}` is answered by `{"subscribed": […]}`; then come `{"topic", "event"}` with a
CloudEvent each. A new `subscribe` replaces the one before. What is wrong is answered by `{"error": problem}`.
"""
