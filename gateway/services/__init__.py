"""Whom stations' requests are put to outside of us: one module a service. `outside.py` joins them."""
