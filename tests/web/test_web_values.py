"""Small pure things of the web layer."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from web.answers import encode
from web.bodies import fingerprint
from web.instants import instant, watt_hours
from web.paging import Page, decode_cursor, decode_moment, encode_cursor
from web.paths import decoded_by_segment
from web.problems import ApiProblem
from web.validation import NotValid, to_struct


def test_times_leave_in_utc_with_milliseconds() -> None:
    assert instant(datetime(2026, 3, 1, 12, tzinfo=UTC)) == "2026-03-01T12:00:00.000Z"
    east = timezone(timedelta(hours=2))
    assert instant(datetime(2026, 3, 1, 1, 0, 0, 999_999, tzinfo=east)) == "2026-02-28T23:00:00.999Z"
    assert instant(None) is None


@pytest.mark.parametrize(
    ("milli", "whole"),
    [(0, 0), (499, 0), (500, 0), (501, 1), (1500, 2), (2500, 2), (2501, 3), (-500, 0), (-1500, -2), (None, None),
     (9_007_199_254_740_993_500, 9_007_199_254_740_994)],
)
def test_energy_is_rounded_half_to_even(milli: int | None, whole: int | None) -> None:
    assert watt_hours(milli) == whole


def test_paths_are_split_before_they_are_decoded() -> None:
    assert decoded_by_segment(b"/a%20b/c") == "/a b/c"
    assert decoded_by_segment(b"/a%2Fb").count("/") == 1
    assert "\ufffd" in decoded_by_segment(b"/%ff")


@given(st.datetimes(timezones=st.just(UTC)), st.uuids(), st.sampled_from(["newest", "oldest"]))
def test_a_cursor_comes_back_as_it_went(at: datetime, key: UUID, order: Any) -> None:
    query = Page(order=order)
    cursor = encode_cursor("sessions", query, (at, key))
    assert decode_moment("sessions", Page(order=order, cursor=cursor)) == (at, key)
    other = Page(order="oldest" if order == "newest" else "newest", cursor=cursor)
    for listing, asked in (("frames", Page(order=order, cursor=cursor)), ("sessions", other)):
        with pytest.raises(ApiProblem):
            decode_moment(listing, asked)


@given(st.text(max_size=80))
def test_any_text_is_a_cursor_or_a_named_problem(text: str) -> None:
    with pytest.raises(ApiProblem, match="invalid_cursor"):
        decode_cursor("sessions", Page(cursor=text), UUID)


class Inner(Struct, forbid_unknown_fields=True):
    count: int


class Outer(Struct, forbid_unknown_fields=True):
    name: str
    inner: Inner | None = None
    many: list[Inner] = []


def test_every_wrong_field_has_its_pointer() -> None:
    with pytest.raises(NotValid) as caught:
        to_struct({"inner": {"count": "x", "y/z": 1}, "many": [{"count": 1}, {}, 7]}, Outer)
    assert [path for path, _ in caught.value.errors] == [
        "/inner/count", "/inner/y~1z", "/many/1/count", "/many/2", "/name",
    ]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "inner", "many", "count", "x"]), inner),
    max_leaves=12,
)


@given(_json)
def test_any_json_is_valid_or_has_named_errors(value: Any) -> None:
    errors: list[tuple[str, str]] | None = None
    try:
        made = to_struct(value, Outer)
    except NotValid as wrong:
        errors = wrong.errors
    else:
        assert made.name == value["name"]
    if errors is not None:
        assert errors
        assert all(path == "" or path.startswith("/") for path, _ in errors)


def test_half_a_surrogate_pair_can_be_answered() -> None:
    assert encode({"raw": ["a\ud800b"]}) == b'{"raw":["a?b"]}'


def test_a_fingerprint_ignores_the_password_and_the_order_of_members() -> None:
    first = fingerprint("POST", "/x", b"", {"a": 1, "password": "one"})
    assert first == fingerprint("POST", "/x", b"", {"password": "two", "a": 1})
    assert first != fingerprint("POST", "/x", b"", {"a": 2})
    assert first != fingerprint("POST", "/y", b"", {"a": 1})
