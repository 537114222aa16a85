"""What `/metrics` shows beside the listener's own figures: stations, journal, outbox, live feed."""

import attrs

from actors.station.service import StationService
from gateway.metrics import Metrics
from storage.journal.journal import Journal
from storage.outbox.dispatcher import Dispatcher
from web.live.hub import LiveHub


def show(metrics: Metrics, service: StationService, journal: Journal, dispatcher: Dispatcher, hub: LiveHub) -> None:
    """Registers them; each is read when somebody looks."""
    metrics.counts_from("voltyard_stations", "Stations, actors, bugs, waiting commands and endings", service.counts)
    metrics.totals_from(
        "voltyard_repairs", "Messages in which something was repaired, by repair", "code", lambda: service.repairs
    )
    metrics.counts_from("voltyard_journal", "The journal's counters and queue", lambda: _figures(journal))
    metrics.counts_from(
        "voltyard_outbox_pending", "Events a consumer has read and not handled", lambda: _pending(dispatcher)
    )
    metrics.counts_from("voltyard_outbox_failures", "Failures of each consumer", lambda: _failures(dispatcher))
    metrics.counts_from("voltyard_live", "Listeners of the live feed, values waiting and dropped", hub.counts)


def _figures(journal: Journal) -> dict[str, int]:
    return {name: int(value) for name, value in attrs.asdict(journal.stats).items()}


def _pending(dispatcher: Dispatcher) -> dict[str, int]:
    return {consumer.name: consumer.pending for consumer in dispatcher.consumers()}


def _failures(dispatcher: Dispatcher) -> dict[str, int]:
    return {consumer.name: consumer.failures for consumer in dispatcher.consumers()}
