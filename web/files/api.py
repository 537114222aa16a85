"""The two calls of the API whose bodies are files: a log on its way out, and an image brought in one go.

What goes wrong before a byte moves is left to the application, which answers it as it answers everything.
"""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

from storage.web.file_addresses import get_address
from storage.web.firmware import get_firmware
from storage.web.logs import get_log
from web.api.call import Call
from web.api.firmware import FirmwareCreate, firmware_view, new_firmware
from web.api.permissions import PERMISSIONS
from web.bodies import read_query
from web.callers import Tenants, check_permission, principal_of
from web.context import Context
from web.files.app import bring
from web.files.download import send_file
from web.files.http import Request
from web.files.server import Files
from web.problems import ApiProblem
from web.request_id import request_id

_BASE = ["", "api", "v1"]


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
            await request.answer(
                problem.status, {"content-type": "application/problem+json"},
                msgspec.json.encode(problem.body(instance="/api/v1/firmware", request_id="")),
            )  # fmt: skip
            return True

    async def _call(self, request: Request, route: tuple[str, str]) -> Call[Any, Any]:
        principal = principal_of(request.headers.get("authorization"), self._context.admin_token)
        check_permission(principal, PERMISSIONS[route])
        tenant = await self._tenants.named(request.headers.get("voltyard-tenant"))
        return Call(
            context=self._context, tenant=tenant, principal=principal,
            request_id=request_id(request.headers.get("x-request-id")), path={}, query=None, body=None, if_match=None,
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
        call = await self._call(request, ("POST", "/firmware"))
        body = read_query(_query(request), FirmwareCreate)
        if (body.signature is None) != (body.signing_certificate is None):
            raise ApiProblem("invalid_parameter", "give `signature` and `signing_certificate` together, or neither")
        row, upload = await call.database(lambda connection: new_firmware(connection, call, self._files, body))
        address_id = UUID(upload.url.split("/files/")[1].split("/")[0])
        address = await call.database(lambda connection: get_address(connection, address_id))
        assert address is not None  # made just now
        came, code, detail = await bring(self._context, self._files, request, address, 0)
        if code is not None:
            if code != "interrupted":
                await request.problem(code, f"{detail}; the image {row.id} still waits for its bytes")
            return True
        ready = await call.database(lambda connection: get_firmware(connection, row.id))
        assert ready is not None
        assert came.whole
        headers = {"content-type": "application/json", "location": f"/api/v1/firmware/{row.id}"}
        await request.answer(201, headers, msgspec.json.encode(firmware_view(ready)))
        return True


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("", "application/json")


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query.decode("latin-1"), keep_blank_values=True)
