"""Firmware: updates told step by step, images published by local controllers, and campaigns over many stations."""
