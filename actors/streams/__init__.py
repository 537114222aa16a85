"""Periodic event streams of OCPP 2.1: many values of one monitor in few messages."""
