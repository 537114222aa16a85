"""One simulated charging station: a model without I/O, the dialects of the OCPP versions, and a thin client around them."""
