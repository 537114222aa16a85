"""Templates: what counts for a station, where it differs, and what is written."""

from typing import Any

import pytest

from actors.provisioning.models import Plate
from actors.provisioning.templates import (
    Known,
    Template,
    compare,
    drift,
    effective,
    of_version,
    same,
    to_write,
    why_not,
)
from protocol.ocpp.version import Version

INTERVAL = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
PLATE = Plate("Example", "Twin 22", "4.2.0")


def template(name: str, *items: dict[str, Any], **changes: Any) -> Template:
    fields: dict[str, Any] = {"vendor": None, "model": None, "firmware": None, "site": None, "priority": 0}
    return Template(name, items=items, **(fields | changes))


def test_templates_are_laid_over_each_other_by_priority_and_then_by_how_much_they_name() -> None:
    both = INTERVAL | {"key": "HeartbeatInterval"}
    found = [
        template("depot", both | {"value": "60"}, site="depot-*", correction="correct"),
        template("all", both | {"value": "300"}, {"key": "MinimumStatusDuration", "value": "5"}),
        template("twins", both | {"value": "90"}, vendor="EXAMPLE", model="Twin*"),
        template("other", both | {"value": "1"}, vendor="Somebody"),
    ]
    there = effective(found, PLATE, "depot-north", Version.V201)
    assert [(each.item, each.value, each.template) for each in there.wanted] == [(INTERVAL, "90", "twins")]
    assert there.templates == ("all", "depot", "twins")
    old = effective(found, PLATE, None, Version.V16)
    assert {each.name: each.value for each in old.wanted} == {"heartbeatinterval": "90", "minimumstatusduration": "5"}
    first = effective([*found, template("first", both | {"value": "7"}, priority=9)], PLATE, None, Version.V21)
    assert [each.value for each in first.wanted] == ["7"]
    assert effective([], PLATE, None, Version.V21).wanted == ()


def test_an_item_is_named_as_its_version_does() -> None:
    item = INTERVAL | {"attribute_type": "Target", "key": "K", "value": "1"}
    assert of_version(item, Version.V16) == {"key": "K"}
    assert of_version(item, Version.V201) == INTERVAL | {"attributeType": "Target"}
    assert of_version({"key": "K", "value": "1"}, Version.V201) is None
    assert of_version(INTERVAL | {"value": "1"}, Version.V16) is None


def test_each_value_beside_what_is_known() -> None:
    names = ("Same", "Other", "Locked", "Secret", "Gone", "New", "Refused", "Unseen")
    items = [{"key": name, "value": "5"} for name in names]
    wanted = effective([template("t", *items)], PLATE, None, Version.V16).wanted
    known = {
        "same": Known("5.0", "ReadWrite", None), "other": Known("6", "ReadWrite", None),
        "locked": Known("6", "ReadOnly", None), "secret": Known(None, "WriteOnly", None),
        "gone": Known("5", None, None, gone=True), "refused": Known("6", "ReadWrite", None),
        "unseen": Known(None, "WriteOnly", None),
    }
    found = compare(wanted, known, {"refused": "5"}, {"unseen": "5"})
    assert {each.wanted.item["key"]: each.standing for each in found} == {
        "Same": "ok", "Other": "differs", "Locked": "read_only", "Secret": "write_only", "Gone": "absent",
        "New": "unknown", "Refused": "refused", "Unseen": "ok",
    }
    assert [each.item["key"] for each in to_write(found)] == ["Other", "Secret", "New"]
    assert drift(found) == 4
    again = compare(wanted, known, {"refused": "4"}, {})
    assert "Refused" in [each.item["key"] for each in to_write(again)], "another value may be taken"


@pytest.mark.parametrize(
    ("one", "other", "kind", "alike"),
    [
        ("300", "300 ", None, True), ("300", "300.0", "decimal", True), ("1", "true", "boolean", False),
        ("True", "true", "boolean", True), ("a,b", "b, a", "MemberList", True), ("a,b", "b,a", "SequenceList", False),
        ("a,b", "b,a", None, True), ("abc", "ABC", "string", False), ("nan", "nan ", "decimal", True),
        ("1e9999999", "2e9999999", None, False),
    ],
)  # fmt: skip
def test_values_compare_by_meaning(one: str, other: str, kind: str | None, alike: bool) -> None:
    assert same(one, other, kind) is alike


def test_passwords_are_not_set_by_a_template() -> None:
    assert "rotate-password" in (why_not({"key": "AuthorizationKey"}) or "")
    secret = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "basicauthpassword"}}
    assert why_not(secret) is not None
    assert why_not(INTERVAL) is None
