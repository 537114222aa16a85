"""Finding actions, encoding, and saying what is wrong with a payload."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ocpp import catalogue
from protocol.ocpp.catalogue import Action, CustomDataType, FieldProblem
from protocol.ocpp.generating.reading import schemas
from protocol.ocpp.messages import v16, v21
from protocol.ocpp.version import Version
from tests.support.payloads import Payloads


def action(version: Version, name: str) -> Action:
    found = catalogue.find(version, name)
    assert found is not None
    return found


METER_VALUES = action(Version.V16, "MeterValues")
DATA_TRANSFER = action(Version.V21, "DataTransfer")
SET_PROFILE = action(Version.V16, "SetChargingProfile")
SCHEMAS = {version: schemas(version) for version in Version}


def reading(**changed: object) -> dict[str, object]:
    return {"timestamp": "2013-02-01T20:53:32Z", "sampledValue": [{"value": "1"}], **changed}


def profile(limit: float) -> dict[str, object]:
    period = {"startPeriod": 0, "limit": limit}
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [period]}
    made: dict[str, object] = {"chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxProfile"}
    made |= {"chargingProfileKind": "Relative", "chargingSchedule": schedule}
    return {"connectorId": 1, "csChargingProfiles": made}


def first_problem(wanted: Action, payload: object) -> FieldProblem:
    with pytest.raises(msgspec.ValidationError) as caught:
        wanted.decode_request(json.dumps(payload))
    return catalogue.problem(caught.value)


# --- finding


def test_unknown_actions_are_not_found() -> None:
    assert catalogue.find(Version.V16, "TransactionEvent") is None
    assert catalogue.find(Version.V201, "heartbeat") is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("bootnotification", "BootNotification"),
        ("BootNotfication", "BootNotification"),
        ("MeterValue", "MeterValues"),
        ("Trigger", "TriggerMessage"),
    ],
)
def test_nearest_names(name: str, first: str) -> None:
    assert catalogue.nearest(Version.V16, name)[0] == first


@pytest.mark.parametrize("name", ["", "e", "x" * 10_000, "\u0000", "🔌"])
def test_nothing_is_near_to_nonsense(name: str) -> None:
    assert catalogue.nearest(Version.V21, name) == []


def test_nearest_keeps_to_its_limit() -> None:
    assert len(catalogue.nearest(Version.V21, "Notify", limit=2)) == 2


# --- encoding


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(2013, 2, 1, 20, 53, 32, 486_000, UTC), "2013-02-01T20:53:32.486Z"),
        (datetime(2013, 2, 1, 20, 53, 32, 0, UTC), "2013-02-01T20:53:32.000Z"),
        (datetime(2013, 2, 1, 20, 53, 32, 999_999, UTC), "2013-02-01T20:53:32.999Z"),
        (datetime(2013, 2, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2013-01-31T23:00:00.000Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "0001-01-01T00:00:00.000+14:00"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(time: datetime, text: str) -> None:
    answer = v16.HeartbeatResponse(currentTime=time)
    assert catalogue.encode(answer) == f'{{"currentTime":"{text}"}}'.encode()
    assert action(Version.V16, "Heartbeat").decode_response(catalogue.encode(answer)) is not None


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        catalogue.encode(v16.HeartbeatResponse(currentTime=datetime(2013, 2, 1)))  # noqa: DTZ001


def test_times_deep_inside_are_written_alike() -> None:
    time = datetime(2013, 2, 1, 20, 53, 32, 123_456, UTC)
    value = v16.MeterValue(timestamp=time, sampledValue=(v16.SampledValue(value="1"),))
    text = catalogue.encode(v16.MeterValuesRequest(connectorId=1, meterValue=[value]))
    assert json.loads(text)["meterValue"][0] == {
        "timestamp": "2013-02-01T20:53:32.123Z",
        "sampledValue": [{"value": "1"}],
    }


def test_absent_fields_are_left_out_and_decimals_are_numbers() -> None:
    message = v21.DataTransferRequest(vendorId="a", data={"price": Decimal("1.10")})
    assert catalogue.encode(message) == b'{"data":{"price":1.10},"vendorId":"a"}'
    assert catalogue.encode(v16.MeterValuesResponse()) == b"{}"


def test_custom_data_keep_what_the_vendor_added() -> None:
    text = b'{"vendorId":"a","customData":{"vendorId":"x","own":[1,{"deep":null}]}}'
    message = DATA_TRANSFER.decode_request(text)
    assert isinstance(message, v21.DataTransferRequest)
    assert isinstance(message.customData, CustomDataType)
    assert message.customData.vendor_id == "x"
    assert message.customData["own"] == [1, {"deep": None}]
    assert catalogue.encode(message) == text


def test_a_decoder_takes_bytes_text_and_raw() -> None:
    text = '{"idTag":"ABC"}'
    wanted = v16.AuthorizeRequest(idTag="ABC")
    decode = action(Version.V16, "Authorize").decode_request
    assert decode(text) == decode(text.encode()) == decode(msgspec.Raw(text.encode())) == wanted


# --- problems


@pytest.mark.parametrize(
    ("payload", "path", "kind"),
    [
        ({"connectorId": 1}, "/meterValue", "missing"),
        (
            {"connectorId": 1, "meterValue": [{"timestamp": "2013-02-01T20:53:32Z"}]},
            "/meterValue/0/sampledValue",
            "missing",
        ),
        ({"connectorId": 1, "meterValue": [reading(a=1)]}, "/meterValue/0/a", "unknown"),
        ({"connectorId": 1, "meterValue": [reading(), reading(timestamp=5)]}, "/meterValue/1/timestamp", "type"),
        ({"connectorId": 1, "meterValue": [reading(timestamp="today")]}, "/meterValue/0/timestamp", "format"),
        (
            {"connectorId": 1, "meterValue": [reading(timestamp="2013-02-01T20:53:32")]},
            "/meterValue/0/timestamp",
            "format",
        ),
        ({"connectorId": 1, "meterValue": []}, "/meterValue", "occurrence"),
        ({"connectorId": 1, "meterValue": None}, "/meterValue", "type"),
        ({"connectorId": 1.0, "meterValue": [reading()]}, "/connectorId", "type"),
        ({"connectorId": True, "meterValue": [reading()]}, "/connectorId", "type"),
        (
            {"connectorId": 1, "meterValue": [reading(sampledValue=[{"value": "1", "unit": "kW/h"}])]},
            "/meterValue/0/sampledValue/0/unit",
            "constraint",
        ),
        ([], "", "type"),
        (None, "", "type"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown"),
    ],
)
def test_problems_of_meter_values(payload: object, path: str, kind: str) -> None:
    found = first_problem(METER_VALUES, payload)
    assert (found.path, found.kind) == (path, kind)
    assert (path, kind) in {(each.path, each.kind) for each in catalogue.check(METER_VALUES, payload)}


@pytest.mark.parametrize(
    ("version", "name", "payload", "path", "kind"),
    [
        (Version.V16, "Authorize", {"idTag": "x" * 21}, "/idTag", "constraint"),
        (Version.V16, "GetDiagnostics", {"location": "here"}, "/location", "format"),
        (Version.V201, "GetVariables", {"getVariableData": []}, "/getVariableData", "occurrence"),
        (Version.V21, "ClosePeriodicEventStream", {"id": -1}, "/id", "constraint"),
    ],
)
def test_problems_of_other_actions(version: Version, name: str, payload: object, path: str, kind: str) -> None:
    wanted = action(version, name)
    assert [(each.path, each.kind) for each in catalogue.check(wanted, payload)] == [(path, kind)]
    assert (first_problem(wanted, payload).path, first_problem(wanted, payload).kind) == (path, kind)


@pytest.mark.parametrize(
    ("custom", "path", "kind"),
    [
        ({}, "/customData/vendorId", "missing"),
        ({"vendorId": 1}, "/customData/vendorId", "type"),
        ({"vendorId": "x" * 256}, "/customData/vendorId", "constraint"),
        (None, "/customData", "type"),
        ([], "/customData", "type"),
    ],
)
def test_problems_of_custom_data(custom: object, path: str, kind: str) -> None:
    payload = {"vendorId": "a", "customData": custom}
    assert [(each.path, each.kind) for each in catalogue.check(DATA_TRANSFER, payload)] == [(path, kind)]
    assert first_problem(DATA_TRANSFER, payload).path == path


def test_too_many_and_too_few_items_are_an_occurrence() -> None:
    names = ("issuerNameHash", "issuerKeyHash", "serialNumber", "responderURL")
    item = dict.fromkeys(names, "ab") | {"hashAlgorithm": "SHA256"}
    payload = {"idToken": {"idToken": "A", "type": "Central"}, "iso15118CertificateHashData": [item] * 5}
    found = first_problem(action(Version.V201, "Authorize"), payload)
    assert (found.path, found.kind) == ("/iso15118CertificateHashData", "occurrence")
    answer = {"status": "Accepted", "certificateHashDataChain": []}
    problems = catalogue.check(action(Version.V201, "GetInstalledCertificateIds"), answer, response=True)
    assert [(each.path, each.kind) for each in problems] == [("/certificateHashDataChain", "occurrence")]


@pytest.mark.parametrize("limit", [8.1, 16, 0, 31.9, 123456.7, -0.1, 1e22, 3276.7])
def test_limits_of_1_6_with_one_decimal_pass(limit: float) -> None:
    assert catalogue.check(SET_PROFILE, profile(limit)) == []


@pytest.mark.parametrize("limit", [8.15, 0.30000000000000004, 1e-3, 16.01])
def test_limits_of_1_6_with_more_decimals_do_not(limit: float) -> None:
    path = "/csChargingProfiles/chargingSchedule/chargingSchedulePeriod/0/limit"
    assert [(p.path, p.kind) for p in catalogue.check(SET_PROFILE, profile(limit))] == [(path, "constraint")]


def test_check_finds_every_problem_and_names_the_choices() -> None:
    payload = {
        "connectorId": "1",
        "meterValue": [reading(timestamp="x", sampledValue=[{"value": 1, "phase": "L4"}, {}]), {"b": 1}],
        "extra": 1,
    }
    found = {each.path: each for each in catalogue.check(METER_VALUES, payload)}
    assert {path: each.kind for path, each in found.items()} == {
        "/connectorId": "type",
        "/meterValue/0/timestamp": "format",
        "/meterValue/0/sampledValue/0/value": "type",
        "/meterValue/0/sampledValue/0/phase": "constraint",
        "/meterValue/0/sampledValue/1/value": "missing",
        "/meterValue/1/timestamp": "missing",
        "/meterValue/1/sampledValue": "missing",
        "/meterValue/1/b": "unknown",
        "/extra": "unknown",
    }
    assert "'L4' is not one of L1, L2, L3" in found["/meterValue/0/sampledValue/0/phase"].message


def test_check_stops_at_fifty() -> None:
    assert len(catalogue.check(METER_VALUES, {f"field{n}": n for n in range(1000)})) == 50


def test_what_a_peer_writes_stays_short_and_printable_in_a_problem() -> None:
    for payload in ({"\u0000" + "n" * 5000: 1}, {"idTag": 1, "x\u001b[2J": 1}):
        found = first_problem(action(Version.V16, "Authorize"), payload)
        assert len(found.path) < 300
        assert len(found.message) <= 300
        assert (found.path + found.message).isprintable()
    unit = {"value": "1", "unit": "\u0000 - at `$.no.where`" + "u" * 5000}
    found = first_problem(METER_VALUES, {"connectorId": 1, "meterValue": [reading(sampledValue=[unit])]})
    assert (found.path, found.kind) == ("/meterValue/0/sampledValue/0/unit", "constraint")
    assert len(found.message) <= 300
    assert found.message.isprintable()


@pytest.mark.parametrize("payload", [{"idTag": "\ud800"}, {"idTag": object()}, {1j: 1}])
def test_check_says_when_a_payload_is_no_json(payload: object) -> None:
    (found,) = catalogue.check(action(Version.V16, "Authorize"), payload)
    assert (found.path, found.kind) == ("", "format")


# --- hostile JSON: only the exceptions that `Action` names


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b'{"idTag":"\\ud800"}', msgspec.DecodeError),
        (b'{"idTag":"\\ud800\\ud800"}', msgspec.DecodeError),
        (b'{"idTag":"\\udc00"}', msgspec.DecodeError),
        (b'{"idTag":"\xff"}', UnicodeDecodeError),
        ('{"idTag":"\ud800"}', UnicodeEncodeError),
        (b'{"idTag":NaN}', msgspec.DecodeError),
        (b'{"idTag":Infinity}', msgspec.DecodeError),
        (b"", msgspec.DecodeError),
        (b'{"idTag":"a"} x', msgspec.DecodeError),
        (b'{"idTag":"a\x00b"}', msgspec.DecodeError),
    ],
)
def test_what_is_no_json(text: bytes | str, error: type[Exception]) -> None:
    with pytest.raises(error):
        action(Version.V16, "Authorize").decode_request(text)


def test_what_is_json_all_the_same() -> None:
    decode = action(Version.V16, "Authorize").decode_request
    assert decode(b'{"idTag":"\\u0000"}') == v16.AuthorizeRequest(idTag="\u0000")
    assert decode(b'{"idTag":"a","idTag":"b"}') == v16.AuthorizeRequest(idTag="b")
    assert decode(b'{"idTag":"\\ud83d\\udd0c"}') == v16.AuthorizeRequest(idTag="🔌")


def test_huge_numbers() -> None:
    decode = action(Version.V16, "RemoteStopTransaction").decode_request
    assert decode(b'{"transactionId":%d}' % 10**30) == v16.RemoteStopTransactionRequest(transactionId=10**30)
    with pytest.raises(msgspec.ValidationError, match="out of range") as caught:
        decode(b'{"transactionId":1' + b"0" * 5000 + b"}")
    assert catalogue.problem(caught.value).kind == "constraint"


def test_deep_nesting() -> None:
    with pytest.raises(RecursionError):
        DATA_TRANSFER.decode_request(b'{"vendorId":"a","data":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@given(seed=st.integers(0, 10**9), place=st.floats(0, 1), junk=st.binary(max_size=4))
def test_damaged_frames_give_named_errors_only(seed: int, place: float, junk: bytes) -> None:
    random = Random(seed)
    version = random.choice(list(Version))
    wanted = random.choice(list(catalogue.actions(version).values()))
    schema = SCHEMAS[version][wanted.request.__name__]
    text = msgspec.json.encode(Payloads(schema, random, 0.2).valid())
    at = int(place * len(text))
    try:
        wanted.decode_request(text[:at] + junk + text[at + len(junk) :])
    except msgspec.ValidationError as error:
        found = catalogue.problem(error)
        assert found.path == "" or found.path.startswith("/")
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
