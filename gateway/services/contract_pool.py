"""Vehicles' requests for contract certificates, handed on to a contract-certificate pool over HTTP.

What the EXI holds is the vehicle's and the pool's business: it goes through in base64 and is never decoded
(OCPP 2.0.1 Part 2, M01 and M02). The pool's interface is described in docs/guides/plug-and-charge.md.

ISO 15118-20 (OCPP 2.1 Part 2, M01.FR.04 and FR.07): where the pool gives several answers at once, the first one goes
to the station with the number of those left; the station asks the same again for each of them.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import attrs
import msgspec
import structlog

from actors.contract.objects import Failure, PoolAnswer, PoolAsked
from gateway.services.cache import UntilCache
from gateway.services.http import Fetched, OutsideFailed, OutsideHttp
from protocol.redact import redact_text

log = structlog.get_logger("services")
_LONGEST: Final = 512 * 1024  # bytes of an answer
_KEPT: Final = 1024  # requests with answers left
_KEPT_FOR: Final = timedelta(minutes=10)
_MOST: Final = 8  # answers to one request
_Key = tuple[UUID, bytes]


class Answer(msgspec.Struct):
    """What a pool says: one `exiResponse`, or all of them in `exiResponses`."""

    status: Literal["Accepted", "Failed"]
    exiResponse: str | None = None  # noqa: N815 - the pool's names are those of OCPP
    exiResponses: Annotated[list[str], msgspec.Meta(max_length=_MOST)] = []  # noqa: N815
    remainingContracts: Annotated[int, msgspec.Meta(ge=0)] | None = None  # noqa: N815
    reasonCode: str | None = None  # noqa: N815
    additionalInfo: str | None = None  # noqa: N815


@attrs.define
class ContractPool:
    """`url` None: there is no pool. `deadline` in seconds."""

    http: OutsideHttp
    url: str | None
    token: str | None = attrs.field(repr=False)
    deadline: float
    now: Callable[[], datetime]
    _left: UntilCache[_Key, tuple[str, ...]] = attrs.Factory(lambda: UntilCache(_KEPT))

    async def get(self, tenant_id: UUID, station_id: UUID, asked: PoolAsked) -> PoolAnswer:
        """The pool's answer, or why there is none."""
        key = (station_id, hashlib.sha256(asked.exi.encode()).digest())
        kept = self._left.get(key, self.now()) if asked.most is not None else None
        if kept is not None:
            return self._next(key, kept)
        try:
            answer = await self._ask(tenant_id, asked)
        except OutsideFailed as error:
            log.warning("contract_pool_failed", station_id=str(station_id), reason=error.reason, error=error.text)
            return PoolAnswer("", failure=Failure(error.reason, error.text))
        if answer.status == "Failed":
            said = answer.additionalInfo or "the pool has no certificate for this vehicle"
            return PoolAnswer(answer.exiResponse or "", failure=Failure(answer.reasonCode or "PoolRefused", said))
        return self._answered(key, asked, answer)

    def _answered(self, key: _Key, asked: PoolAsked, answer: Answer) -> PoolAnswer:
        if answer.exiResponses:
            wanted = _MOST if asked.most is None else max(asked.most, 1)
            return self._next(key, tuple(answer.exiResponses[:wanted]), remaining=asked.most is not None)
        if not answer.exiResponse:
            return PoolAnswer("", failure=Failure("PoolAnswer", "the pool accepted it without an exiResponse"))
        return PoolAnswer(answer.exiResponse, answer.remainingContracts if asked.most is not None else None)

    def _next(self, key: _Key, left: tuple[str, ...], *, remaining: bool = True) -> PoolAnswer:
        """One answer; the others wait for the same request."""
        first, rest = left[0], left[1:]
        now = self.now()
        if rest and remaining:
            self._left.put(key, rest, now + _KEPT_FOR, now)
        else:
            self._left.drop(key)
        return PoolAnswer(first, len(rest) if remaining else None)

    async def _ask(self, tenant_id: UUID, asked: PoolAsked) -> Answer:
        if self.url is None:
            raise OutsideFailed("NoPool", "no contract pool is set (VOLTYARD_CONTRACT_POOL_URL)")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = await self.http.fetch(
            "POST", self.url, tenant=tenant_id, content=msgspec.json.encode(_body(asked)), headers=headers,
            deadline=self.deadline, limit=_LONGEST, trusted=True,
        )  # fmt: skip
        return _read(answer)


def _read(answer: Fetched) -> Answer:
    if answer.status != 200:
        raise OutsideFailed("PoolStatus", f"the pool answered HTTP {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=Answer)
    except msgspec.DecodeError as error:
        raise OutsideFailed("PoolAnswer", redact_text(f"the pool's answer cannot be used: {error}")[:300]) from None


def _body(asked: PoolAsked) -> dict[str, Any]:
    body: dict[str, Any] = {
        "iso15118SchemaVersion": asked.schema, "action": asked.action, "exiRequest": asked.exi,
    }  # fmt: skip
    if asked.most is not None:
        body["maximumContractCertificateChains"] = asked.most
    if asked.prioritised:
        body["prioritizedEMAIDs"] = list(asked.prioritised)
    return body
