"""Steps of what goes on at a station, as they land in station_objects; and the other rows of maintenance."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from uuid_utils.compat import uuid7

from actors.firmware.ranks import of_answer, of_publishing, of_update
from actors.ports import DEFAULT_TENANT
from actors.records import CustomerReportRecord, MonitorEventRecord, Record, StationStepRecord, StreamValueRecord
from actors.station.steps import CANCELLED, Rank, changed, going, step
from actors.station.who import Station
from protocol.ocpp.version import Version
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, rows, unit

pytestmark = pytest.mark.server
KIND = "firmware_update"


def begun(key: str, minute: int = 0, **data: Any) -> StationStepRecord:
    return step(KIND, key, "Requested", going(0), NOON + timedelta(minutes=minute), data=data)


def said(key: str | None, status: str, minute: int, rank: Rank | None = None, **more: Any) -> StationStepRecord:
    return step(KIND, key, status, rank or of_update(status), NOON + timedelta(minutes=minute), **more)


async def test_steps_in_any_order_twice_and_without_a_number(database: Database) -> None:
    station, other = add_station(database), add_station(database)
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:

        async def keep(*records: Record) -> None:
            assert await store.record(unit(station, *records)) is True

        def now(key: str) -> tuple[Any, ...]:
            [found] = rows(database, "select status, data from station_objects where station_id = %s and key = %s",
                           station, key)  # fmt: skip
            return found[0], [each["status"] for each in found[1]["timeline"]]

        # Wrong order: what is late stands in the timeline and turns nothing back.
        await keep(begun("1", address="a"))
        await keep(said("1", "Accepted", 1, of_answer("Accepted")), said("1", "Downloading", 2))
        await keep(said("1", "Installing", 3))
        await keep(said("1", "Downloaded", 4))
        assert now("1") == ("Installing", ["Requested", "Accepted", "Downloading", "Installing", "Downloaded"])
        # Two endings: a success stays one, whatever follows.
        await keep(said("1", "Installed", 5), said("1", "InstallationFailed", 6))
        await keep(said("1", "InstallationFailed", 7))
        assert now("1")[0] == "Installed"
        # A failure gives way to a retry.
        await keep(begun("2", 8))
        await keep(said("2", "DownloadFailed", 9))
        assert now("2")[0] == "DownloadFailed"
        await keep(said("2", "Downloading", 10))
        assert now("2")[0] == "Downloading"
        # Without a number: the newest that the station took, so not the one it refused.
        await keep(begun("3", 11))
        await keep(said("3", "Rejected", 12, of_answer("Rejected")))
        await keep(said(None, "Downloaded", 13, otherwise="unasked"))
        assert (now("2")[0], now("3")[0]) == ("Downloaded", "Rejected")
        # One takes the place of another: that one ends, unless it had succeeded.
        await keep(begun("4", 14))
        await keep(
            said("4", "AcceptedCanceled", 15, of_answer("AcceptedCanceled")),
            said(None, "Canceled", 15, CANCELLED, but="4"),
        )
        assert (now("4")[0], now("2")[0], now("1")[0]) == ("AcceptedCanceled", "Canceled", "Installed")
        # Nobody asked: kept all the same, and other stations' updates are not touched.
        assert await store.record(unit(other, said(None, "Installed", 16, otherwise="unasked-1"))) is True
        assert await store.record(unit(other, said(None, "Canceled", 16, CANCELLED, but="unasked-1"))) is True
        assert rows(database, "select key, status from station_objects where station_id = %s", other) == [
            ("unasked-1", "Installed")
        ]
        # The event of a step without a number names what the step belongs to.
        who = Station(other, DEFAULT_TENANT, "CP2", Version.V16)
        third = attrs.evolve(who, id=add_station(database))
        for of, made in (
            (who, said(None, "Downloading", 17, otherwise="unasked-2")),
            (third, said(None, "Downloading", 17, otherwise="unasked-3")),
            (third, said(None, "Canceled", 18, CANCELLED, but="unasked-3")),
        ):
            assert await store.record(unit(of.id, made, changed(made, of, uuid7))) is True
        told = rows(database, "select subject, data->>'key', data->>'status' from events order by received_at")
        assert told == [
            (f"stations/{other}", "unasked-1", "Downloading"), (f"stations/{third.id}", "unasked-3", "Downloading")
        ]  # fmt: skip
        kept = rows(database, "select data->>'address', since from station_objects where key = '1'")
        assert kept == [("a", NOON)]


async def test_published_images_are_found_by_checksum_and_timelines_have_an_end(database: Database) -> None:
    station = add_station(database)
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        publish = "published_firmware"
        for number in ("1", "2"):
            begin = step(publish, number, "Requested", going(0), NOON, data={"checksum": number})
            await store.record(unit(station, begin))
        await store.record(unit(station, step(publish, "1", "Published", of_publishing("Published"), NOON)))
        gone = step(publish, None, "Unpublished", going(92), NOON, match={"checksum": "1"})
        await store.record(unit(station, gone))
        assert rows(database, "select key, status from station_objects order by key") == [
            ("1", "Unpublished"), ("2", "Requested")
        ]  # fmt: skip
        for _ in range(3):
            await store.record(unit(station, *[
                step(publish, "2", "Downloading", of_publishing("Downloading"), NOON) for _ in range(100)
            ]))  # fmt: skip
        [(length,)] = rows(database, "select jsonb_array_length(data->'timeline') from station_objects where key = '2'")
        assert length <= 301
        await store.record(unit(station, step(publish, "2", "Downloaded", of_publishing("Downloaded"), NOON)))
        assert rows(database, "select jsonb_array_length(data->'timeline') from station_objects where key = '2'") == [
            (length,)
        ]


async def test_alerts_values_and_customer_parts_have_their_rows(database: Database) -> None:
    station = add_station(database)
    alert = MonitorEventRecord(
        uuid7(), 1, NOON, "Alerting", "CustomMonitor", {"name": "C"}, {"name": "V"}, "83", False, 7, None, None, None,
        None, None, NOON,
    )  # fmt: skip
    batch = uuid7()
    async with open_bridge() as bridge, open_store(bridge, database.url()) as store:
        values = [StreamValueRecord(batch, n, 3, NOON, str(n), NOON) for n in range(3)]
        await store.record(unit(station, alert, *values, CustomerReportRecord(uuid7(), 5, 0, "text", NOON)))
        assert rows(database, "select component->>'name', monitor_id, cleared from monitor_events") == [("C", 7, False)]
        assert rows(database, "select n, value from stream_values order by n") == [(0, "0"), (1, "1"), (2, "2")]
        assert rows(database, "select request_id, text from customer_reports") == [(5, "text")]
