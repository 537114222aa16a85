"""The live feed: who listens to what, and what waits for them."""
