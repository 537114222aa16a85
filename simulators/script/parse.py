"""The script language: text to steps, or an error that says the line and what is allowed.

    plug 1 soc 20 battery 60kWh power 11kW     # a vehicle arrives
    swipe TOKEN 1; until charged 1; drive off 1
    wait 5s..2m                                # a time drawn between the two
    lose link 30s; misbehave: flood 500; repeat
"""

import re
from collections.abc import Callable

import msgspec

from simulators.script import steps
from simulators.script.steps import Statement, Step
from simulators.station import conduct

CONDITIONS = ("charging", "charged", "suspended", "idle", "available", "online", "offline", "synced")
FAULTS = ("ConnectorLockFailure", "EVCommunicationError", "GroundFailure", "HighTemperature", "InternalError",
          "OtherError", "OverCurrentFailure", "PowerMeterFailure", "PowerSwitchFailure", "ReaderFailure",
          "UnderVoltage", "OverVoltage", "WeakSignal")
DEFAULT_UNTIL_S = 86_400.0
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min|m|h)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(k?)(wh|w)?", re.IGNORECASE)

USAGE = {
    "plug": "plug EVSE [soc PERCENT] [target PERCENT] [battery 60kWh] [power 11kW] [dc 150kW] [phases 3] "
            "[discharge 10kW]",
    "swipe": "swipe TOKEN [EVSE]",
    "unplug": "unplug EVSE",
    "drive": "drive off EVSE",
    "wait": "wait 5s, or wait 5s..2m (units ms, s, m, h)",
    "until": f"until {'|'.join(CONDITIONS)} [EVSE] [within 10m]",
    "lose": "lose link 10s, or lose link 10s..1m",
    "fault": f"fault EVSE [{'|'.join(FAULTS)}]",
    "clear": "clear fault EVSE",
    "misbehave": f"misbehave: {' | '.join(conduct.KINDS)} (flood takes a number)",
    "behave": "behave",
    "reboot": "reboot",
    "say": "say TEXT",
    "send": 'send ACTION {"json": "to the end of the line"}',
    "act": "act NAME [WORDS]",
    "repeat": "repeat [TIMES]",
}


class ScriptError(ValueError):
    """A script that cannot be read; the text names the line, what is wrong and what is allowed."""


class _WrongError(Exception):
    """What is wrong with one statement."""


def parse(text: str) -> tuple[Step, ...]:
    """The steps of a script; statements stand on lines or between semicolons, `#` starts a comment."""
    found: list[Step] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += [Step(number, part, _statement(part, number)) for part in _parts(line) if part]
    for step in found[:-1]:
        if isinstance(step.statement, steps.Repeat):
            raise ScriptError(f"line {step.line}: `{step.text}`: repeat must be the last statement")
    return tuple(found)


def _parts(line: str) -> list[str]:
    """The statements of a line; one that sends takes the rest of it, since JSON has signs of its own."""
    if line.strip().lower().startswith("send "):
        return [line.strip()]
    return [part.strip() for part in line.split("#", 1)[0].split(";")]


def _statement(text: str, line: int) -> Statement:
    words = text.replace("misbehave:", "misbehave ").split()
    keyword = words[0].lower()
    if keyword == "send":
        words = text.split(maxsplit=2)
    reader = _READERS.get(keyword)
    if reader is None:
        raise ScriptError(f"line {line}: `{text}`: unknown statement; allowed are {', '.join(USAGE)}")
    try:
        return reader(words[1:])
    except _WrongError as wrong:
        raise ScriptError(f"line {line}: `{text}`: {wrong}; write {USAGE[keyword]}") from None


def _plug(words: list[str]) -> Statement:
    evse = _evse(words[:1])
    traits: dict[str, float] = {}
    rest = words[1:]
    if len(rest) % 2:
        raise _WrongError(f"`{rest[-1]}` has no value")
    for name, value in zip(rest[::2], rest[1::2], strict=True):
        if name not in ("soc", "target", "battery", "power", "dc", "phases", "discharge"):
            raise _WrongError(f"unknown trait `{name}`")
        traits[name] = _amount(value)
    for name in ("soc", "target"):
        if not 0 <= traits.get(name, 0) <= 100:
            raise _WrongError(f"{name} is a percentage")
    phases = traits.get("phases")
    if phases is not None and phases not in (1, 2, 3):
        raise _WrongError("phases is 1, 2 or 3")
    if traits.get("battery") == 0:
        raise _WrongError("a battery holds more than nothing")
    return steps.Plug(evse, traits.get("soc"), traits.get("target"), traits.get("battery"), traits.get("power"),
                      traits.get("dc"), None if phases is None else int(phases), traits.get("discharge"))


def _swipe(words: list[str]) -> Statement:
    if len(words) not in (1, 2):
        raise _WrongError("a token is needed")
    return steps.Swipe(words[0], _evse(words[1:]) if len(words) == 2 else None)


def _drive(words: list[str]) -> Statement:
    if words[:1] != ["off"]:
        raise _WrongError("`off` is missing")
    return steps.Unplug(_evse(words[1:]))


def _wait(words: list[str]) -> Statement:
    if len(words) != 1:
        raise _WrongError("one time is needed")
    return steps.Wait(*_span(words[0]))


def _until(words: list[str]) -> Statement:
    limit = DEFAULT_UNTIL_S
    if len(words) >= 2 and words[-2] == "within":
        limit = _seconds(words[-1])
        words = words[:-2]
    if not words or words[0] not in CONDITIONS:
        raise _WrongError("unknown condition")
    return steps.Until(words[0], _evse(words[1:]) if len(words) > 1 else None, limit)


def _lose(words: list[str]) -> Statement:
    if words[:1] != ["link"] or len(words) != 2:
        raise _WrongError("`link` and a time are needed")
    return steps.LoseLink(*_span(words[1]))


def _fault(words: list[str]) -> Statement:
    code = words[1] if len(words) == 2 else "OtherError"
    if len(words) > 2 or code not in FAULTS:
        raise _WrongError(f"unknown fault `{' '.join(words[1:])}`")
    return steps.Fault(_evse(words[:1]), code)


def _clear(words: list[str]) -> Statement:
    if words[:1] != ["fault"]:
        raise _WrongError("`fault` is missing")
    return steps.Fault(_evse(words[1:]), None)


def _misbehave(words: list[str]) -> Statement:
    count = conduct.DEFAULT_FLOOD
    if words[:1] in (["flood"], ["floods"]):
        if len(words) == 2 and words[1].isdecimal():
            count = int(words[1])
        elif len(words) != 1:
            raise _WrongError("flood takes one number")
        return steps.Misbehave(conduct.FLOOD, count)
    kind = " ".join(words).lower()
    if kind not in conduct.KINDS:
        raise _WrongError(f"unknown kind `{kind}`")
    return steps.Misbehave(kind, count)


def _send(words: list[str]) -> Statement:
    if not words:
        raise _WrongError("an action is needed")
    try:
        payload = msgspec.json.decode(words[1]) if len(words) == 2 else {}
    except msgspec.DecodeError as error:
        raise _WrongError(f"the payload is no JSON ({error})") from None
    return steps.Send(words[0], payload)


def _act(words: list[str]) -> Statement:
    if not words:
        raise _WrongError("what to do is missing")
    return steps.Act(words[0], tuple(words[1:]))


def _repeat(words: list[str]) -> Statement:
    if not words:
        return steps.Repeat(None)
    if len(words) != 1 or not words[0].isdecimal():
        raise _WrongError("repeat takes one number")
    return steps.Repeat(int(words[0]))


def _alone(statement: Statement) -> Callable[[list[str]], Statement]:
    def read(words: list[str]) -> Statement:
        if words:
            raise _WrongError(f"`{' '.join(words)}` is too much")
        return statement
    return read


def _evse(words: list[str]) -> int:
    if len(words) != 1 or not words[0].isdecimal() or int(words[0]) < 1:
        raise _WrongError(f"`{' '.join(words)}` is no EVSE number")
    return int(words[0])


def _seconds(word: str) -> float:
    match = _TIME.fullmatch(word)
    if match is None:
        raise _WrongError(f"`{word}` is no time")
    return float(match[1]) * _UNITS[match[2]]


def _span(word: str) -> tuple[float, float]:
    least, _, most = word.partition("..")
    shortest = _seconds(least)
    longest = _seconds(most) if most else shortest
    if longest < shortest:
        raise _WrongError("the second time is shorter than the first")
    return shortest, longest


def _amount(word: str) -> float:
    match = _AMOUNT.fullmatch(word.removesuffix("%"))
    if match is None:
        raise _WrongError(f"`{word}` is no amount")
    return float(match[1]) * (1000 if match[2] else 1)


_READERS: dict[str, Callable[[list[str]], Statement]] = {
    "plug": _plug, "swipe": _swipe, "unplug": lambda words: steps.Unplug(_evse(words)), "drive": _drive, "wait": _wait,
    "until": _until, "lose": _lose, "fault": _fault, "clear": _clear, "misbehave": _misbehave,
    "behave": _alone(steps.Behave()), "reboot": _alone(steps.Reboot()),
    "say": lambda words: steps.Say(" ".join(words)), "repeat": _repeat, "send": _send,
    "act": _act,
}
