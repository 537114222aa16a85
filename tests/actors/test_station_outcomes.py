"""What answers mean: one word for an operator, and which of several things were refused."""

from typing import Any

import pytest

from actors.station.outcomes import outcome, refused


def variables(*statuses: str, field: str = "setVariableResult") -> dict[str, Any]:
    names = ({"component": {"name": "C"}, "variable": {"name": f"V{n}"}} for n in range(len(statuses)))
    return {field: [{**name, "attributeStatus": status} for name, status in zip(names, statuses, strict=True)]}


def listed(field: str, *statuses: str) -> dict[str, Any]:
    return {field: [{"id": n, "status": status} for n, status in enumerate(statuses)]}


@pytest.mark.parametrize(
    ("action", "payload", "word", "told"),
    [
        ("SetVariables", variables("Accepted", "RebootRequired"), "accepted", None),
        ("SetVariables", variables("Accepted", "Rejected"), "partly", "1 of 2 not accepted: C.V1: Rejected"),
        ("SetVariables", variables("Rejected", "Accepted"), "partly", "1 of 2 not accepted: C.V0: Rejected"),
        ("SetVariables", variables("Rejected", "UnknownVariable"), "rejected", "2 of 2"),
        ("SetVariables", variables("UnknownComponent", "UnknownVariable"), "unsupported", "C.V1: UnknownVariable"),
        ("SetVariables", variables("Accepted", *["Rejected"] * 7), "partly", "C.V5: Rejected and 2 more"),
        ("GetVariables", variables("Accepted", field="getVariableResult"), "accepted", None),
        ("GetVariables", variables("Accepted", "Rejected", field="getVariableResult"), "partly", "C.V1: Rejected"),
        ("SetVariableMonitoring", listed("setMonitoringResult", "Accepted", "Duplicate"), "partly", "1: Duplicate"),
        ("ClearVariableMonitoring", listed("clearMonitoringResult", "Accepted", "NotFound"), "accepted", None),
        ("ClearVariableMonitoring", listed("clearMonitoringResult", "Rejected", "NotFound"), "partly", "0: Rejected"),
        ("ClearTariffs", {"clearTariffsResult": [{"status": "NoTariff"}]}, "accepted", None),
        ("GetConfiguration", {"configurationKey": [{"key": "A", "readonly": True}]}, "accepted", None),
        (
            "GetConfiguration", {"configurationKey": [{"key": "A", "readonly": True}], "unknownKey": ["B"]}, "partly",
            "B: UnknownVariable",
        ),
        ("GetConfiguration", {"unknownKey": ["A", "B"]}, "unsupported", "2 of 2"),
        ("ChangeConfiguration", {"status": "NotSupported"}, "unsupported", None),
        ("GetTariffs", {"status": "NoTariff"}, "accepted", None),
        ("CostUpdated", {}, "accepted", None),
        ("GetLocalListVersion", {"listVersion": 3}, None, None),
        ("SetVariables", {"setVariableResult": ["odd"]}, None, None),
        ("Reset", "odd", None, None),
    ],
)  # fmt: skip
def test_an_answer_in_a_word(action: str, payload: Any, word: str | None, told: str | None) -> None:
    assert outcome(action, payload) == word
    assert (refused(action, payload) is None) == (told is None)
    assert (told or "") in (refused(action, payload) or "")
