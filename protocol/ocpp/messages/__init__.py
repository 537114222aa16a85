"""The typed OCPP messages, one generated module a version (`python -m protocol.ocpp.generate`), and their base.

Nothing is imported here: the 2.x modules are large and load when a station first speaks that version
(`protocol.ocpp.catalogue`).
"""
