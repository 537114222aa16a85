"""/templates, and how a station stands to its own: /stations/{station}/template."""

from typing import Annotated, Any, Literal

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins

from actors.device.items import shown_value
from actors.provisioning.templates import compare, drift, why_not
from storage.jobs import NewJob, enqueue
from storage.jobs import get_job as read_job
from storage.pool import Connection
from storage.web import templates as rows
from storage.web.templates import NewTemplate, TemplateRow
from web.api.call import Answer, Call
from web.api.fields import Label, Object
from web.api.jobs import JobView, job_view
from web.api.once import in_one_transaction
from web.api.provisioning import Pattern
from web.api.resource import Resource, given
from web.api.route import NoQuery, Route
from web.api.stations import find_station
from web.api.variable_items import Component, Variable
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem
from web.validation import NotValid

Correction = Literal["report", "correct"]
Reboot = Literal["never", "on_idle", "immediate"]
_Key = Annotated[str, Meta(min_length=1, max_length=50)]
_Value = Annotated[str, Meta(max_length=2500)]
_Priority = Annotated[int, Meta(ge=-1000, le=1000)]
MOST_ITEMS = 1000


class TemplateItem(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """A value: of a variable (2.x), of a key (1.6), or of both."""

    component: Component | None = None
    variable: Variable | None = None
    attribute_type: Literal["Actual", "Target", "MinSet", "MaxSet"] = "Actual"
    key: _Key | None = None
    value: _Value


_Items = Annotated[list[TemplateItem], Meta(max_length=MOST_ITEMS)]


class TemplateCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A template; without patterns and site it is for every station of the tenant."""

    name: Label
    vendor: Pattern | None = None
    model: Pattern | None = None
    firmware: Pattern | None = None
    site: Pattern | None = None
    priority: _Priority = 0
    items: _Items = []
    correction: Correction = "report"
    reboot: Reboot = "never"
    enabled: bool = True


class TemplatePatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch; `items` as a whole."""

    vendor: Pattern | UnsetType | None = UNSET
    model: Pattern | UnsetType | None = UNSET
    firmware: Pattern | UnsetType | None = UNSET
    site: Pattern | UnsetType | None = UNSET
    priority: _Priority | UnsetType = UNSET
    items: _Items | UnsetType = UNSET
    correction: Correction | UnsetType = UNSET
    reboot: Reboot | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class TemplateView(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    site: str | None
    priority: int
    items: list[Object]
    correction: str
    reboot: str
    enabled: bool
    created_at: Instant
    updated_at: Instant
    revision: int


class EffectiveItem(Struct, frozen=True, kw_only=True):
    """A value the station shall have, beside the one last known.

    `standing`: ok, differs, unknown (never read), read_only, write_only (not to be verified), absent, refused.
    """

    component: Object | None
    variable: Object | None
    attribute_type: str | None
    key: str | None
    wanted: str | None
    value: str | None
    standing: str
    template: str


class EffectiveView(Struct, frozen=True, kw_only=True):
    """What counts for a station, and how it stands to it by what was last known."""

    station: str
    version: str | None
    templates: list[str]
    correction: str
    reboot: str
    items: list[EffectiveItem]
    drift: int
    checked_at: Instant | None
    applied_at: Instant | None


class Apply(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`dry_run`: only reads and compares. `reboot`: over what the template says. `retry`: also what was refused."""

    dry_run: bool = False
    reboot: Reboot | None = None
    retry: bool = False


def template_view(row: TemplateRow) -> TemplateView:
    return TemplateView(
        id=str(row.id), name=row.name, vendor=row.vendor, model=row.model, firmware=row.firmware, site=row.site,
        priority=row.priority, items=row.items, correction=row.correction, reboot=row.reboot, enabled=row.enabled,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


async def list_templates(call: Call[Page, None]) -> Answer:
    return await TEMPLATES.listed(call, lambda connection, span: rows.list_templates(connection, *span))


async def create_template(call: Call[NoQuery, TemplateCreate]) -> Answer:
    wanted = call.body
    template = NewTemplate(
        call.tenant.id, uuids.uuid7(), wanted.name, wanted.vendor, wanted.model, wanted.firmware, wanted.site,
        wanted.priority, _plain(wanted.items), wanted.correction, wanted.reboot, wanted.enabled, call.now,
    )  # fmt: skip

    async def insert(connection: Connection) -> bool:
        await _watch(call, connection)
        return await rows.insert_template(connection, template)

    return await TEMPLATES.created(call, template.id, insert, f"a template named {template.name!r} is there")


def _plain(items: list[TemplateItem]) -> list[dict[str, Any]]:
    """As kept. Raises NotValid for items that name nothing, or what is not a template's to set."""
    errors = []
    for index, item in enumerate(items):
        if (item.component is None) != (item.variable is None):
            errors.append((f"/items/{index}", "`component` and `variable` come together"))
        elif item.component is None and item.key is None:
            errors.append((f"/items/{index}", "name `component` and `variable` (2.x), `key` (1.6), or both"))
        elif (why := why_not(_item(item))) is not None:
            errors.append((f"/items/{index}", why))
    if errors:
        raise NotValid(errors)
    return [_item(item) for item in items]


def _item(item: TemplateItem) -> dict[str, Any]:
    found: dict[str, Any] = to_builtins(item)
    for part in ("component", "variable"):
        if part in found:
            found[part] = _without_none(found[part])
    return found


def _without_none(part: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, dict) else value
        for name, value in part.items() if value is not None
    }  # fmt: skip


async def _watch(call: Call[Any, Any], connection: Connection) -> None:
    """From the first template on, somebody looks whom it concerns."""
    await enqueue(connection, NewJob(
        call.tenant.id, uuids.uuid7(), "templates", "templates", None, None, call.now, call.now,
    ))  # fmt: skip


async def get_template(call: Call[NoQuery, None]) -> Answer:
    return await TEMPLATES.read(call)


async def patch_template(call: Call[NoQuery, TemplatePatch]) -> Answer:
    patch = call.body
    items = UNSET if patch.items is UNSET else _plain(patch.items)

    async def change(connection: Connection, there: TemplateRow) -> None:
        names = ("vendor", "model", "firmware", "site", "priority", "correction", "reboot", "enabled")
        after = {name: given(getattr(patch, name), getattr(there, name)) for name in names}
        changed = NewTemplate(
            tenant_id=call.tenant.id, id=there.id, name=there.name, items=given(items, there.items), now=call.now,
            **after,
        )  # fmt: skip
        await rows.update_template(connection, changed)
        await _watch(call, connection)

    return TEMPLATES.shown(await TEMPLATES.changed(call, change))


async def delete_template(call: Call[NoQuery, None]) -> Answer:
    await TEMPLATES.deleted(call, lambda connection, there: rows.delete_template(connection, there.id))
    return Answer(status=204)


async def get_effective(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config

    async def read(connection: Connection) -> Answer:
        subject = await rows.read_subject(connection, station.id)
        if subject is None:
            raise ApiProblem("unknown_station", "the station was deleted meanwhile")
        found = subject.effective(await rows.read_enabled(connection))
        standing = subject.standing
        compared = compare(found.wanted, subject.known, standing.refused, standing.written)
        items = [
            EffectiveItem(
                component=each.wanted.item.get("component"), variable=each.wanted.item.get("variable"),
                attribute_type=None if "key" in each.wanted.item else each.wanted.item.get("attributeType", "Actual"),
                key=each.wanted.item.get("key"), wanted=shown_value(each.wanted.item, each.wanted.value),
                value=shown_value(each.wanted.item, each.value), standing=each.standing, template=each.wanted.template,
            )
            for each in compared
        ]  # fmt: skip
        return Answer(EffectiveView(
            station=station.identity, version=subject.version.value if subject.version else None,
            templates=list(found.templates), correction=found.correction, reboot=found.reboot, items=items,
            drift=drift(compared), checked_at=instant(standing.checked_at), applied_at=instant(standing.applied_at),
        ))  # fmt: skip

    return await call.database(read)


async def apply_template(call: Call[NoQuery, Apply | None]) -> Answer:
    """202 with the job that does it. While one is open for the station, that one is the answer."""
    station = (await find_station(call)).config
    wanted = call.body or Apply()
    state: dict[str, Any] = {"dry_run": wanted.dry_run}
    if wanted.reboot is not None:
        state["reboot"] = wanted.reboot

    async def begin(connection: Connection) -> Answer:
        if wanted.retry:
            await rows.forget_refused(connection, station.id)
        job_id = uuids.uuid7()
        job = NewJob(
            call.tenant.id, job_id, "apply-template", str(station.id), station.id, None, call.now, call.now, state,
            requested_by=call.principal.name, request_id=call.request_id,
        )  # fmt: skip
        if not await enqueue(connection, job):
            raise ApiProblem("already_exists", "the template is being applied: look at /jobs?kind=apply-template")
        row = await read_job(connection, job_id)
        assert row is not None  # inserted in this transaction
        return Answer(job_view(row), 202, {"Location": f"/api/v1/jobs/{job_id}"})

    return await in_one_transaction(call, begin)


TEMPLATES: Resource[TemplateRow] = Resource(
    "templates", "unknown_template", "template", rows.get_template, template_view
)
_INTERVAL = {
    "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}, "key": "HeartbeatInterval",
    "value": "300",
}  # fmt: skip
_EXAMPLE = {"name": "all stations", "items": [_INTERVAL], "correction": "correct"}

ROUTES = [
    Route("GET", "/templates", list_templates, "List templates", {200: ListOf[TemplateView]}, query=Page),
    Route("POST", "/templates", create_template, "Say which values stations shall have", {201: TemplateView},
          body=TemplateCreate, example=_EXAMPLE, creates=True, problems=("already_exists",),
          description="Matched by vendor, model, firmware (as at boot) and site; `*` is anything. Templates that match "
                      "a station are laid over each other, a higher `priority` on top."),
    Route("GET", "/templates/{id}", get_template, "Read a template", {200: TemplateView},
          problems=("unknown_template",)),
    Route("PATCH", "/templates/{id}", patch_template, "Change a template", {200: TemplateView}, body=TemplatePatch,
          example={"correction": "correct"}, conditional=True, merge_patch=True,
          problems=("unknown_template", "precondition_failed")),
    Route("DELETE", "/templates/{id}", delete_template, "Delete a template", {204: None}, conditional=True,
          problems=("unknown_template", "precondition_failed"), description="What stations were set to stays."),
    Route("GET", "/stations/{station}/template", get_effective, "Read which values a station shall have, and its drift",
          {200: EffectiveView}, problems=("unknown_station",)),
    Route("POST", "/stations/{station}/template/apply", apply_template, "Bring a station into line with its template",
          {202: JobView}, body=Apply, body_optional=True, example={"dry_run": True},
          problems=("unknown_station", "already_exists"),
          description="Reads, writes what differs, reboots if that is allowed and needed. The job's `result` says it "
                      "item by item."),
]
