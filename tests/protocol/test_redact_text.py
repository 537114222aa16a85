"""Prose, log lines, headers and broken frames; and what must hold for any text whatever."""

import base64
import json
import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.redact import HIDDEN, is_secret_name, redact_frame, redact_headers, redact_text

SECRET = "Zq7-s3cret-Xw"
BASIC = base64.b64encode(f"CP001:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"password={SECRET}",
        f"user=x&password={SECRET}&y=1",
        f"Password: {SECRET}, next",
        f"{{'key': 'AuthorizationKey', 'value': '{SECRET}'}}",
        f"VariableRecord(variable='BasicAuthPassword', value='{SECRET}', detail={{}})",
        f'{{"password":"{SECRET}',
        f'{{"password":"a\\"{SECRET}"}}',
        f'"data":"{{\\"wifi_password\\":\\"{SECRET}\\",\\"x\\":1}}"',
        f'"vpn":{{"server":"x","key":"{SECRET}","type":"IPSec"',
        f'"apn_password" : "{SECRET}"',
        f"upload to ftp://user:{SECRET}@host/path failed",
        f"GET https://host/x?a=1&sig={SECRET}&b=2",
        f'"location":"ftp:\\/\\/user:{SECRET}@host\\/path"',
        f"Authorization: Basic {SECRET}",
        f"authorization: {SECRET}",
        f'{{"authorization": "Bearer {SECRET}"}}',
        f"[(b'authorization', b'Basic {SECRET}'), (b'host', b'x')]",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}",
        f"BasicAuthPassword was changed to {SECRET}",
        f'["AuthorizationKey", "{SECRET}"]',
        f'"data":"[[\\"AuthorizationKey\\",\\"{SECRET}\\"]]"',
        f"['HeartbeatInterval', '300'], ['AuthorizationKey', '{SECRET}",
        f"VOLTYARD_ADMIN_TOKEN api_token={SECRET}",
    ],
)
def test_secrets_in_prose(text: str) -> None:
    shown = redact_text(text)
    assert SECRET not in shown
    assert HIDDEN in shown


def test_basic_credentials_without_a_header() -> None:
    assert redact_text(f"sent Basic {BASIC} to it") == f"sent Basic {HIDDEN} to it"


@pytest.mark.parametrize(
    "text",
    [
        "Invalid password supplied",
        "using Basic authentication for CP001",
        "the bearer certificate expired",
        "https://example.com:8443/firmware/4.2.bin?build=7#top",
        "ws://127.0.0.1:9000/ocpp/CP001",
        "connection to postgresql://db.example.com/voltyard lost",
        "mail to operator@example.com",
        '{"password":null,"secret":true}',
        "Energy.Active.Import.Register value: 17.5 Wh",
        "MasterPassGroupId=7",
        '{"key":"AuthorizationKey","readonly":false}',
        "the password has to be changed",
        "token 04A1B2C3 accepted",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "",
    ],
)
def test_prose_without_secrets_stays(text: str) -> None:
    assert redact_text(text) == text


def test_the_rest_of_a_line_stays_readable() -> None:
    assert redact_text(f"GET https://h/x?token={SECRET}&y=2 took 3") == f"GET https://h/x?token={HIDDEN}&y=2 took 3"
    assert redact_text(f"ftp://u:{SECRET}@h/p and more") == f"ftp://{HIDDEN}@h/p and more"


def test_headers() -> None:
    headers = [
        (b"Host", b"example.com"),
        (b"Authorization", f"Basic {BASIC}".encode()),
        (b"Proxy-Authorization", SECRET.encode()),
        (b"Cookie", f"session={SECRET}".encode()),
        (b"X-Api-Key", SECRET.encode()),
        (b"X-Auth-Token", SECRET.encode()),
        (b"Referer", f"https://user:{SECRET}@example.com/".encode()),
        (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        (b"Sec-WebSocket-Protocol", b"ocpp1.6"),
        (b"Sec-WebSocket-Protocol", b"ocpp2.0.1"),
        (b"X-Odd", b"\xff\xfe"),
    ]
    shown = redact_headers(headers)
    assert SECRET not in repr(shown)
    assert BASIC not in repr(shown)
    assert shown["authorization"] == f"Basic {HIDDEN}"
    assert shown["host"] == "example.com"
    assert shown["sec-websocket-key"] == "dGhlIHNhbXBsZSBub25jZQ=="
    assert shown["sec-websocket-protocol"] == "ocpp1.6, ocpp2.0.1"
    assert shown["x-odd"] == "ÿþ"


@pytest.mark.parametrize(
    "name",
    ["HeartbeatInterval", "AuthorizeRemoteTxRequests", "LocalAuthListEnabled", "MasterPassGroupId", "issuerKeyHash",
     "PublicKeyWithSignedMeterValue", "AuthCacheLifeTime", "OrganizationName", "SecurityProfile", "TokenCount"],
)  # fmt: skip
def test_ordinary_names(name: str) -> None:
    assert not is_secret_name(name)


passwords = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=8, max_size=40).filter(
    lambda text: len(set(text)) > 4 and not text.isspace()
)


@given(passwords, st.sampled_from(["BasicAuthPassword", "WifiPassword"]), st.booleans())
def test_any_password_in_a_frame(password: str, name: str, ascii_only: bool) -> None:
    secret = f"{password}|{SECRET}"
    item = {"attributeValue": secret, "component": {"name": "SecurityCtrlr"}, "variable": {"name": name}}
    text = json.dumps([2, "m-1", "SetVariables", {"setVariableData": [item]}], ensure_ascii=ascii_only)
    shown = json.loads(redact_frame(text))
    assert shown[3]["setVariableData"] == [{**item, "attributeValue": HIDDEN}]


@given(st.text(string.printable, max_size=20), st.text(string.ascii_letters + "/?#@:&= ", max_size=20))
def test_any_password_in_an_address(before: str, after: str) -> None:
    """However little of it is escaped: the password is what stands before the last @ of a host."""
    location = f"ftp://user:{before}x{SECRET}{after}@files.example.com/logs"
    text = json.dumps([2, "m-1", "GetDiagnostics", {"location": location}])
    assert SECRET not in redact_frame(text)


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    for shown in (redact_text(text), redact_frame(text), redact_frame(text, "SetVariables", {"four"})):
        assert isinstance(shown, str)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["key", "value", "variable", "name", "data", "password", "location"]), inner),
    max_leaves=12,
)


@given(json_values, st.sampled_from(["SetVariables", "DataTransfer", "MeterValues", "GetLog"]))
@example({"key": "\x7f", "value": {"name": None, "password": float("inf")}}, "SetVariables")
def test_any_json_is_taken_and_stays_json(payload: object, action: str) -> None:
    text = json.dumps([2, "m-1", action, payload])
    shown = redact_frame(text)
    assert json.loads(shown)[:3] == [2, "m-1", action]
    assert redact_frame(shown) == shown


@pytest.mark.parametrize("action", ["SetVariables", "MeterValues"])
def test_what_only_a_tolerant_reader_understands(action: str) -> None:
    payload = f'{{"customData":{{"password":"{SECRET}"}},"half":"\\ud800","n":NaN,"big":{10**30}}}'
    shown = redact_frame(f'[2,"m-1","{action}",{payload}]')
    assert SECRET not in shown
    assert str(10**30) in shown


def test_deep_and_long_texts_take_no_time() -> None:
    deep = "[" * 100_000 + f'"password":"{SECRET}"'
    texts = [deep, "a" * 200_000, "password" * 20_000, "=" * 200_000, "://" * 60_000, "\\" * 100_000,
             "value:\\" * 20_000, "ftp://" + ":" * 100_000, "Basic " * 30_000, '"' * 100_000,
             "-----BEGIN PRIVATE KEY-----" * 5_000,
             '"password","' * 20_000, "password " * 20_000, "password is set to " * 10_000]  # fmt: skip
    started = time.perf_counter()
    for text in texts:
        assert SECRET not in redact_frame(text, "SetVariables")
    assert time.perf_counter() - started < 10  # quadratic behaviour takes minutes
