"""Repairs show among the node's figures, by code."""

from collections import Counter

from gateway.metrics import Metrics


def test_repairs_are_shown_by_code() -> None:
    metrics, repairs = Metrics(), Counter[str]()
    metrics.totals_from("voltyard_repairs", "Messages in which something was repaired", "code", lambda: repairs)
    assert b"voltyard_repairs_total{" not in metrics.render()
    repairs.update(("number_from_text", "number_from_text", "websocket_1007"))
    shown = metrics.render().decode()
    assert 'voltyard_repairs_total{code="number_from_text"} 2.0' in shown
    assert 'voltyard_repairs_total{code="websocket_1007"} 1.0' in shown
