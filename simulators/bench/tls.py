"""Stations with TLS that all dial at once: profile 2 and 3, first without sessions, then taking them up, then without.

Nobody may be starved: each station's time from the beginning of the storm to its answered BootNotification is kept.
"""

import time
from collections.abc import Callable
from typing import Any

from simulators.bench.child import BenchError, Child
from simulators.bench.cpu import between, books
from simulators.bench.figures import Figure, figure, ratio
from simulators.bench.lab import Lab, Load, Subject, free_port
from simulators.bench.tls_files import Issuer, make_files, write
from simulators.bench.tls_load import KINDS

_DEADLINE_S = 120.0
_REST_S = 2.0
_MAKING_S = 180.0


def take(lab: Lab, *, stations: int, say: Callable[[str], None]) -> dict[str, Any]:
    """`stations` of each profile, one profile after the other, on a listener that takes both."""
    folder = lab.folder / "tls"
    issuer = make_files(folder)
    port = free_port()
    pairs = "&".join(f"cert={folder}/server-{kind}.pem&key={folder}/server-{kind}.key" for kind in ("ec", "rsa"))
    listen = f"wss://127.0.0.1:{port}?{pairs}&profiles=2,3&client-ca={folder}/ca.pem"
    lab.place_database(beside_subject=False)
    found: dict[str, Any] = {"stations": stations}
    for profile in (2, 3):
        fleet = _fleet(lab, issuer, profile, stations)
        with lab.node(VOLTYARD_OCPP_LISTEN=listen) as subject, Child(
            "the load", "simulators.bench.tls_load", [], {lab.other_core}, lab.folder / f"tls-load-{profile}.log"
        ) as child:
            load = Load(child)
            load.do("make", patience=_MAKING_S, port=port, ca=f"{folder}/ca.pem", stations=fleet)
            found[f"profile_{profile}"] = _storms(lab, subject, load, profile, say)
    return found


def _fleet(lab: Lab, issuer: Issuer, profile: int, stations: int) -> list[dict[str, Any]]:
    kinds = list(KINDS)
    made = []
    for number, (identity, password) in enumerate(lab.rows.add_stations(stations, f"T{profile}-")):
        given: dict[str, Any] = {"identity": identity, "kind": kinds[number % len(kinds)], "password": password}
        if profile == 3:
            cert, key = write(lab.folder / "tls", identity, issuer, identity)
            given |= {"cert": cert, "key": key, "password": None}
        made.append(given)
    lab.rows.set_profile(f"T{profile}-", profile)
    return made


def _storms(lab: Lab, subject: Subject, load: Load, profile: int, say: Callable[[str], None]) -> dict[str, Any]:
    found = {"first": _storm(lab, subject, load, f"profile {profile}, first", say)}
    for name, forget in (("resumed", False), ("full", True)):
        load.do("drop", forget=forget)
        time.sleep(_REST_S)
        found[name] = _storm(lab, subject, load, f"profile {profile}, redial, {name}", say)
    if not found["resumed"]["resumed"]:
        raise BenchError("no session was taken up again: resumption is off")
    return found


def _storm(lab: Lab, subject: Subject, load: Load, name: str, say: Callable[[str], None]) -> dict[str, Any]:
    before = books(subject.pid, lab.postmaster, load.pid, lab.cores)
    result = load.do("storm", deadline_s=_DEADLINE_S)
    spent = between(before, books(subject.pid, lab.postmaster, load.pid, lab.cores))
    if not result["complete"]:
        raise BenchError(f"{name}: only {result['booted']} of {result['stations']} were booted after "
                         f"{result['seconds']:.0f} s: {result['refusals']}; {subject.child.last_words()}")
    each = 1e6 / result["stations"]
    ours = spent.subject + spent.database + spent.load
    result |= {"subject_us": spent.subject * each, "database_us": spent.database * each,
               "subject_share": ratio(spent.subject, spent.clock), "load_share": ratio(spent.load, spent.clock),
               "foreign_share": max(0.0, ratio(spent.busy - ours, spent.clock * len(lab.cores)))}
    say(f"{name}: {result['booted']} in {result['seconds']:.2f} s ({result['resumed']} resumed), p50 "
        f"{result['p50_s']:.2f} s, p99 {result['p99_s']:.2f} s, longest {result['longest_s']:.2f} s, "
        f"{result['dials']} dials, refused {result['refusals'] or 'none'}; {result['subject_us']:.0f} µs a station, "
        f"node {result['subject_share']:.0%} and load {result['load_share']:.0%} of a core, others "
        f"{result['foreign_share']:.0%}")
    return result


def figures(found: dict[str, Any]) -> list[Figure]:
    """The slowest storm of both profiles counts."""
    storms = [(profile, name, found[f"profile_{profile}"][name]) for profile in (2, 3)
              for name in ("first", "resumed", "full")]
    slowest = max(one["seconds"] for _, _, one in storms)
    note = f"{found['stations']} stations; " + ", ".join(
        f"profile {profile} {name} {one['seconds']:.1f} s" for profile, name, one in storms)
    return [figure("tls_storm_seconds", slowest, note)]
