"""Every error the API answers with: one table of codes, and the exception that carries one of them (RFC 9457).

`docs/api-errors.md` is written from this table. A code never changes its meaning; new ones may come.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

MEDIA_TYPE = "application/problem+json"


@attrs.frozen
class Code:
    """One line of the table: what is answered, and what the caller should do about it."""

    status: int
    title: str
    meaning: str


CODES: Mapping[str, Code] = {
    # what is wrong with the request as such
    "bad_request": Code(400, "Bad request", "The request cannot be read as HTTP should be."),
    "invalid_json": Code(400, "Body is not JSON", "The body must be one JSON document in UTF-8."),
    "invalid_parameter": Code(400, "Wrong query parameter", "`errors` names each parameter and what it may be."),
    "invalid_cursor": Code(400, "Wrong cursor", "Pass `next` of an earlier answer to the same list, unchanged."),
    "invalid_header": Code(400, "Wrong header", "A header of the request has a value that is not allowed."),
    "unauthorized": Code(401, "Not signed in", "Send `Authorization: Bearer …` with a valid token."),
    "forbidden": Code(403, "Not allowed", "The token is valid but lacks the permission that the route names."),
    "not_found": Code(404, "Not found", "There is nothing at this address."),
    "search_too_wide": Code(
        422, "Search too wide", "The text was not found among as many frames as are looked at; narrow the search."
    ),
    "unknown_tenant": Code(404, "Unknown tenant", "`Voltyard-Tenant` names no tenant."),
    "unknown_station": Code(404, "Unknown station", "No station has this identity or id."),
    "unknown_command": Code(404, "Unknown command", "No command has this id, or no neutral command has this name."),
    "unknown_session": Code(404, "Unknown session", "No session (or, for `stop`, none of that station) has this id."),
    "unknown_token": Code(404, "Unknown token", "No token has this uid."),
    "unknown_rule": Code(404, "Unknown rule", "No rule of this kind has this id."),
    "unknown_reservation": Code(404, "Unknown reservation", "No reservation has this id."),
    "unknown_plan": Code(404, "Unknown plan", "No availability plan has this id."),
    "unknown_refusal": Code(404, "Unknown refusal", "No refusal has this id."),
    "unknown_web_payment": Code(404, "No codes to pay by", "No such codes are set for this station or EVSE."),
    "unknown_forward": Code(404, "Unknown forward", "No forward has this id."),
    "unknown_authority": Code(404, "Unknown authority", "No authority of this tenant has this fingerprint."),
    "unknown_job": Code(404, "Unknown job", "No job has this id."),
    "unknown_boot_policy": Code(404, "Unknown boot policy", "No boot policy has this id."),
    "unknown_model_profile": Code(404, "Unknown model profile", "No model profile has this id."),
    "unknown_template": Code(404, "Unknown template", "No template has this id."),
    "unknown_object": Code(404, "Unknown object", "The station holds nothing of this name, as far as is known."),
    "unknown_firmware": Code(404, "Unknown firmware", "No firmware image has this id."),
    "unknown_campaign": Code(404, "Unknown campaign", "No campaign has this id."),
    "unknown_log": Code(404, "Unknown log", "No log has this id."),
    "unknown_stream": Code(404, "Unknown stream", "The station has told of no event stream with this id."),
    "unknown_report": Code(404, "Unknown report", "Nothing was told about a customer under this request."),
    "unknown_alert": Code(404, "Unknown alert", "No alert has this id."),
    "unknown_address": Code(404, "Unknown address", "The file server knows no such address."),
    "no_file_yet": Code(409, "No file yet", "The station has not brought the file; `status` says how far it is."),
    "campaign_over": Code(409, "Campaign over", "The campaign has ended or was cancelled."),
    "firmware_in_use": Code(409, "Firmware in use", "A campaign that has not ended needs this image."),
    "firmware_awaited": Code(409, "Firmware awaited", "The image has no bytes yet: bring them to its upload address."),
    "upload_busy": Code(409, "Upload under way", "Something is being brought to this address; wait for its end."),
    "wrong_offset": Code(409, "Wrong offset", "`Upload-Offset` says how much is here; go on from there."),
    "interrupted": Code(400, "Interrupted", "The file did not come whole; what came is kept."),
    "address_ended": Code(410, "Address over", "The one-time address was used, has expired or was withdrawn."),
    "wrong_range": Code(416, "Wrong range", "No byte of the file is in that range, or the range cannot be read."),
    "wrong_checksum": Code(422, "Wrong checksum", "The file is not the one that was announced; it was thrown away."),
    "no_files": Code(503, "No file server", "This node serves no files."),
    "no_room": Code(507, "No room", "The disk of the file server is full."),
    "over_quota": Code(507, "Quota used up", "The tenant's files fill as much as they may; delete logs or images."),
    "unknown_certificate": Code(404, "Unknown certificate", "No certificate has this id."),
    "unknown_contract_root": Code(404, "Unknown certificate", "No trusted issuer of contracts has this id."),
    "method_not_allowed": Code(405, "Method not allowed", "`Allow` lists what this address takes."),
    "request_timeout": Code(408, "Request too slow", "The body did not arrive in time; send it again."),
    "authority_name_taken": Code(
        409, "Name of an authority is taken",
        "Another tenant, or the node's own client-ca file, trusts an authority of this name with another key. Both "
        "cannot be told apart at a handshake; have it issued under a name of its own, or ask the node's operator.",
    ),
    "already_exists": Code(409, "Already exists", "Something with that name is there; change it with PATCH."),
    "not_revocable": Code(409, "Nothing to revoke", "The request was refused, so that there is no certificate."),
    "reservation_overlaps": Code(
        409, "Already reserved", "Others have reserved that at that time; `reservations` lists their ids."
    ),
    "reservation_over": Code(409, "Reservation over", "It was used, has ended or was taken back."),
    "idempotency_in_progress": Code(
        409, "Same key under way",
        "A request with this `Idempotency-Key` has not ended, or was cut off: look for its effect, then use a new key.",
    ),
    "precondition_failed": Code(412, "Changed meanwhile", "`If-Match` is not the current `ETag`: read it again."),
    "too_large": Code(413, "Body too large", "The body exceeds the limit."),
    "unsupported_media_type": Code(415, "Wrong media type", "Send `Content-Type: application/json`."),
    "invalid_body": Code(422, "Body not valid", "`errors` names each field that is wrong and what to do."),
    "idempotency_key_reused": Code(
        422, "Key used before", "This `Idempotency-Key` came with another request; use a new one."
    ),
    # commands to stations
    "invalid_payload": Code(
        422, "Payload not valid", "Not valid for the station's version; nothing was sent. `errors` names the paths."
    ),
    "unknown_action": Code(422, "Unknown action", "No such action in the station's version; `nearest` lists similar."),
    "not_supported": Code(
        422, "Station cannot do this", "Its version, or what it says of itself, rules it out; nothing was sent."
    ),
    "session_over": Code(409, "Session over", "The session has ended: nothing more can be told of it."),
    "rule_forbids": Code(409, "A rule forbids it", "A rule of yours keeps this message from being sent."),
    "unknown_payment_code": Code(
        404, "Code not valid", "The scanned address is not one of now: begin no payment; have the code scanned again."
    ),
    "not_available": Code(422, "Not available", "This is not offered yet; leave it out."),
    "not_waiting": Code(409, "Does not wait", "It has gone out or has ended: what happened cannot be taken back."),
    "station_offline": Code(409, "Station offline", "The station is not connected; try when it is."),
    "station_not_accepted": Code(
        409, "Station not accepted",
        "It is pending or rejected, and this may not be sent until a boot is accepted: set `admission`."
    ),
    "version_unknown": Code(409, "Version unknown", "The station never connected, so its version is not known."),
    "station_busy": Code(429, "Station busy", "Too many commands wait for that station; see `Retry-After`."),
    "station_error": Code(502, "Station answered an error", "The station's own CALLERROR, in `error_code` and beside."),
    "invalid_answer": Code(502, "Invalid answer", "The station's answer is not valid for its type; `raw` holds it."),
    "station_silent": Code(
        504, "Station silent",
        "No answer in time, or the connection was lost (`delivery: unknown`); a late answer is kept with the command.",
    ),
    # ours
    "internal_error": Code(500, "Internal error", "A fault of ours; give `request_id` to whoever runs this."),
    "store_unavailable": Code(503, "Store unavailable", "The database cannot be asked now; see `Retry-After`."),
    "not_ready": Code(503, "Not ready", "`missing` lists what this node still waits for."),
    "too_many_connections": Code(503, "Too many live connections", "Close some, or try again later."),
}


class ApiProblem(Exception):  # noqa: N818 - an answer, not a fault
    """An error answer. `errors`: (path, message) pairs; `extra`: members of that code beside the standard ones."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.status = CODES[code].status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self, *, instance: str, request_id: str, docs_url: str = "/docs/errors") -> dict[str, Any]:
        """The problem document; members without a value are left out."""
        document: dict[str, Any] = {
            "type": f"{docs_url}#{self.code}",
            "title": CODES[self.code].title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = [{"path": path, "message": message} for path, message in self.errors]
        return document | self.extra


def table_as_markdown() -> str:
    """The text of docs/api-errors.md."""
    head = (
        "# Errors of the API\n\n"
        "Every error is `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `instance`,\n"
        "a stable `code`, the `request_id` and, for fields, `errors: [{\"path\": …, \"message\": …}]`: a JSON\n"
        "pointer into the body, or `?name` for a query parameter. This page is written from `web/problems.py`.\n\n"
        "| Code | Status | Title | Meaning |\n|---|---|---|---|\n"
    )
    rows = sorted(CODES.items(), key=lambda item: (item[1].status, item[0]))
    return head + "".join(
        f'| <a id="{name}"></a>`{name}` | {code.status} | {code.title} | {code.meaning} |\n' for name, code in rows
    )


if __name__ == "__main__":
    print(table_as_markdown(), end="")
