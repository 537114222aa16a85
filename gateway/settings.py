"""Every setting of a node, in one frozen class: what it is called, what it means, what it is unless set.

Fields are named after their variable: `ocpp_listen` is `VOLTYARD_OCPP_LISTEN` and `ocpp_listen` in voltyard.toml.
Durations are seconds, sizes bytes. gateway/settings_load.py fills the class and says where each value came from.
"""
# ruff: noqa: RUF009 - attrs fields, made by a function that keeps their explanation beside them

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from gateway import setting_types as types
from gateway.setting_types import ListenAddress, Network

PREFIX = "VOLTYARD_"
ROLES = ("ocpp", "web", "worker")


class InvalidSetting(Exception):  # noqa: N818 - says what is invalid; read by people
    """A setting cannot be used. Shown to whoever starts the node: name, value (masked when secret), what is allowed."""

    def __init__(self, name: str, value: str | None, why: str, source: str | None = None) -> None:
        shown = f" = {value!r}" if value is not None else ""
        super().__init__(f"{name}{shown}{f' (from {source})' if source else ''}: {why}")
        self.name = name


@attrs.frozen
class Spec:
    """How one setting is read and explained. `default` is text as one would write it; None means unset."""

    parse: Callable[[str], Any]
    default: str | None
    meaning: str
    secret: bool = False


def _setting(parse: Callable[[str], Any], default: str | None, meaning: str, *, secret: bool = False) -> Any:
    value = None if default is None else parse(default)
    return attrs.field(default=value, metadata={"spec": Spec(parse, default, meaning, secret)}, repr=not secret)


_POSTGRES = types.url("postgres", "postgresql")


@attrs.frozen(kw_only=True)
class Settings:
    """What a node is told at its start; never changes while it runs."""

    roles: tuple[str, ...] = _setting(
        types.listed(types.choice(*ROLES)), "ocpp,web,worker", "what this node does"
    )
    data_dir: Path = _setting(types.path, "./var", "where everything of this node lies")
    log_format: str = _setting(
        types.choice("auto", "console", "json"), "auto", "console or json lines; auto: console on a terminal"
    )
    log_level: str = _setting(
        types.choice("debug", "info", "warning", "error"), "info", "the least important line that is written"
    )
    file_limit: int = _setting(
        types.whole(256, 10_000_000), "1048576", "open files wanted; the system's hard limit may grant fewer"
    )
    stop_deadline: float = _setting(
        types.seconds, "30s", "how long a stopping node may take to close stations and to write what is left"
    )

    database_url: str | None = _setting(
        _POSTGRES, None, "PostgreSQL 15 or newer for this node; unset: embedded, in data_dir", secret=True
    )
    database_owner_url: str | None = _setting(
        _POSTGRES, None, "the owner's login, for migrations; unset: as database_url", secret=True
    )
    store_deadline: float = _setting(
        types.seconds, "20s", "after which a message that cannot be stored ends its connection (1013)"
    )
    retention_frames: float = _setting(types.seconds, "30d", "how long the frame log is kept")
    retention_meter_values: float = _setting(types.seconds, "730d", "how long meter values are kept")
    retention_events: float = _setting(types.seconds, "90d", "how long our own events are kept")
    retention_reports: float = _setting(
        types.seconds, "365d", "how long reports of stations, alerts of their monitors and the list of logs are kept"
    )
    retention_streams: float = _setting(types.seconds, "90d", "how long the values of event streams are kept")
    retention_jobs: float = _setting(
        types.seconds, "30d", "how long jobs that ended, file addresses and refused requests for certificates are kept"
    )
    retention_certificates: float = _setting(
        types.seconds, "730d", "how long stations' certificates and revocations are kept beyond the certificate's end"
    )
    retention_history: float = _setting(
        types.seconds, "365d",
        "how long ended reservations, plans and stations of campaigns are kept, and what stations no longer hold",
    )  # fmt: skip

    ocpp_listen: tuple[ListenAddress, ...] = _setting(
        types.listed_ocpp, "ws://127.0.0.1:9000",
        "where stations connect: ws:// takes profiles 0 and 1, wss://…?cert=…&key=… profile 2, "
        "wss://…?profiles=3&client-ca=… profile 3",
    )  # fmt: skip
    ocpp_public_url: str | None = _setting(
        types.url("ws", "wss"), None, "the address stations are told; planned, not used by this version"
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        types.listed(types.network, empty=True), "", "networks whose PROXY protocol or X-Forwarded-For we believe"
    )
    heartbeat_interval: float = _setting(types.seconds, "300s", "what stations are told; three without a frame end one")
    ping_interval: float = _setting(types.seconds, "30s", "how often we send WebSocket pings")
    handshake_deadline: float = _setting(types.seconds, "20s", "for a station to send its request, TLS included")
    send_deadline: float = _setting(types.seconds, "20s", "for a station to take what we send")
    closing_deadline: float = _setting(types.seconds, "5s", "for a station to answer our close frame")
    message_deadline: float = _setting(types.seconds, "60s", "from a message's first byte to its last")
    message_limit: int = _setting(types.size, "1MiB", "the longest message, also after inflation")
    request_limit: int = _setting(types.size, "16KiB", "the longest HTTP request head of a handshake")
    compression: bool = _setting(types.flag, "true", "permessage-deflate for OCPP 2.x, never kept between messages")
    max_connections: int = _setting(
        types.whole(1, 1_000_000), "100000", "stations at once; fewer when the file limit is lower"
    )
    handshakes_at_once: int = _setting(types.whole(1, 10_000), "64", "handshakes served at the same time; others queue")
    handshake_patience: float = _setting(
        types.seconds, "25s", "the longest a handshake may expect to queue; beyond it 503 with Retry-After"
    )
    accept_unknown_subprotocol: bool = _setting(
        types.flag, "true", "serve known stations that name no subprotocol as OCPP 1.6"
    )

    session_silent_after: float = _setting(
        types.seconds, "1h", "a running session of which nothing came for so long is asked about, once (OCPP 2.x)"
    )
    session_orphan_after: float = _setting(
        types.seconds, "48h", "a running session is over when its station has been away, and silent, for so long"
    )
    vat_service_url: str | None = _setting(
        types.url("http", "https"), None,
        "who knows VAT numbers: VIES' check-vat-number or the like; unset: only their form is looked at",
    )  # fmt: skip
    vat_service_deadline: float = _setting(types.seconds, "10s", "for that service to answer")
    receipt_url: str | None = _setting(
        types.url("http", "https"), None,
        "where drivers find their receipt, with {psp_ref} and {transaction_id} in it; unset: stations are told none",
    )  # fmt: skip

    http_listen: ListenAddress = _setting(types.listen_http, "http://127.0.0.1:8080", "where API and documentation are")
    metrics_listen: ListenAddress | None = _setting(
        types.listen_http, None, "another address for /metrics; unset: with the API"
    )
    public_url: str | None = _setting(
        types.url("http", "https"), None, "the API's address as users see it; unset: http_listen"
    )
    admin_token: str | None = _setting(
        types.text, None, "the administrator's bearer token; unset: made at first start, kept in data_dir", secret=True
    )
    body_limit: int = _setting(types.size, "1MiB", "the longest request body the API takes")

    files_dir: Path | None = _setting(
        types.path, None, "where firmware and uploaded logs lie; unset: `files` in data_dir. Nodes must share it"
    )
    files_public_url: str | None = _setting(
        types.url("http", "https"), None, "how stations reach the file server; unset: public_url"
    )
    files_firmware_limit: int = _setting(types.size, "512MiB", "the longest firmware image")
    files_log_limit: int = _setting(types.size, "256MiB", "the longest log a station may bring")
    files_reserve: int = _setting(types.size, "64MiB", "what stays free on the disk of the file server")
    files_firmware_life: float = _setting(types.seconds, "7d", "how long a station may fetch firmware from its address")
    files_log_life: float = _setting(types.seconds, "1d", "how long a station may bring a log to its address")
    files_quota: int = _setting(
        types.size, "20GiB", "what all files of one tenant may fill: images, logs, and what has not come whole"
    )
    files_upload_deadline: float = _setting(
        types.seconds, "2h", "how long one upload may take; what came is kept, and the next goes on behind it"
    )
    files_partial_life: float = _setting(
        types.seconds, "2d", "after which what has not come whole is deleted, counted from its last byte"
    )
    files_retention: float = _setting(types.seconds, "90d", "how long uploaded logs are kept")
    campaign_look: float = _setting(types.seconds, "10s", "how often a firmware campaign looks at its stations")
    station_calm: float = _setting(
        types.seconds, "10s", "how long a station that came back is asked nothing by jobs that waited for it"
    )
    customer_retention: float = _setting(
        types.seconds, "30d", "how long what stations told about a customer is kept"
    )
    ftp_listen: ListenAddress | None = _setting(
        types.listen_ftp, None, "ftp://HOST:PORT of the file server, for stations that only know FTP; unset: off"
    )
    ftp_public_host: str | None = _setting(
        types.text, None, "host name or address of the FTP server as stations see it; unset: that of ftp_listen"
    )
    ftp_connections_per_address: int = _setting(
        types.whole(1, 100), "20", "FTP connections that one address may hold of the 100 there are"
    )
    ftp_passive_ports: tuple[int, int] | None = _setting(
        types.ports, None, "FIRST-LAST port for passive FTP transfers; unset: any"
    )

    redis_url: str | None = _setting(
        types.url("redis", "rediss", "unix"), None, "what nodes share; planned, not used by this version", secret=True
    )
    kafka_brokers: tuple[str, ...] = _setting(
        types.listed(types.text, empty=True), "", "HOST:PORT list for our events; planned, not used by this version"
    )

    outside_private: bool = _setting(
        types.flag, "false", "addresses that stations and tenants name (responders, lists, webhooks) may be private"
    )
    contract_pool_url: str | None = _setting(
        types.url("http", "https"), None, "where vehicles' contract certificates come from; unset: requests are refused"
    )
    contract_pool_token: str | None = _setting(
        types.text, None, "the bearer token that the contract pool asks for", secret=True
    )
    contract_pool_deadline: float = _setting(
        types.seconds, "10s", "for the contract pool to answer; a vehicle of ISO 15118-2 gives up after 5 s"
    )
    revocation_deadline: float = _setting(
        types.seconds, "4s", "for an OCSP responder or a revocation list to answer"
    )

    certificate_authority_url: str | None = _setting(
        types.url("https"), None,
        "an authority outside that signs stations' certificates (RFC 7030, or PEM); unset: our own, one a tenant",
    )  # fmt: skip
    certificate_authority_token: str | None = _setting(
        types.text, None, "the bearer token that this authority asks for", secret=True
    )
    certificate_authority_ca: Path | None = _setting(
        types.path, None, "certificates in PEM that vouch for that authority's server; unset: those the system trusts"
    )
    certificate_authority_deadline: float = _setting(types.seconds, "30s", "for that authority to answer")
    certificate_authority_uses: tuple[str, ...] = _setting(
        types.listed(types.choice("station", "v2g", "v2g20")), "station,v2g,v2g20",
        "which certificates it signs; the others are signed by our own",
    )  # fmt: skip
    certificate_lifetime: float = _setting(types.seconds, "365d", "how long stations' certificates of our own count")
    certificate_lifetime_v2g: float = _setting(
        types.seconds, "60d", "how long their certificates towards vehicles count, where our own authority signs them"
    )
    certificate_renewal: int = _setting(
        types.whole(10, 95), "66", "percent of its time after which a station is asked to renew its certificate"
    )

    @property
    def idle_window(self) -> float:
        """Seconds without any frame or pong after which a station counts as gone."""
        return 3 * self.heartbeat_interval


def spec_of(name: str) -> Spec:
    """The explanation of a field of `Settings`. Raises KeyError for another name."""
    found: Spec = attrs.fields_dict(Settings)[name].metadata["spec"]
    return found


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()
