"""A pool of contract certificates, as an operator of a plug-and-charge ecosystem has one, with scripted answers."""
