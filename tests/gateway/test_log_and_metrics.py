"""What this process says of itself: log lines without secrets, figures in Prometheus' format."""

import io
import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog

from gateway.files import room_for_connections
from gateway.logging import configure
from gateway.metrics import Metrics


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_secrets_are_hidden_wherever_they_stand(log_format: str) -> None:
    out = io.StringIO()
    configure(log_format, "info", out)
    log = structlog.get_logger("test")
    log.info(
        "sent", password="hunter2", url="ftp://user:hunter2@host/x", header="Basic aHVudGVyMg==",
        nested={"AuthorizationKey": "hunter2", "items": [{"token": "hunter2"}]},
    )  # fmt: skip
    try:
        raise ValueError("postgresql://voltyard:hunter2@host/db")
    except ValueError:
        log.exception("failed")
    logging.getLogger("library").warning("connecting to https://user:hunter2@host")
    assert "hunter2" not in out.getvalue()
    assert "aHVudGVyMg" not in out.getvalue()
    assert "ftp://" in out.getvalue()


def test_json_lines_and_levels() -> None:
    out = io.StringIO()
    configure("auto", "warning", out)
    log = structlog.get_logger("test")
    log.info("not shown")
    log.warning("shown", station="CP1", count=3)
    [line] = out.getvalue().splitlines()
    event = orjson.loads(line)
    assert event | {"event": "shown", "level": "warning", "station": "CP1", "count": 3} == event
    assert event["at"].endswith("Z")


def test_figures() -> None:
    metrics = Metrics()
    metrics.refused.labels("unknown_station").inc(3)
    metrics.gauge_from("voltyard_depth", "A queue", lambda: 7.0)
    metrics.counts_from("voltyard_kinds", "Kinds", lambda: {"online": 2})
    text = metrics.render().decode()
    assert 'voltyard_handshakes_refused_total{reason="unknown_station"} 3.0' in text
    assert "voltyard_depth 7.0" in text
    assert 'voltyard_kinds{kind="online"} 2.0' in text
    assert "process_resident_memory_bytes" in text


def test_room_leaves_files_for_everything_else() -> None:
    assert room_for_connections(20_000, 100_000) == 19_744
    assert room_for_connections(1_048_576, 100_000) == 100_000
    assert room_for_connections(256, 100_000) == 128
