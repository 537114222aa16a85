"""The two calls of the API whose bodies are files: a log on its way out, and an image brought in one go.

What goes wrong before a byte moves is left to the application, which answers it as it answers everything.
"""

from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

import attrs
import msgspec
import structlog
import trio

from storage.errors import StoreUnavailable
from storage.web.file_addresses import get_address
from storage.web.firmware import delete_firmware, get_firmware
from storage.web.logs import get_log
from web.api.call import Answer, Call
from web.api.firmware import FirmwareCreate, firmware_view, new_firmware
from web.api.once import or_undone
from web.api.permissions import PERMISSIONS
from web.bodies import fingerprint, idempotency_key, read_query
from web.callers import Tenants, check_permission, principal_of
from web.context import Context
from web.files.app import bring
from web.files.download import send_file
from web.files.http import Request
from web.files.server import Files
from web.problems import MEDIA_TYPE, ApiProblem

log = structlog.get_logger("files")
_BASE: Final = ["", "api", "v1"]
_UNDO_DEADLINE: Final = 5.0  # seconds, also when whoever called is gone
_RETRY: Final = {"retry-after": "5"}


class FileCalls:
    """Answers what is one of the two calls; False leaves it to the application."""

    def __init__(self, context: Context, files: Files) -> None:
        self._context = context
        self._files = files
        self._tenants = Tenants(context.find_tenant)

    def mine(self, request: Request) -> bool:
        """A quick look: by method and path alone."""
        path = request.path
        if path[:3] != _BASE:
            return False
        if request.method in ("GET", "HEAD"):
            return len(path) == 6 and path[3] == "logs" and path[5] == "file"
        return request.method == "POST" and path[3:] == ["firmware"] and not _is_json(request)

    async def serve(self, request: Request) -> bool:
        try:
            if request.method == "POST":
                return await self._image(request)
            return await self._log(request)
        except ApiProblem as problem:
            if problem.code in ("unauthorized", "forbidden", "unknown_tenant"):
                return False
            await _refuse(request, problem)
        except StoreUnavailable as error:
            log.warning("store unavailable", error=str(error))
            detail = "the database cannot be asked just now; try again"
            await _refuse(request, ApiProblem("store_unavailable", detail, headers=_RETRY))
        return True

    async def _call(self, request: Request, route: tuple[str, str]) -> Call[Any, Any]:
        principal = principal_of(request.headers.get("authorization"), self._context.admin_token)
        check_permission(principal, PERMISSIONS[route])
        tenant = await self._tenants.named(request.headers.get("voltyard-tenant"))
        return Call(
            context=self._context, tenant=tenant, principal=principal,
            request_id=request.id, path={}, query=None, body=None, if_match=None,
            idempotency_key=None, fingerprint="",
        )  # fmt: skip

    async def _log(self, request: Request) -> bool:
        try:
            log_id = UUID(request.path[4])
        except ValueError:
            return False
        call = await self._call(request, ("GET", "/logs/{id}/file"))
        row = await call.database(lambda connection: get_log(connection, log_id))
        if row is None or row.file_status != "used" or row.size is None or row.sha256 is None:
            return False
        name = row.file_name or f"{row.station}-{row.log_type}.log"
        await send_file(
            request, self._files, call.tenant.id, "logs", row.id, size=row.size, sha256=row.sha256, name=name
        )
        return True

    async def _image(self, request: Request) -> bool:
        """With an `Idempotency-Key` the bytes come once: who repeats the request gets the answer, and sends in vain."""
        call = await self._call(request, ("POST", "/firmware"))
        body = read_query(_query(request), FirmwareCreate)
        if (body.signature is None) != (body.signing_certificate is None):
            raise ApiProblem("invalid_parameter", "give `signature` and `signing_certificate` together, or neither")
        # Of the bytes only their number is known beforehand; `sha256` in the query tells the rest.
        said = [request.headers.get("content-type"), request.length]
        call = attrs.evolve(
            call, idempotency_key=idempotency_key(request.headers.get("idempotency-key")),
            fingerprint=fingerprint("POST", "/".join(request.path), request.query, said),
        )  # fmt: skip
        answer = await or_undone(call, lambda: self._brought(request, call, body))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        body_of_it = msgspec.json.encode(answer.body)
        await request.answer(answer.status, {"content-type": "application/json"} | headers, body_of_it)
        return True

    async def _brought(self, request: Request, call: Call[Any, Any], body: FirmwareCreate) -> Answer:
        """An image that does not come whole leaves nothing behind: nobody was told where to bring the rest."""
        row, made = await call.database(lambda connection: new_firmware(connection, call, self._files, body))
        came = None
        self._files.occupy(row.id)
        try:
            address = await call.database(lambda connection: get_address(connection, made.id))
            assert address is not None  # made just now
            came = await bring(self._context, self._files, request, address, 0)
        finally:
            self._files.busy.discard(row.id)
            if came is None or came.code is not None or not came.whole:
                await self._forget(call, row.id)
        if came.code is not None:
            again = "nothing of it is kept; announce the image as JSON to bring it in parts"
            kept = came.code in ("interrupted", "request_timeout")
            raise ApiProblem(came.code, f"the image did not come whole: {again}" if kept else came.detail)
        if not came.whole:
            raise ApiProblem("bad_request", "this is a part of an image: announce it as JSON to bring it in parts")
        ready = await call.database(lambda connection: get_firmware(connection, row.id))
        assert ready is not None
        return Answer(firmware_view(ready), 201, {"Location": f"/api/v1/firmware/{row.id}"})

    async def _forget(self, call: Call[Any, Any], image: UUID) -> None:
        with trio.move_on_after(_UNDO_DEADLINE, shield=True), suppress(StoreUnavailable):
            await self._files.disk(lambda: self._files.store.remove(call.tenant.id, "firmware", image))
            await call.database(lambda connection: delete_firmware(connection, image, call.now))


async def _refuse(request: Request, problem: ApiProblem) -> None:
    headers = {"content-type": MEDIA_TYPE} | problem.headers
    body = problem.body(instance="/".join(request.path), request_id=request.id)
    await request.answer(problem.status, headers, msgspec.json.encode(body))


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("", "application/json")


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query.decode("latin-1"), keep_blank_values=True)
