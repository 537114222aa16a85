"""Templates brought to stations by the worker: what is read and written, what is refused, rebooted, looked at again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from gateway.worker import reports, templates
from protocol.ocpp.version import Version
from storage.jobs import Job, NewJob, enqueue
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig

pytestmark = pytest.mark.server
HANDLERS = {**templates.HANDLERS, **reports.HANDLERS}
CTRLR = {"name": "OCPPCommCtrlr"}


@attrs.define
class Model:
    """A station's variables: what it says when read, and how it takes a value."""

    values: dict[str, str]
    takes: dict[str, str] = attrs.Factory(dict)  # status by variable; Accepted unless named
    reset: str = "Accepted"
    said: list[tuple[str, Any]] = attrs.Factory(list)

    def answer(self, command: RawCommand | NeutralCommand) -> CommandResult:
        if isinstance(command, NeutralCommand):
            self.said.append((command.name, command.arguments))
            return answered({"status": self.reset}, outcome="accepted" if self.reset == "Accepted" else "rejected")
        self.said.append((command.action, command.payload))
        make = {"GetVariables": self._get, "SetVariables": self._set}[command.action]
        [rows] = command.payload.values()
        name = "getVariableResult" if command.action == "GetVariables" else "setVariableResult"
        return answered({name: [make(row) for row in rows]}, action=command.action, version=Version.V201)

    def _get(self, row: dict[str, Any]) -> dict[str, Any]:
        value = self.values.get(row["variable"]["name"])
        if value is None:
            return row | {"attributeStatus": "UnknownVariable"}
        if value == "(write only)":
            return row | {"attributeStatus": "Rejected"}
        return row | {"attributeStatus": "Accepted", "attributeValue": value}

    def _set(self, row: dict[str, Any]) -> dict[str, Any]:
        name = row["variable"]["name"]
        status = self.takes.get(name, "Accepted")
        if status == "Accepted" and self.values[name] != "(write only)":
            self.values[name] = row["attributeValue"]
        return {key: row[key] for key in ("component", "variable")} | {"attributeStatus": status}

    def written(self) -> list[str]:
        """Names of what was written, in order."""
        return [
            row["variable"]["name"] for action, payload in self.said if action == "SetVariables"
            for row in payload["setVariableData"]
        ]  # fmt: skip


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[WorkerRig]:
    async with worker_rig(database, HANDLERS, tmp_path) as made:
        yield made


class Answers(list[CommandResult]):
    """The result of whatever was sent last, as the model answers it."""

    def __init__(self, rig: WorkerRig, model: Model) -> None:
        super().__init__([answered()])
        self._rig, self._model = rig, model

    def __getitem__(self, _: Any) -> Any:
        return self._model.answer(self._rig.stations.sent[-1][1])


def directed(rig: WorkerRig, model: Model) -> None:
    rig.stations.results = Answers(rig, model)


async def station(rig: WorkerRig, **settings: Any) -> UUID:
    made = await rig.station(settings=settings)
    await rig.node.execute(
        "insert into station_states (tenant_id, station_id, online, version, boot) values ($1, $2, true, '2.0.1', $3)",
        DEFAULT_TENANT, made, {"vendor": "V", "model": "M", "at": "2026-03-01T11:00:00.000Z"},
    )  # fmt: skip
    rig.online(made)
    return made


async def template(rig: WorkerRig, values: dict[str, str], **columns: Any) -> None:
    items = [{"component": CTRLR, "variable": {"name": name}, "value": value} for name, value in values.items()]
    row = {"correction": "report", "reboot": "never", "name": "t"} | columns
    await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(
        "insert into templates (tenant_id, id, name, items, correction, reboot, created_at, updated_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict (tenant_id, name) do update set items = excluded.items",
        DEFAULT_TENANT, uuids.uuid7(), row["name"], items, row["correction"], row["reboot"], NOW,
    ))  # fmt: skip


async def begin(rig: WorkerRig, kind: str, station_id: UUID | None, **state: Any) -> UUID:
    job_id = uuids.uuid7()
    now = rig.clock.now()
    job = NewJob(DEFAULT_TENANT, job_id, kind, str(station_id), station_id, None, now, now, state)
    await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: enqueue(connection, job))
    return job_id


async def ran(rig: WorkerRig, kind: str, station_id: UUID, **state: Any) -> Job:
    job_id = await begin(rig, kind, station_id, **state)
    await rig.work()
    return await rig.job(job_id)


def standings(job: Job) -> dict[str, str]:
    assert job.result is not None, job.error
    return {item["variable"]["name"]: item["standing"] for item in job.result["items"]}


async def test_what_differs_is_written_and_what_is_refused_is_not_sent_again(rig: WorkerRig) -> None:
    made = await station(rig, items_per_message={"get_variables": 2, "set_variables": 1})
    model = Model(
        {"Same": "1", "Other": "2", "Stubborn": "2", "Secret": "(write only)"}, {"Stubborn": "Rejected"}
    )
    directed(rig, model)
    await template(rig, {"Same": "1", "Other": "1", "Stubborn": "1", "Secret": "1", "Missing": "1"})
    dry = await ran(rig, "apply-template", made, dry_run=True)
    assert standings(dry) == {
        "Same": "ok", "Other": "differs", "Stubborn": "differs", "Secret": "write_only", "Missing": "absent",
    }
    assert model.written() == []
    real = await ran(rig, "apply-template", made)
    assert standings(real) == {
        "Same": "ok", "Other": "ok", "Stubborn": "refused", "Secret": "ok", "Missing": "absent",
    }
    assert real.result is not None
    assert (real.result["written"], real.result["refused"], real.result["drift"]) == (2, 1, 2)
    assert model.written() == ["Other", "Stubborn", "Secret"]
    assert all(len(payload["getVariableData"]) <= 2 for action, payload in model.said if action == "GetVariables")
    again = await ran(rig, "apply-template", made)
    assert standings(again)["Stubborn"] == "refused"
    assert model.written() == ["Other", "Stubborn", "Secret"], "nothing is hammered"
    await template(rig, {"Stubborn": "3"})
    await ran(rig, "apply-template", made)
    assert model.written()[-1] == "Stubborn", "another value is another try"


async def test_a_reboot_only_where_it_is_allowed_and_then_a_second_look(rig: WorkerRig) -> None:
    made = await station(rig)
    model = Model({"Late": "1"}, {"Late": "RebootRequired"})
    directed(rig, model)
    await template(rig, {"Late": "2"})
    first = await ran(rig, "apply-template", made)
    assert first.result is not None
    assert first.result["reboot_required"] is True
    assert ("reset", {"kind": "on_idle"}) not in model.said
    job_id = await begin(rig, "apply-template", made, reboot="on_idle")
    await rig.work()
    assert model.said[-1] == ("reset", {"kind": "on_idle"})
    waiting = await rig.job(job_id)
    assert waiting.status == "waiting"
    for _ in range(3):  # it resets when it is idle
        rig.move(minutes=2)
        await rig.work()
        assert (await rig.job(job_id)).status == "waiting"
    model.values["Late"] = "2"
    booted = {"at": rig.clock.now().isoformat()}
    rig.stations.stations[made] = attrs.evolve(rig.stations.stations[made], boot=booted)
    rig.move(minutes=2)
    await rig.work()
    done = await rig.job(job_id)
    assert done.result is not None
    assert (standings(done), done.result["rebooted"], done.result["drift"]) == ({"Late": "ok"}, True, 0)
    assert [name for name, _ in model.said].count("reset") == 1


async def test_a_check_corrects_only_where_the_template_says_so(rig: WorkerRig) -> None:
    made = await station(rig)
    model = Model({"A": "1"})
    directed(rig, model)
    await template(rig, {"A": "2"})
    looked = await ran(rig, "check-template", made)
    assert looked.result is not None
    assert (looked.result["drift"], model.written()) == (1, [])
    await rig.web.run_as_tenant(
        DEFAULT_TENANT, lambda connection: connection.execute("update templates set correction = 'correct'")
    )
    assert standings(await ran(rig, "check-template", made)) == {"A": "ok"}
    assert model.written() == ["A"]


async def test_stations_are_found_that_need_a_look(rig: WorkerRig) -> None:
    """After a boot, after a change of a template, and once a day."""
    made = await station(rig)
    directed(rig, Model({"A": "1"}))
    await template(rig, {"A": "1"})
    await rig.node.execute("update station_states set boot = boot || '{\"at\": \"2026-03-01T12:00:01.000Z\"}'")

    async def checks() -> int:
        found: int = await rig.node.fetchval("select count(*) from jobs where kind = 'check-template'")
        return found

    sweep = await begin(rig, "templates", None)
    rig.move(seconds=2)
    for expected, minutes in ((1, 2), (1, 60 * 24), (2, 2)):
        for _ in range(3):
            await rig.work()
        assert await checks() == expected
        rig.move(minutes=minutes)
    await rig.web.run_as_tenant(
        DEFAULT_TENANT, lambda connection: connection.execute("update templates set enabled = false")
    )
    await rig.work()
    assert (await rig.job(sweep)).status == "done"
    assert made is not None


async def test_a_station_is_provisioned_once_and_asked_to_boot_again(rig: WorkerRig) -> None:
    made = await station(rig, provisioning="template")
    model = Model({"A": "1"}, {"A": "Rejected"})
    directed(rig, model)
    await template(rig, {"A": "2"})
    failed = await ran(rig, "provision", made)
    assert (failed.status, "stays pending" in (failed.error or "")) == ("failed", True)
    model.takes.clear()
    await rig.web.run_as_tenant(
        DEFAULT_TENANT, lambda connection: connection.execute("update template_states set refused = '{}'")
    )
    done = await ran(rig, "provision", made)
    assert (done.status, done.result and done.result["provisioned"]) == ("done", True)
    settings = await rig.node.fetchval("select settings from stations where id = $1", made)
    assert settings["provisioned"] == "2026-03-01T12:00:00.250Z"
    assert rig.stations.told == [("reconfigured", made)]
    rig.stations.stations[made] = attrs.evolve(rig.stations.stations[made], boot={"status": "pending"})
    await rig.work()
    assert model.said[-1] == ("trigger", {"message": "BootNotification"})
    assert (await ran(rig, "provision", made)).result == {"provisioned": False}


async def test_who_is_away_waits_and_who_is_silent_is_given_up(rig: WorkerRig) -> None:
    made = await station(rig)
    await template(rig, {"A": "1"})
    rig.stations.results = [CommandResult(None, "station_silent", detail="no answer in time")]
    job_id = await begin(rig, "apply-template", made)
    for _ in range(templates._MOST_WAITS + 1):
        await rig.work()
        rig.move(hours=1)
    assert (await rig.job(job_id)).status == "failed"
    rig.online(made, there=False)
    for kind in ("apply-template", "inventory", "ask-boot"):
        assert (await ran(rig, kind, made)).waits_for == "online"
