"""Every message of every version: what holds no secret stays to the byte, and no place that holds one shows it."""

import json
from typing import Any

import orjson
import pytest

from protocol.redact import HIDDEN, frame, frame_secrets, redact_frame, redact_payload, secrets_in
from tests.support.redaction import Message, messages

MESSAGES = list(messages())
SECRET = "Zq7-s3cret-Xw"
NAMES = ["BasicAuthPassword", "AuthorizationKey", "authorizationkey", "VpnKey", "ApnPassword", "SimPin",
         "WifiPassword", "FTP_Password", "mqtt.passwd", "ApiKey", "SharedSecret", "ClientSecret", "AccessToken",
         "PrivateKey"]  # fmt: skip
every_message = pytest.mark.parametrize("message", MESSAGES, ids=str)
with_secret = pytest.mark.parametrize("message", [each for each in MESSAGES if each.secrets], ids=str)
with_address = pytest.mark.parametrize("message", [each for each in MESSAGES if each.addresses], ids=str)
every_name = pytest.mark.parametrize("name", NAMES)


def test_the_catalogue_is_whole() -> None:
    actions = {(message.version, message.action) for message in MESSAGES}
    assert len(actions) > 190
    with_secrets = {message.action for message in MESSAGES if message.secrets}
    assert "SetNetworkProfile" in with_secrets
    with_addresses = {message.action for message in MESSAGES if message.addresses}
    assert {"GetDiagnostics", "UpdateFirmware", "SignedUpdateFirmware", "GetLog", "PublishFirmware",
            "SetNetworkProfile", "PublishFirmwareStatusNotification"} <= with_addresses  # fmt: skip


@every_message
def test_without_secrets_nothing_changes(message: Message) -> None:
    if message.action == "NotifyCustomerInformation" and not message.answer:
        assert '"data":"***"' in redact_frame(message.frame(), message.action)  # whatever it says, it is of a person
        return
    text = message.frame()
    assert redact_frame(text, message.action) is text
    assert redact_frame(text) is text
    assert redact_payload(message.action, message.payload, answer=message.answer) is message.payload


@with_secret
def test_secret_fields_are_hidden(message: Message) -> None:
    for place in message.secrets:
        changed = message.with_value(place, SECRET)
        for action in (message.action, None):
            assert_hidden(message.frame(changed), action)
        assert SECRET not in repr(redact_payload(message.action, changed, answer=message.answer))


@with_address
@pytest.mark.parametrize(
    "address",
    [
        f"ftp://user:{SECRET}@files.example.com/logs/",
        f"ftp://{SECRET}@files.example.com/logs/",
        f"sftp://user:a/{SECRET}@b@files.example.com/logs/",
        f"https://files.example.com/up?x=1&token={SECRET}&y=2",
        f"https://files.example.com/up?X-Amz-Signature={SECRET}",
        f"https://files.example.com/up?anything={SECRET}#part",
        f"user:{SECRET}@files.example.com/logs",
    ],
)
def test_addresses_lose_their_credentials_and_keep_the_rest(message: Message, address: str) -> None:
    for place in message.addresses:
        text = message.frame(message.with_value(place, address))
        for variant in (text, text.replace("/", "\\/"), text.replace("@", "\\u0040")):
            shown = assert_hidden(variant, message.action)
            assert "files.example.com" in shown


def assert_hidden(text: str, action: str | None) -> str:
    assert SECRET in text.replace("\\/", "/")
    shown = redact_frame(text, action)
    assert SECRET not in shown
    assert HIDDEN in shown
    assert isinstance(json.loads(shown), list)
    assert redact_frame(shown, action) == shown
    return shown


def uncommon_frames(name: str) -> list[tuple[str, str | None, Any]]:
    """Where a secret stands apart from its name, or its name is an instance."""
    component, kept = {"name": "SecurityCtrlr"}, {"key": name, "value": "0123456789"}
    variable = {"component": component, "variable": {"name": name}}
    by_instance = {"component": component, "variable": {"name": "Value", "instance": name}}
    component_instance = {"component": {"name": "Network", "instance": name}, "variable": {"name": "Value"}}
    pairs: list[Any] = [
        [[name, SECRET]], [name, SECRET], [["HeartbeatInterval", "300"], [name, SECRET]], ["x", 1, name, SECRET],
        {"keys": ["a", name], "values": ["1", SECRET]}, {"k": name, "v": SECRET}, {"id": name, "val": SECRET},
        [kept, [name, SECRET]], {name: "0123456789", "more": [[name, SECRET]]},
    ]  # fmt: skip
    return [
        *(("DataTransfer", None, {"vendorId": "x", "data": each}) for each in pairs),
        *(("DataTransfer", None, {"vendorId": "x", "data": json.dumps(each)}) for each in pairs),
        *(("DataTransfer", "answer", {"status": "Accepted", "data": each}) for each in pairs),
        *(("StatusNotification", None, {"customData": {"vendorId": "x", "p": each}}) for each in pairs),
        *(("MeterValues", None, {"customData": {"vendorId": "x", "p": each}}) for each in pairs),
        ("DataTransfer", None, {"vendorId": "x", "data": f"{name}=0123456789;{name} {SECRET}"}),
        ("GetConfiguration", "answer", {"configurationKey": [["HeartbeatInterval", "300"], [name, SECRET]]}),
        ("NotifyReport", None, {"reportData": [{**by_instance, "variableAttribute": [{"value": SECRET}]}]}),
        ("NotifyReport", None, {"reportData": [{**variable, "variableCharacteristics": {"valuesList": SECRET}}]}),
        ("SetVariables", None, {"setVariableData": [{**component_instance, "attributeValue": SECRET}]}),
        ("SetVariableMonitoring", None, {"setMonitoringData": [{**variable, "value": SECRET}]}),
        ("NotifyMonitoringReport", None, {"monitor": [{**variable, "variableMonitoring": [{"value": SECRET}]}]}),
        ("NotifyEvent", None, {"eventData": [{**variable, "techInfo": SECRET, "techCode": SECRET}]}),
        ("NotifyCustomerInformation", None, {"data": f"{name}, {SECRET}", "requestId": 1, "seqNo": 0}),
        ("Authorize", None, {"customData": {"vendorId": "x"}, "idToken": {
            "idToken": "x", "type": "Central", "additionalInfo": [{"additionalIdToken": SECRET, "type": name}]}}),
        ("SecurityEventNotification", None, {"type": "x", "techInfo": f"{name} was set to {SECRET} today"}),
        ("SecurityEventNotification", None, {"type": "x", "techInfo": f"('{name}', '{SECRET}')"}),
    ]  # fmt: skip


@every_name
def test_secrets_apart_from_their_names(name: str) -> None:
    for action, answer, payload in uncommon_frames(name):
        text = json.dumps([3, "m-1", payload] if answer else [2, "m-1", action, payload])
        shown = redact_frame(text, action)
        assert SECRET not in shown, text
        assert redact_frame(shown, action) == shown
        request = redact_payload(action, payload, answer=bool(answer))
        assert SECRET not in json.dumps(request), text


@every_name
def test_lists_of_names_stay(name: str) -> None:
    for payload in ({"key": [name, "HeartbeatInterval"]}, {"unknownKey": [name, "HeartbeatInterval"]}):
        assert redact_payload("GetConfiguration", payload, answer=False) is payload
    huge = {"customData": {"vendorId": "x", name: SECRET, "n": 10**30}}
    assert redact_payload("Heartbeat", huge, answer=False) == {
        "customData": {"vendorId": "x", name: HIDDEN, "n": 10**30}
    }


def variable_frames(name: str) -> list[tuple[str, str | None, Any]]:
    component = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": name}}
    return [
        ("SetVariables", None, {"setVariableData": [{"attributeValue": SECRET, **component}]}),
        ("GetVariables", "answer", {"getVariableResult": [
            {"attributeStatus": "Accepted", "attributeValue": SECRET, **component}]}),
        ("SetVariables", "answer", {"setVariableResult": [
            {"attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": "x", "additionalInfo": SECRET},
             **component}]}),
        ("NotifyReport", None, {"reportData": [{**component, "variableAttribute": [{"value": SECRET}]}]}),
        ("NotifyEvent", None, {"eventData": [{"actualValue": SECRET, **component}]}),
        ("ChangeConfiguration", None, {"key": name, "value": SECRET}),
        ("GetConfiguration", "answer", {"configurationKey": [{"key": name, "readonly": False, "value": SECRET}]}),
        ("DataTransfer", None, {"vendorId": "x", "data": {name: SECRET}}),
        ("DataTransfer", None, {"vendorId": "x", "data": json.dumps({"a": [{"key": name, "value": SECRET}]})}),
        ("DataTransfer", None, {"vendorId": "x", "data": f"{name} {SECRET}"}),
        ("DataTransfer", None, {"vendorId": "x", "messageId": f"Set{name}", "data": SECRET}),
        ("DataTransfer", "answer", {"status": "Accepted", "data": f"{name}={SECRET}"}),
        ("MeterValues", None, {"customData": {"vendorId": "x", name: SECRET}}),
    ]  # fmt: skip


@every_name
def test_variables_and_keys(name: str) -> None:
    for action, answer, payload in variable_frames(name):
        head = [3, "m-1", payload] if answer else [2, "m-1", action, payload]
        for text in (json.dumps(head), orjson.dumps(head).decode()):
            shown = redact_frame(text, action)
            assert SECRET not in shown
            assert HIDDEN in shown
            # The same frame cut off behind the secret, which is no JSON any more.
            for end in range(text.index(SECRET) + len(SECRET), len(text)):
                assert SECRET not in redact_frame(text[:end], action), text[:end]
            for end in range(text.index(SECRET) + 4, text.index(SECRET) + len(SECRET)):
                assert SECRET[:4] not in redact_frame(text[:end], action), text[:end]


@every_name
def test_neighbours_of_a_secret_stay(name: str) -> None:
    interval = {"key": "HeartbeatInterval", "value": "300"}
    answer = {"configurationKey": [{"key": name, "value": SECRET}, interval]}
    shown = redact_payload("GetConfiguration", answer, answer=True)
    assert shown == {"configurationKey": [{"key": name, "value": HIDDEN}, interval]}


def test_numbers_can_be_secrets() -> None:
    profile = {"connectionData": {"apn": {"apn": "x", "simPin": 4711}, "vpn": {"key": "k-4711", "user": "u"}}}
    shown = redact_frame(json.dumps([2, "m-1", "SetNetworkProfile", profile]))
    assert "4711" not in shown
    assert '"user":"u"' in shown


@pytest.mark.parametrize("code", [4, 5])
def test_error_that_echoes_the_secret(code: int) -> None:
    request = {"key": "AuthorizationKey", "value": SECRET}
    known = secrets_in("ChangeConfiguration", request)
    assert known == {SECRET}
    text = json.dumps([code, "m-1", "PropertyConstraintViolation", f"{SECRET} is too short", {"was": [SECRET]}])
    shown = redact_frame(text, "ChangeConfiguration", known)
    assert SECRET not in shown
    assert "is too short" in shown


def test_what_is_told_about_a_frame_elsewhere() -> None:
    answer = {"configurationKey": [{"key": "AuthorizationKey", "readonly": "false", "value": SECRET}]}
    text = json.dumps([3, "m-1", answer])
    known = frame_secrets(text, "GetConfiguration")
    assert known == {SECRET}
    assert redact_frame(f'"{SECRET}"', "GetConfiguration", known) == f'"{HIDDEN}"'
    assert frame_secrets(text[:-1]) == frozenset()
    assert frame_secrets("{}") == frozenset()


def test_frequent_messages_are_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_decoded", lambda *_: pytest.fail("decoded"))
    for action in ("MeterValues", "Heartbeat", "StatusNotification", "TransactionEvent", "StartTransaction"):
        text = json.dumps([2, "m-1", action, {"timestamp": "2026-03-01T08:00:00Z", "value": "17.5", "unit": "Wh"}])
        assert redact_frame(text) is text
        assert redact_frame(text, action) is text


def test_certificates_and_public_keys_are_no_secrets() -> None:
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
    text = json.dumps([2, "m-1", "InstallCertificate", {"certificateType": "CSMSRootCertificate", "certificate": pem}])
    assert redact_frame(text) is text
    key = {"signedMeterValue": {"publicKey": "oca:base16:asn1:3059", "signedMeterData": "OCMF|{}"}}
    text = json.dumps([2, "m-1", "MeterValues", key])
    assert redact_frame(text) is text
    leaked = pem.replace("CERTIFICATE", "EC PRIVATE KEY").replace("MIIB", SECRET)
    text = json.dumps([2, "m-1", "DataTransfer", {"vendorId": "x", "data": leaked}])
    assert SECRET not in redact_frame(text)
