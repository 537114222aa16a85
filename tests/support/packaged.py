"""Stations made of the `ocpp` package and `websockets`, on asyncio: nothing in them is ours but the script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import websockets
from ocpp import routing, v16, v201

from tests.support.node import Node
from tests.support.outsiders import SUBPROTOCOL

# The package's annotations ask for its own classes, and for strings where it takes dictionaries and plain values too.
call16: Any = v16.call
call201: Any = v201.call
result16: Any = v16.call_result
result201: Any = v201.call_result
_on: Any = routing.on
F = TypeVar("F", bound=Callable[..., Any])


def on(action: str) -> Callable[[F], F]:
    """The package's own mark for a handler."""
    mark: Callable[[F], F] = _on(action)
    return mark


class Station16(v16.ChargePoint):
    """OCPP 1.6. `asked` holds what the platform wanted, by name."""

    def __init__(self, identity: str, socket: websockets.ClientConnection) -> None:
        super().__init__(identity, socket)  # type: ignore[no-untyped-call]
        self.asked: dict[str, dict[str, Any]] = {}

    @on("RemoteStartTransaction")
    def on_remote_start(self, **payload: Any) -> Any:
        self.asked["RemoteStartTransaction"] = payload
        return result16.RemoteStartTransaction(status="Accepted")

    @on("RemoteStopTransaction")
    def on_remote_stop(self, **payload: Any) -> Any:
        self.asked["RemoteStopTransaction"] = payload
        return result16.RemoteStopTransaction(status="Accepted")

    @on("Reset")
    def on_reset(self, **payload: Any) -> Any:
        self.asked["Reset"] = payload
        return result16.Reset(status="Rejected")

    @on("ChangeConfiguration")
    def on_change_configuration(self, **payload: Any) -> Any:
        self.asked["ChangeConfiguration"] = payload
        return result16.ChangeConfiguration(status="RebootRequired")


class Station201(v201.ChargePoint):
    """OCPP 2.0.1. `asked` holds what the platform wanted, by name."""

    def __init__(self, identity: str, socket: websockets.ClientConnection) -> None:
        super().__init__(identity, socket)  # type: ignore[no-untyped-call]
        self.asked: dict[str, dict[str, Any]] = {}

    @on("RequestStartTransaction")
    def on_remote_start(self, **payload: Any) -> Any:
        self.asked["RequestStartTransaction"] = payload
        return result201.RequestStartTransaction(status="Accepted")

    @on("RequestStopTransaction")
    def on_remote_stop(self, **payload: Any) -> Any:
        self.asked["RequestStopTransaction"] = payload
        return result201.RequestStopTransaction(status="Accepted")

    @on("Reset")
    def on_reset(self, **payload: Any) -> Any:
        self.asked["Reset"] = payload
        return result201.Reset(status="Scheduled")

    @on("SetVariables")
    def on_set_variables(self, **payload: Any) -> Any:
        self.asked["SetVariables"] = payload
        results = [
            {
                "attribute_status": "Accepted",
                "component": item["component"],
                "variable": item["variable"],
            }
            for item in payload["set_variable_data"]
        ]
        return result201.SetVariables(set_variable_result=results)


@asynccontextmanager
async def packaged_station(node: Node, identity: str, kind: type[Station16 | Station201]) -> AsyncIterator[Any]:
    """A connected station of that kind, its reading task included, while the block runs."""
    version = "1.6" if issubclass(kind, Station16) else "2.0.1"
    url = f"{node.ocpp}/ocpp/{identity}"
    async with websockets.connect(url, subprotocols=[websockets.Subprotocol(SUBPROTOCOL[version])]) as socket:
        station: Any = kind(identity, socket)
        reading = asyncio.create_task(station.start())
        try:
            yield station
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
