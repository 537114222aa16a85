"""One node, from start to stop. Reads top to bottom: each part outlives what stands below it.

storage ⊃ outbox dispatcher ⊃ charge-point actors ⊃ HTTP server ⊃ OCPP listener
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import click
import orjson
import structlog
import trio
from uuid_utils.compat import uuid7

from actors.station.service import stations
from gateway.admin_token import admin_token
from gateway.announce import announce
from gateway.background import in_background
from gateway.clock import SystemClock
from gateway.database import open_database
from gateway.demo import demo_stations, prepare_demo
from gateway.fileserver.open import open_files
from gateway.forwarding.service import ForwardService, forwarding
from gateway.interpreter import settle_interpreter
from gateway.keeper import Keeper
from gateway.metrics import Metrics
from gateway.node_metrics import show
from gateway.ocpp_listener import OcppListeners, ocpp_listeners
from gateway.readiness import readiness
from gateway.refusals import Refusals
from gateway.security import SecurityWatch, certificate_trouble
from gateway.services.table import open_services
from gateway.settings import Settings
from gateway.signals import wait_for_signal
from gateway.web_server import http_server
from gateway.worker.handlers import HANDLERS
from gateway.worker.outcome import Tools
from gateway.worker.runner import OnlineListener, worker
from storage.bridge import open_bridge
from storage.forwards import Forwards
from storage.jobs import JobQueue
from storage.outbox import Bus, outbox_dispatcher
from storage.partitions import upkeep
from storage.passwords import Passwords
from storage.pool import Pool
from storage.refusals import RefusalTable
from storage.retention import Kept
from storage.sealing import Seal
from storage.security import SecurityBook
from storage.store import open_store
from storage.web.tenants import find_tenant
from web.api.routes import ROUTES
from web.context import Context, Facts
from web.live.hub import LiveHub
from web.openapi.document import make_document

log = structlog.get_logger(__name__)
_WEB_POOL = 8
_NODE_POOL = 3


async def run_node(settings: Settings, demo: bool) -> None:
    """Runs until SIGTERM or SIGINT, then stops in order: no new stations, those connected close, the rest drains."""
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        await nursery.start(wait_for_signal, stop)
        await _run(settings, stop, demo=demo)
        nursery.cancel_scope.cancel()


async def _run(settings: Settings, stop: trio.Event, *, demo: bool) -> None:
    clock, metrics, hub, bus = SystemClock(), Metrics(), LiveHub(), Bus()
    hub.attach(bus)
    online = OnlineListener(bus)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        urls = await enter(open_database(settings, _say))
        token, passwords = admin_token(settings), Passwords.open(settings.data_dir)
        seal = Seal.open(settings.data_dir)
        bridge = await enter(open_bridge())
        node = await enter(bridge.pool(urls.node, size=_NODE_POOL, name="voltyard dispatcher"))
        web = await enter(bridge.pool(urls.web, size=_WEB_POOL, name="voltyard web"))
        woken: list[Callable[[], None]] = [hub.recorded_events]

        def committed(had_events: bool) -> None:
            if had_events:
                for wake in woken:
                    wake()

        store = await enter(
            open_store(
                bridge,
                urls.node,
                deadline=settings.store_deadline,
                on_committed=committed,
                grace=settings.stop_deadline / 3,
            )
        )
        await enter(_upkeep(node, settings))
        await store.forget_online()
        listening: list[OcppListeners] = []
        book = SecurityBook(node)
        await book.refresh()  # nobody who is revoked may be in before we know
        security = SecurityWatch(book, bus, metrics, listening)
        refusals = Refusals(RefusalTable(node), clock.now)
        await enter(in_background(refusals.run))
        dispatcher = await enter(outbox_dispatcher(node, bus))
        hub.connect(dispatcher.wake)
        services = await enter(open_services(settings, web))
        heartbeat = round(settings.heartbeat_interval)
        service = await enter(stations(store, clock, hub, uuid7, heartbeat=heartbeat, services=services))
        show(metrics, service, store.journal, dispatcher, hub)

        def accepting() -> bool:
            return "ocpp" not in settings.roles or any(listeners.accepting for listeners in listening)

        files = await enter(open_files(settings, node, web, clock))
        forwards: list[ForwardService] = []

        def look_again() -> None:
            for each in forwards:
                each.wake()

        context = Context(
            reads=web,
            find_tenant=lambda slug: find_tenant(node, slug),
            stations=service,
            admin_token=token.value,
            passwords=passwords,
            metrics_render=metrics.render,
            readiness=readiness(
                node, store.journal, accepting, stop.is_set, certificate_trouble(listening, clock.now)
            ),
            live=hub,
            facts=_facts(settings),
            clock=clock.now,
            files=files,
            security_changed=security.wake,
            name_taken=security.name_taken,
            left_out=security.left_out,
            seal=seal.close,
            unseal=seal.read,
            forwards_changed=look_again,
        )
        if "worker" in settings.roles:
            tools = Tools(web, store, service, clock, uuid7, settings, files)
            online.worker = await enter(worker(JobQueue(node), tools, HANDLERS))
            woken.append(online.worker.wake)
            await enter(in_background(Keeper(node, store, service, clock, uuid7, settings).run))
        if "worker" in settings.roles:
            told = forwarding(
                Forwards(node), store, service, seal, clock, uuid7, private=settings.outside_private
            )
            forwards.append(await enter(told))
        api = await enter(http_server(settings, context)) if "web" in settings.roles else []
        if "ocpp" in settings.roles:
            known = await _tenant_slugs(node)
            listening.append(
                await enter(
                    ocpp_listeners(
                        settings,
                        store,
                        service,
                        passwords,
                        refusals,
                        metrics,
                        tenants=known.__contains__,
                        security=book,
                        replaced=security.replaced,
                    )
                )
            )
        await enter(in_background(security.run))
        ocpp = [str(address) for each in listening for address in each.addresses]
        with_demo = demo and bool(ocpp) and await prepare_demo(web)
        if with_demo:
            await enter(demo_stations(ocpp[0]))
        announce(api, ocpp, token, demo=with_demo)
        settle_interpreter()
        await stop.wait()
        for listeners in listening:
            await _close(listeners, settings)
        hub.close()


async def _close(listeners: OcppListeners, settings: Settings) -> None:
    listeners.stop_accepting()
    with trio.move_on_after(settings.stop_deadline / 2):
        await listeners.close_all()


@asynccontextmanager
async def _upkeep(pool: Pool, settings: Settings) -> AsyncIterator[None]:
    """Partitions are made ahead and dropped behind; the first round is done when the block begins."""
    retention = {
        "frames": timedelta(seconds=settings.retention_frames),
        "meter_values": timedelta(seconds=settings.retention_meter_values),
        "events": timedelta(seconds=settings.retention_events),
    }
    kept = Kept(
        timedelta(seconds=settings.retention_reports),
        timedelta(seconds=settings.retention_streams),
        timedelta(seconds=settings.retention_jobs),
        timedelta(seconds=settings.customer_retention),
    )

    async def run(*, task_status: trio.TaskStatus[None]) -> None:
        await upkeep(pool, retention=retention, kept=kept, task_status=task_status)

        timedelta(seconds=settings.retention_certificates),
    async with trio.open_nursery() as nursery:
        await nursery.start(run)
        yield
        nursery.cancel_scope.cancel()


async def _tenant_slugs(pool: Pool) -> frozenset[str]:
    return frozenset(row["slug"] for row in await pool.fetch("select slug from tenants"))


def _facts(settings: Settings) -> Facts:
    return Facts(
        public_url=settings.public_url or str(settings.http_listen),
        max_body_bytes=settings.body_limit,
        metrics_here=settings.metrics_listen is None,
    )


def _say(line: str) -> None:
    click.echo(line, err=True)


def openapi_document() -> str:
    """`voltyard openapi`: the document, as the API serves it."""
    return orjson.dumps(make_document(ROUTES, Facts()), option=orjson.OPT_INDENT_2).decode()
