"""The figures this node shows: one registry, and what the listener counts in it.

Other parts add theirs to `registry`, or give functions asked when somebody looks (`gauge_from`, `counts_from`).
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 20)


class Metrics:
    """Made once a node. Label values come from our own short lists, never from what a station sends."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.accepted = Counter("voltyard_sockets_accepted", "TCP connections taken", registry=self.registry)
        self.accept_failures = Counter(
            "voltyard_accept_failures", "Times no connection could be taken", registry=self.registry
        )
        self.links = Gauge("voltyard_links", "Stations connected", ["version"], registry=self.registry)
        self.endings = Counter("voltyard_link_endings", "How connections ended", ["ending"], registry=self.registry)
        self.refused = Counter("voltyard_handshakes_refused", "Handshakes refused", ["reason"], registry=self.registry)
        self.tls = Counter("voltyard_tls_handshakes", "TLS handshakes that succeeded", ["kind"], registry=self.registry)
        self.security_events = Counter(
            "voltyard_security_events", "Security events of stations", ["critical"], registry=self.registry
        )
        self.served = Histogram(
            "voltyard_handshake_seconds", "From the request to the attached station", registry=self.registry,
            buckets=_SECONDS,
        )  # fmt: skip

    def gauge_from(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A figure that is read when somebody looks."""
        Gauge(name, meaning, registry=self.registry).set_function(read)

    def counts_from(self, name: str, meaning: str, read: Callable[[], Mapping[str, int]]) -> None:
        """Figures with one label, `kind`, read together when somebody looks."""
        self.registry.register(_Counts(name, meaning, read))

    def totals_from(self, name: str, meaning: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
        """Figures that only rise, with one label; the name is shown with `_total` behind it."""
        self.registry.register(_Totals(name, meaning, label, read))

    def render(self) -> bytes:
        """Prometheus' text format (CONTENT_TYPE)."""
        return generate_latest(self.registry)


class _Counts(Collector):
    def __init__(self, name: str, meaning: str, read: Callable[[], Mapping[str, int]]) -> None:
        self._name, self._meaning, self._read = name, meaning, read

    def describe(self) -> Iterable[Metric]:
        return [GaugeMetricFamily(self._name, self._meaning, labels=["kind"])]

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._meaning, labels=["kind"])
        for kind, value in self._read().items():
            family.add_metric([kind], value)
        return [family]


class _Totals(Collector):
    def __init__(self, name: str, meaning: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
        self._name, self._meaning, self._label, self._read = name, meaning, label, read

    def describe(self) -> Iterable[Metric]:
        return [CounterMetricFamily(self._name, self._meaning, labels=[self._label])]

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(self._name, self._meaning, labels=[self._label])
        for value, count in self._read().items():
            family.add_metric([value], count)
        return [family]
