"""The listener under pressure: slow and empty handshakes, storms, redialling, no file descriptors, no port."""

import os
import resource
import socket

import pytest
import trio
import trio.testing

from gateway.setting_types import listen_ocpp
from gateway.settings import InvalidSetting
from tests.gateway.conftest import Open
from tests.support.fake_stations import station_config
from tests.support.outbox import until
from tests.support.wire import RawStation, basic, request, text


async def test_a_slow_handshake_ends_at_its_deadline(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening(handshake_deadline=20.0) as site:
        station = await site.dial()
        began = trio.current_time()
        async with trio.open_nursery() as nursery:

            async def drip() -> None:
                for at in range(len(request())):
                    await station.send(request()[at : at + 1])
                    await trio.sleep(1)

            nursery.start_soon(drip)
            assert (await station.response()).status == 408
            nursery.cancel_scope.cancel()
        assert 20 <= trio.current_time() - began < 22
        assert site.reasons == [("handshake_timeout", 1)]


async def test_health_checks_of_load_balancers_are_no_refusals(listening: Open) -> None:
    async with listening() as site:
        for _ in range(3):
            station = await site.dial()
            await station.stream.aclose()
        await site.connected()
        assert site.reasons == []


async def test_a_storm_is_served_in_turn_and_what_is_too_much_comes_back(listening: Open) -> None:
    configs = [station_config(f"CP{number}") for number in range(100)]
    async with listening(*configs, handshakes_at_once=2, handshake_patience=0.2) as site:
        site.store.delay = 0.01  # 200 a second
        answers: dict[int, int] = {}

        async def dial(number: int) -> None:
            while answers.get(number) != 101:
                _, response = await site.ask(request(f"/ocpp/CP{number}"))
                answers[number] = response.status
                if response.status == 503:
                    refused.append(int(response.headers["retry-after"]))
                    await trio.sleep(refused[-1] / 20)

        refused: list[int] = []
        with trio.fail_after(30):
            async with trio.open_nursery() as nursery:
                for number in range(100):
                    nursery.start_soon(dial, number)
        assert len(site.listeners) == 100
        assert refused
        assert max(refused) <= 20


async def test_reconnecting_fifty_times_a_second_is_tamed(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    async with listening(station_config(), station_config("CP2")) as site:
        statuses = []
        for _ in range(100):
            station, response = await site.ask()
            statuses.append(response.status)
            await trio.aclose_forcefully(station.stream)
            await trio.sleep(0.02)
        assert statuses[:20] == [101] * 20
        assert statuses.count(101) <= 22
        assert set(statuses[30:]) <= {101, 429}
        await site.connected("/ocpp/CP2")  # its neighbour behind the same address
        await trio.sleep(60)
        await site.connected()


async def test_wrong_passwords_again_and_again_reach_no_verification(
    listening: Open, virtual_time: trio.testing.MockClock
) -> None:
    good = station_config("CP2", security_profile=1, password_hash="right")
    async with listening(station_config(security_profile=1, password_hash="right"), good) as site:
        for _ in range(200):
            _, response = await site.ask(request(authorization=basic("CP1", "wrong")))
        assert response.status == 429
        assert int(response.headers["retry-after"]) <= 10
        assert site.passwords.verified <= 12
        await site.connected("/ocpp/CP2", authorization=basic("CP2", "right"))
        assert sum(count for _, count in site.reasons) == 200
        assert len(site.reasons) == 2


async def test_running_out_of_file_descriptors_is_survived(listening: Open) -> None:
    async with listening(reply=lambda message: "still here") as site:
        old = await site.connected()
        waiting = [socket.socket() for _ in range(5)]
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        fillers: list[int] = []
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 20, limits[1]))
            try:
                while True:
                    fillers.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                pass
            for sock in waiting:
                sock.connect(("127.0.0.1", site.listeners.addresses[0].port))
            await until(lambda: bool(site.metrics.registry.get_sample_value("voltyard_accept_failures_total")))
            assert site.metrics.registry.get_sample_value("voltyard_accept_failures_total")
            await old.send(text("x"))
            assert await old.message() == "still here"
        finally:
            for filler in fillers:
                os.close(filler)
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for sock in waiting:
            station = RawStation(trio.SocketStream(trio.socket.from_stdlib_socket(sock)))
            site.dialled.append(station)
            await station.send(request())
            assert (await station.response()).status == 101


async def test_a_full_node_sends_stations_away(listening: Open) -> None:
    async with listening(station_config(), station_config("CP2"), max_connections=1) as site:
        await site.connected()
        _, response = await site.ask(request("/ocpp/CP2"))
        assert response.status == 503
        assert int(response.headers["retry-after"]) >= 30


async def test_a_port_in_use_is_named(listening: Open) -> None:
    async with listening() as site:
        taken = f"ws://127.0.0.1:{site.listeners.addresses[0].port}"
        with pytest.raises(InvalidSetting, match=rf"VOLTYARD_OCPP_LISTEN = '{taken}': the port is in use"):
            async with listening(ocpp_listen=(listen_ocpp("ws://127.0.0.1:0"), listen_ocpp(taken))):
                pass
    for address, why in (("ws://192.0.2.1:0", "no such address"), ("ws://nowhere.invalid:0", "cannot be found")):
        with pytest.raises(InvalidSetting, match=why):
            async with listening(ocpp_listen=(listen_ocpp(address),)):
                pass
