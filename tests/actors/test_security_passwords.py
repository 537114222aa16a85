"""Which requests set a station's password, and what their answers say of it."""

from typing import Any

import attrs
import pytest

from actors.records import PasswordAcceptedRecord
from actors.security.passwords import passwords_in, slot_passwords, taken
from actors.station.face import NeutralCommand, RawCommand
from protocol.ocpp.version import Version
from tests.support.station_rig import rig

PASSWORD = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
OTHER = {"component": {"name": "ClockCtrlr"}, "variable": {"name": "DateTime"}}
SECRET = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("action", "payload", "found"),
    [
        ("ChangeConfiguration", {"key": "authorizationkey", "value": "s"}, ["s"]),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "s"}, []),
        ("SetVariables", {"setVariableData": [OTHER, {**PASSWORD, "attributeValue": "s"}]}, ["s"]),
        ("SetVariables", {"setVariableData": [{**PASSWORD, "attributeValue": "s"}] * 2}, ["s", "s"]),
        ("SetVariables", {"setVariableData": [{**PASSWORD, "attributeType": "MinSet", "attributeValue": "1"}]}, []),
        ("GetVariables", {"getVariableData": [PASSWORD]}, []),
        ("SetVariables", {"setVariableData": ["odd", {"variable": 7}]}, []),
        ("ChangeConfiguration", "odd", []),
    ],
)
def test_a_password_is_found_in_what_is_sent(action: str, payload: Any, found: list[str]) -> None:
    assert passwords_in(action, payload) == found


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ({"status": "Accepted"}, "at_once"),
        ({"status": "RebootRequired"}, "later"),
        ({"status": "NotSupported"}, "no"),
        (
            {
                "setVariableResult": [
                    {**OTHER, "attributeStatus": "Rejected"},
                    {**PASSWORD, "attributeStatus": "Accepted"},
                ]
            },
            "at_once",
        ),
        (
            {
                "setVariableResult": [
                    {**OTHER, "attributeStatus": "Accepted"},
                    {**PASSWORD, "attributeStatus": "Rejected"},
                ]
            },
            "no",
        ),
        ({"setVariableResult": [{**OTHER, "attributeStatus": "Accepted"}] * 2}, "later"),
        (None, "later"),
    ],
)
def test_what_became_of_it(answer: Any, wanted: str) -> None:
    """A01.FR.03, A01.FR.04: of several variables, the password's own status counts."""
    assert taken(answer) == wanted


async def test_nothing_sets_a_password_that_was_not_kept_before(autojump_clock: Any) -> None:
    """A job or a forward that would lock the station out is refused; an operator's own message has been kept."""
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ChangeConfiguration"] = {"status": "Accepted"}
        payload = {"key": "AuthorizationKey", "value": SECRET}
        for validate in (True, False):
            result = await world.command(RawCommand("ChangeConfiguration", payload, validate))
            assert (result.status, peer.texts) == ("invalid_payload", [])
            assert "rotate-password" in result.problems[0].message
        result = await world.command(RawCommand("ChangeConfiguration", payload, rotates=True))
        assert (result.outcome, len(world.kept(PasswordAcceptedRecord))) == ("accepted", 1)


async def test_no_job_writes_a_password_into_a_network_slot(autojump_clock: Any) -> None:
    """B09.FR.09, B09.FR.24: the station would come with one that nobody here knows."""
    slot = {"component": {"name": "NetworkConfiguration", "instance": "2"}, "variable": {"name": "BasicAuthPassword"}}
    variables = RawCommand("SetVariables", {"setVariableData": [OTHER | {"attributeValue": "x"},
                                                                slot | {"attributeValue": SECRET}]})  # fmt: skip
    profile = NeutralCommand("network-profile", {
        "slot": 2, "url": "wss://a.example", "security_profile": 2, "interface": "Wired0", "message_timeout": 30,
        "password": SECRET,
    })  # fmt: skip
    async with rig() as world:
        peer = await world.connect(Version.V21)
        for command, at in ((variables, "/setVariableData/1/attributeValue"), (profile, "/password")):
            result = await world.command(command)
            assert (result.status, result.problems[0].path, peer.texts) == ("invalid_payload", at, [])
            assert "rotate-password" in result.problems[0].message
            assert SECRET not in repr(result)
        peer.answers["SetNetworkProfile"] = {"status": "Accepted"}
        assert (await world.command(attrs.evolve(profile, vouched=True))).outcome == "accepted"
        assert SECRET not in repr(world.store.units)
    items = {"setVariableData": ["odd", {"variable": 7}]}
    odds: list[Any] = [{"connectionData": 7}, {"connectionData": {}}, "odd", items]
    for odd in odds:
        assert slot_passwords("SetNetworkProfile", odd) == slot_passwords("SetVariables", odd) == []


async def test_a_password_beside_other_variables_counts_by_its_own_status(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect(Version.V201)
        peer.answers["SetVariables"] = {"setVariableResult": [
            {**OTHER, "attributeStatus": "Rejected"}, {**PASSWORD, "attributeStatus": "Accepted"},
        ]}  # fmt: skip
        data = [{**OTHER, "attributeValue": "x"}, {**PASSWORD, "attributeValue": SECRET}]
        result = await world.command(RawCommand("SetVariables", {"setVariableData": data}, rotates=True))
        assert (result.outcome, len(world.kept(PasswordAcceptedRecord))) == ("partly", 1)
        assert SECRET not in repr(world.store.units)


@pytest.mark.parametrize(
    ("given", "as_text", "sent"),
    [
        ("sixteen-letters!", False, "7369787465656e2d6c65747465727321"),
        ("sixteen-letters!", True, "sixteen-letters!"),
        ("0123456789abcdef", False, "30313233343536373839616263646566"),  # eight bytes would be too few
        (SECRET.upper(), False, SECRET.upper()),
    ],
)
async def test_a_key_of_1_6_is_sent_as_digits(given: str, as_text: bool, sent: str, autojump_clock: Any) -> None:
    """Security whitepaper, A00.FR.205, and quirk 6."""
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ChangeConfiguration"] = {"status": "Accepted"}
        arguments = {"password": given} | ({"as_text": True} if as_text else {})
        await world.command(NeutralCommand("rotate-password", arguments))
        assert f'"value":"{sent}"' in peer.texts[0]
        for text in (given, sent):
            assert text not in repr(world.store.units)
