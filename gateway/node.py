"""The parts of a node, put together step by step. gateway/main.py says in which order; each needs those before it.

What a step opens is closed by the stack it was entered on, in the opposite order.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta
from typing import Final, TypeVar

import attrs
import click
import trio
from uuid_utils.compat import uuid7

from actors.station.service import StationService, stations
from gateway.admin_token import AdminToken, admin_token
from gateway.background import in_background
from gateway.clock import SystemClock
from gateway.database import open_database
from gateway.demo import demo_stations, prepare_demo
from gateway.fileserver.open import open_files
from gateway.fileserver.sweep import Sweep
from gateway.forwarding.service import ForwardService, forwarding
from gateway.keeper import Keeper
from gateway.metrics import Metrics
from gateway.node_metrics import show
from gateway.ocpp_listener import OcppListeners, ocpp_listeners
from gateway.readiness import readiness
from gateway.refusals import Refusals
from gateway.security import SecurityWatch, certificate_trouble
from gateway.services.table import open_services
from gateway.settings import Settings
from gateway.upkeep import open_upkeep
from gateway.web_server import http_server
from gateway.worker.handlers import HANDLERS
from gateway.worker.outcome import Tools
from gateway.worker.runner import ReadyListener, worker
from storage.bridge import open_bridge
from storage.forwards import Forwards
from storage.jobs import JobQueue
from storage.outbox import Bus, Dispatcher, outbox_dispatcher
from storage.passwords import Passwords
from storage.pool import Pool
from storage.refusals import RefusalTable
from storage.sealing import Seal
from storage.security import SecurityBook
from storage.store import PostgresStore, open_store
from storage.web.tenants import find_tenant
from web.api.neutral import arguments_of
from web.context import Context, Facts
from web.files.server import Files
from web.live.hub import LiveHub

_WEB_POOL: Final = 8
_NODE_POOL: Final = 3
T = TypeVar("T")


@attrs.define
class Node:
    """Fields without a value are set by the step whose name stands beside them. `stop`: set when the node is to end."""

    settings: Settings
    stop: trio.Event
    stack: AsyncExitStack
    clock: SystemClock = attrs.field(factory=SystemClock)
    metrics: Metrics = attrs.field(factory=Metrics)
    hub: LiveHub = attrs.field(factory=LiveHub)
    bus: Bus = attrs.field(factory=Bus)
    woken: list[Callable[[], None]] = attrs.field(factory=list)  # whoever waits for events that were committed
    listening: list[OcppListeners] = attrs.field(factory=list)
    forwards: list[ForwardService] = attrs.field(factory=list)
    ready: ReadyListener = attrs.field(init=False)
    token: AdminToken = attrs.field(init=False)  # open_storage
    passwords: Passwords = attrs.field(init=False)
    seal: Seal = attrs.field(init=False)
    node_pool: Pool = attrs.field(init=False)
    web_pool: Pool = attrs.field(init=False)
    store: PostgresStore = attrs.field(init=False)
    book: SecurityBook = attrs.field(init=False)  # open_security
    security: SecurityWatch = attrs.field(init=False)
    refusals: Refusals = attrs.field(init=False)
    dispatcher: Dispatcher = attrs.field(init=False)  # open_stations
    service: StationService = attrs.field(init=False)
    files: Files = attrs.field(init=False)  # open_file_server

    def __attrs_post_init__(self) -> None:
        self.hub.attach(self.bus)
        self.ready = ReadyListener(self.bus)
        self.woken.append(self.hub.recorded_events)

    async def enter(self, part: AbstractAsyncContextManager[T]) -> T:
        """Opens a part; it is closed when the node ends, before those that were opened earlier."""
        return await self.stack.enter_async_context(part)

    async def open_storage(self) -> None:
        settings = self.settings
        urls = await self.enter(open_database(settings, _say))
        self.token, self.passwords = admin_token(settings), Passwords.open(settings.data_dir)
        self.seal = Seal.open(settings.data_dir)
        bridge = await self.enter(open_bridge())
        self.node_pool = await self.enter(bridge.pool(urls.node, size=_NODE_POOL, name="voltyard dispatcher"))
        self.web_pool = await self.enter(bridge.pool(urls.web, size=_WEB_POOL, name="voltyard web"))
        self.store = await self.enter(
            open_store(
                bridge,
                urls.node,
                deadline=settings.store_deadline,
                on_committed=self._committed,
                grace=settings.stop_deadline / 3,
            )
        )
        await self.enter(open_upkeep(self.node_pool, settings))
        await self.store.forget_online()

    def _committed(self, had_events: bool) -> None:
        if had_events:
            for wake in self.woken:
                wake()

    async def open_security(self) -> None:
        self.book = SecurityBook(self.node_pool)
        await self.book.refresh()  # nobody who is revoked may be in before we know
        self.security = SecurityWatch(self.book, self.bus, self.metrics, self.listening)
        self.refusals = Refusals(RefusalTable(self.node_pool), self.clock.now)
        await self.enter(in_background(self.refusals.run))

    async def open_stations(self) -> None:
        self.dispatcher = await self.enter(outbox_dispatcher(self.node_pool, self.bus))
        self.hub.connect(self.dispatcher.wake)
        services = await self.enter(open_services(self.settings, self.web_pool))
        heartbeat = round(self.settings.heartbeat_interval)
        self.service = await self.enter(
            stations(self.store, self.clock, self.hub, uuid7, heartbeat=heartbeat, services=services)
        )
        show(self.metrics, self.service, self.store.journal, self.dispatcher, self.hub)
        self.metrics.totals_from(
            "voltyard_consultations_skipped", "Messages decided without asking the service that should have been asked",
            "kind", lambda: services.passed,
        )  # fmt: skip

    async def open_file_server(self) -> None:
        self.files = await self.enter(open_files(self.settings, self.node_pool, self.web_pool, self.clock))

    def context(self) -> Context:
        """What the API is given."""
        trouble = certificate_trouble(self.listening, self.clock.now)
        return Context(
            reads=self.web_pool,
            find_tenant=lambda slug: find_tenant(self.node_pool, slug),
            stations=self.service,
            admin_token=self.token.value,
            passwords=self.passwords,
            metrics_render=self.metrics.render,
            readiness=readiness(self.node_pool, self.store.journal, self._accepting, self.stop.is_set, trouble),
            live=self.hub,
            facts=_facts(self.settings),
            clock=self.clock.now,
            files=self.files,
            security_changed=self.security.wake,
            name_taken=self.security.name_taken,
            left_out=self.security.left_out,
            seal=self.seal.close,
            unseal=self.seal.read,
            forwards_changed=self._look_at_forwards,
        )

    def _accepting(self) -> bool:
        return "ocpp" not in self.settings.roles or any(listeners.accepting for listeners in self.listening)

    def _look_at_forwards(self) -> None:
        for each in self.forwards:
            each.wake()

    async def begin_work(self) -> None:
        """Jobs, sessions that fell silent, files that were left behind, and what is told to second backends."""
        if "worker" not in self.settings.roles:
            return
        settings, store, service, clock = self.settings, self.store, self.service, self.clock
        tools = Tools(
            self.web_pool, store, service, clock, uuid7, settings, self.seal.read, arguments_of, self.files,
            trust_changed=self.security.wake,
        )  # fmt: skip
        self.ready.worker = await self.enter(worker(JobQueue(self.node_pool), tools, HANDLERS))
        self.woken.append(self.ready.worker.wake)
        await self.enter(in_background(Keeper(self.node_pool, store, service, clock, uuid7, settings).run))
        life = timedelta(seconds=settings.files_partial_life)
        await self.enter(in_background(Sweep(self.files, self.node_pool, clock.now, life).run))
        told = forwarding(
            Forwards(self.node_pool), store, service, self.seal, clock, uuid7, private=settings.outside_private
        )
        self.forwards.append(await self.enter(told))

    async def serve_api(self) -> list[str]:
        """Its addresses."""
        return await self.enter(http_server(self.settings, self.context())) if "web" in self.settings.roles else []

    async def listen(self) -> list[str]:
        """Takes stations from now on; gives the addresses where they connect."""
        if "ocpp" in self.settings.roles:
            known = frozenset(row["slug"] for row in await self.node_pool.fetch("select slug from tenants"))
            listeners = ocpp_listeners(
                self.settings,
                self.store,
                self.service,
                self.passwords,
                self.refusals,
                self.metrics,
                tenants=known.__contains__,
                security=self.book,
                replaced=self.security.replaced,
            )
            self.listening.append(await self.enter(listeners))
        await self.enter(in_background(self.security.run))
        return [str(address) for each in self.listening for address in each.addresses]

    async def show_demo(self, ocpp: list[str]) -> bool:
        """Simulated stations; False when there is nowhere for them to connect to, or stations are there."""
        shown = bool(ocpp) and await prepare_demo(self.web_pool)
        if shown:
            await self.enter(demo_stations(ocpp[0]))
        return shown

    async def say_goodbye(self) -> None:
        """No new stations; those connected are closed, and so are the API's live connections."""
        for listeners in self.listening:
            listeners.stop_accepting()
            with trio.move_on_after(self.settings.stop_deadline / 2):
                await listeners.close_all()
        self.hub.close()


def _facts(settings: Settings) -> Facts:
    return Facts(
        public_url=settings.public_url or str(settings.http_listen),
        max_body_bytes=settings.body_limit,
        metrics_here=settings.metrics_listen is None,
    )


def _say(line: str) -> None:
    click.echo(line, err=True)
