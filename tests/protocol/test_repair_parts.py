"""The parts of the repair path by themselves: text that is no JSON, times, numbers."""

import json
import string
import time
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ocpp import catalogue, repair
from protocol.ocpp.catalogue import FieldProblem
from protocol.ocpp.repair import scalars, times
from protocol.ocpp.repair.text import LONGEST
from protocol.ocpp.version import Version

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=20,
)


@given(JSON.filter(lambda value: isinstance(value, list | dict)))
def test_good_json_keeps_its_meaning(value: object) -> None:
    mended = repair.text(json.dumps(value, ensure_ascii=True))
    assert mended is not None
    assert json.loads(mended[0]) == value or "\\ud" in json.dumps(value)


@given(st.text() | st.text(alphabet='[]{},:"\\ntru012.-e\x00'))
def test_what_is_mended_parses(text: str) -> None:
    clean, _ = repair.surrogates(text)
    mended = repair.text(clean)
    if mended is not None:
        msgspec.json.decode(mended[0])


@pytest.mark.parametrize(
    "text", ["[", '{"a"', '{"a":1', '["a', "[1]]x[", '{"a" 1}', '{1,"a"}', "]", "[}", '"a"', "7", ""]
)
def test_what_could_mean_anything_is_left_alone(text: str) -> None:
    assert repair.text(text) is None


@pytest.mark.parametrize("unit", ['"', "[", "{", ",", ":", "\\", '"\\', "x", '"a",', '{"a":', "\x00", "[,", '","'])
def test_a_hostile_text_costs_linear_time(unit: str) -> None:
    text = "[" + unit * (LONGEST // len(unit) - 1)
    began = time.perf_counter()
    repair.text(text)
    assert time.perf_counter() - began < 5
    assert repair.text("[" + "," * LONGEST) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_good_time_is_read_as_it_is(moment: datetime) -> None:
    read = times.read(moment.isoformat())
    assert read is not None
    assert datetime.fromisoformat(read[0]) == moment


NO_TIMES: list[object] = [
    *("", "soon", "2026-13-01T00:00:00Z", "2026-02-30", "٢٠٢٦-01-01T00:00:00Z", "2026-01-01T00:00:00+99:00"),
    *("9999-12-31T24:00:00Z", "x" * 1000, True, None, [], -5, Decimal("1e30")),
]


@pytest.mark.parametrize("value", NO_TIMES)
def test_no_time_is_made_up(value: object) -> None:
    assert times.read(value) is None


@given(st.text(alphabet=string.printable) | st.text(alphabet="0123456789-:T+Z. "))
def test_whatever_is_read_as_a_time_decodes(text: str) -> None:
    read = times.read(text)
    if read is not None:
        assert msgspec.convert(read[0], datetime).tzinfo is not None


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("0012", 12), (" +7 ", 7), ("1e3", 1000), (Decimal("3.0"), 3), ("-0", 0), ("12\x00", 12), ("4,0", 4)],
)
def test_numbers_in_texts(value: object, wanted: int) -> None:
    read = scalars.to_int(value)
    assert read is not None
    assert read[0] == wanted


@pytest.mark.parametrize(
    "value", ["", "abc", "1e400", "0x10", "1_000", "١٢", "nan", "1.2.3", True, None, Decimal("1e999999")]
)
def test_what_is_no_number(value: object) -> None:
    assert scalars.to_int(value) is None


@given(st.text())
def test_action_names_are_found_only_when_meant(name: str) -> None:
    found = repair.action_name(Version.V16, name)
    assert found is None or name.strip().lower().startswith(found.lower())


@pytest.mark.parametrize("version", Version)
def test_no_payload_of_any_action_breaks_the_walk(version: Version) -> None:
    payloads = [b"null", b"[]", b"{}", b'"x"', b"7", b"[[{}]]", b'{"a":1}', b"[" * 50 + b"]" * 50]
    for action in catalogue.actions(version).values():
        for response in (False, True):
            if response and action.response is None:
                continue
            for payload in payloads:
                mended = repair.payload(action, version, payload, response=response)
                assert isinstance(mended, FieldProblem | tuple)


@given(data=st.data(), version=st.sampled_from(Version))
def test_any_field_may_hold_anything(data: st.DataObject, version: Version) -> None:
    actions = catalogue.actions(version)
    action = actions[data.draw(st.sampled_from(sorted(actions)))]
    names = [field.encode_name for field in msgspec.structs.fields(action.request)]
    value = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), JSON))
    raw = json.dumps(value).encode()
    mended = repair.payload(action, version, repair.text(raw.decode())[0].encode(), response=False)  # type: ignore[index]
    if isinstance(mended, tuple):
        assert isinstance(mended[0], action.request)
