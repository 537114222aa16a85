"""One simulated charging station: a model without I/O, the OCPP dialects, and a thin client around them."""
