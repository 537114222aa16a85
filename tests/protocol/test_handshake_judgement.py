"""Handshakes of real and of hostile stations: accepted how, or rejected with which status and reason."""

import base64
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ocpp.client_certificate import ClientCertificate
from protocol.ocpp.handshake import (
    Accept,
    Asked,
    ListenerFacts,
    Reject,
    StationFacts,
    TlsFacts,
    decide,
    read,
    unavailable,
)
from protocol.ocpp.version import Version

Headers = list[tuple[bytes, bytes]]
PLAIN = ListenerFacts(frozenset((0, 1)))
TLS = ListenerFacts(frozenset((2,)))
MUTUAL = ListenerFacts(frozenset((3,)))
KNOWN = StationFacts("CP1")


def headers(*more: tuple[bytes, bytes], without: bytes = b"", protocol: bytes | None = b"ocpp1.6") -> Headers:
    usual = [
        (b"Host", b"csms.example"),
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Key", b"x3JJHMbDL1EzLkh9GBhXDw=="),
        (b"Sec-WebSocket-Version", b"13"),
    ]
    if protocol is not None:
        usual.append((b"Sec-WebSocket-Protocol", protocol))
    return [pair for pair in usual if pair[0].lower() != without] + list(more)


def basic(user: bytes, password: bytes) -> tuple[bytes, bytes]:
    return b"Authorization", b"Basic " + base64.b64encode(user + b":" + password)


def ask(
    path: bytes = b"/ocpp/CP1",
    sent: Headers | None = None,
    tls: TlsFacts | None = None,
    listener: ListenerFacts = PLAIN,
) -> Asked | Reject:
    return read(path, headers() if sent is None else sent, tls, listener, {"acme", "größe"}.__contains__)


def asked(path: bytes = b"/ocpp/CP1", sent: Headers | None = None, **more: object) -> Asked:
    found = ask(path, sent, **more)  # type: ignore[arg-type]
    assert isinstance(found, Asked), found
    return found


def rejected(found: Asked | Accept | Reject, status: int, reason: str) -> Reject:
    assert isinstance(found, Reject), found
    assert (found.status, found.reason) == (status, reason)
    assert found.detail
    return found


@pytest.mark.parametrize(
    ("path", "tenant", "identity"),
    [
        (b"/ocpp/CP1", None, "CP1"),
        (b"/ocpp/acme/CP1", "acme", "CP1"),
        (b"/ocpp/gr%C3%B6%C3%9Fe/CP1", "größe", "CP1"),
        (b"/ocpp/other/CP1", None, "CP1"),
        (b"/ocpp/acme", None, "acme"),
        (b"/ocpp/acme/", None, "acme"),
        (b"/ocpp/acme/deeper/CP1", None, "CP1"),
        (b"/OCPP/acme/CP1", "acme", "CP1"),
        (b"/webServices/ocpp/CP1", None, "CP1"),
        (b"/CP1", None, "CP1"),
        (b"/acme/CP1", None, "CP1"),
        (b"//ocpp//CP1//", None, "CP1"),
        (b"/ocpp/CP1?token=/x/y", None, "CP1"),
        (b"/ocpp/CP1#part", None, "CP1"),
        (b"ws://csms.example:9000/ocpp/acme/CP1", "acme", "CP1"),
        (b"http://csms.example/ocpp/CP1", None, "CP1"),
        (b"/ocpp/RDAM%7C123", None, "RDAM|123"),
        (b"/ocpp/RDAM%20123%20", None, "RDAM 123"),
        (b"/ocpp/acme%2FCP1", None, "acme/CP1"),
        (b"/ocpp/CP%zz1", None, "CP%zz1"),
        ("/ocpp/Säule".encode(), None, "Säule"),
        (b"/ocpp/%2500", None, "%00"),
        (b"/ocpp/ocpp", None, "ocpp"),
    ],
)
def test_which_station_a_path_names(path: bytes, tenant: str | None, identity: str) -> None:
    found = asked(path)
    assert (found.tenant_slug, found.identity) == (tenant, identity)


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        (b"/", 404, "identity_missing"),
        (b"", 404, "identity_missing"),
        (b"/ocpp", 404, "identity_missing"),
        (b"/ocpp/", 404, "identity_missing"),
        (b"/ocpp/%20", 404, "identity_missing"),
        (b"/ocpp/" + b"x" * 300, 404, "identity_too_long"),
        (b"/ocpp/%FF%FE", 404, "identity_not_utf8"),
        (b"/ocpp/\xff", 404, "identity_not_utf8"),
        (b"/ocpp/%ED%A0%80", 404, "identity_not_utf8"),
        (b"/ocpp/CP%001", 404, "identity_not_printable"),
        (b"/ocpp/CP%0D%0ASet-Cookie:x", 404, "identity_not_printable"),
        (b"/ocpp/%E2%80%AECP1", 404, "identity_not_printable"),
    ],
)
def test_paths_that_name_no_station(path: bytes, status: int, reason: str) -> None:
    rejected(ask(path), status, reason)


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        ([], 426, "not_a_websocket"),
        ([(b"Host", b"x"), (b"Accept", b"text/html")], 426, "not_a_websocket"),
        (headers(without=b"upgrade"), 426, "not_a_websocket"),
        (headers(without=b"sec-websocket-key"), 400, "websocket_key"),
        (headers((b"Sec-WebSocket-Version", b"8"), without=b"sec-websocket-version"), 426, "websocket_version"),
        (headers((b"Sec-WebSocket-Key", b"another")), 400, "header_repeated"),
        (headers((b"Host", b"other.example")), 400, "header_repeated"),
        (headers(basic(b"CP1", b"a"), basic(b"CP1", b"b")), 400, "header_repeated"),
        (headers((b"X", b"a\r\nSet-Cookie: b")), 400, "header_invalid"),
        (headers((b"X\n", b"a")), 400, "header_invalid"),
        (headers((b"X", b"a\x00")), 400, "header_invalid"),
    ],
)
def test_requests_that_are_no_handshake(sent: Headers, status: int, reason: str) -> None:
    found = rejected(ask(sent=sent), status, reason)
    if status == 426:
        assert ("Upgrade", "websocket") in found.headers


@pytest.mark.parametrize(
    "sent",
    [
        headers(without=b"connection"),
        headers(without=b"host"),
        headers(without=b"sec-websocket-version"),
        headers((b"Origin", b"null")),
        headers((b"Sec-WebSocket-Key", b"x3JJHMbDL1EzLkh9GBhXDw==")),
        [(name.upper(), value.upper()) for name, value in headers()],
        headers((b"Upgrade", b"h2c, WebSocket"), without=b"upgrade"),
    ],
)
def test_what_real_stations_leave_out_or_write_otherwise(sent: Headers) -> None:
    found = decide(asked(sent=sent), KNOWN)
    assert isinstance(found, Accept)
    assert found.version is Version.V16


@pytest.mark.parametrize(
    ("offered", "pin", "version", "header"),
    [
        (b"ocpp1.6", None, Version.V16, "ocpp1.6"),
        (b"ocpp1.6, ocpp2.0.1", None, Version.V201, "ocpp2.0.1"),
        (b"ocpp1.6,ocpp2.0.1,ocpp2.1", None, Version.V21, "ocpp2.1"),
        (b"OCPP2.0.1", None, Version.V201, "OCPP2.0.1"),
        (b"ocpp1.5, soap, ocpp1.6", None, Version.V16, "ocpp1.6"),
        (b"ocpp2.1,ocpp1.6", Version.V16, Version.V16, "ocpp1.6"),
        (None, None, Version.V16, None),
        (None, Version.V16, Version.V16, None),
        (b" , ", None, Version.V16, None),
    ],
)
def test_which_version_is_taken(
    offered: bytes | None, pin: Version | None, version: Version, header: str | None
) -> None:
    found = decide(asked(sent=headers(protocol=offered)), StationFacts("CP1", version_pin=pin))
    assert isinstance(found, Accept)
    assert (found.version, found.subprotocol, found.close_after) == (version, header, None)


def test_offers_spread_over_several_headers() -> None:
    found = decide(asked(sent=headers((b"sec-websocket-protocol", b"ocpp2.1"))), KNOWN)
    assert isinstance(found, Accept)
    assert found.version is Version.V21


@pytest.mark.parametrize(
    ("offered", "station"),
    [
        (b"ocpp1.5", KNOWN),
        (b"mqtt", KNOWN),
        (b"ocpp1.6", StationFacts("CP1", version_pin=Version.V201)),
        (None, StationFacts("CP1", version_pin=Version.V201)),
        (None, StationFacts("CP1", subprotocol_optional=False)),
        (None, StationFacts("CP1", strict=True)),
    ],
)
def test_without_a_version_in_common_the_handshake_ends_and_the_connection_too(
    offered: bytes | None, station: StationFacts
) -> None:
    found = decide(asked(sent=headers(protocol=offered)), station)
    assert isinstance(found, Accept)
    assert found.subprotocol is None
    assert found.close_after is not None
    assert found.close_after.code == 1002
    assert len(found.close_after.reason.encode()) <= 123


def test_an_unknown_station_is_404_and_a_known_one_without_password_is_let_in() -> None:
    rejected(decide(asked(), None), 404, "unknown_station")
    found = decide(asked(b"/ocpp/acme/CP1"), KNOWN)
    assert found == Accept("CP1", "acme", Version.V16, 0, "ocpp1.6")


@pytest.mark.parametrize(
    ("sent", "ok", "reason"),
    [
        (headers(), None, "password_missing"),
        (headers((b"Authorization", b"Bearer abc")), None, "password_missing"),
        (headers((b"Authorization", b"Basic !!!")), None, "password_missing"),
        (headers((b"Authorization", b"Basic bm9jb2xvbg==")), None, "password_missing"),
        (headers((b"Authorization", b"Basic " + b"QUFB" * 2000)), None, "password_missing"),
        (headers(basic(b"CP1", b"wrong")), False, "password_wrong"),
        (headers(basic(b"CP1", b"unchecked")), None, "password_wrong"),
    ],
)
def test_passwords_missing_and_wrong(sent: Headers, ok: bool | None, reason: str) -> None:
    """A00.FR.207, A00.FR.324: identity and password have to fit."""
    found = rejected(decide(asked(sent=sent), StationFacts("CP1", 1, has_password=True, password_ok=ok)), 401, reason)
    assert ("WWW-Authenticate", 'Basic realm="OCPP"') in found.headers


def test_a_right_password_proves_profile_1_on_ws_and_2_on_wss() -> None:
    station = StationFacts("CP1", 1, has_password=True, password_ok=True)
    sent = headers(basic(b"cp1", b"secret"))
    for tls, listener, profile in ((None, PLAIN, 1), (TlsFacts(), TLS, 2)):
        found = decide(asked(sent=sent, tls=tls, listener=listener), station)
        assert isinstance(found, Accept)
        assert found.profile == profile


def test_another_user_name_counts_only_when_it_is_to_be_checked() -> None:
    question = asked(sent=headers(basic(b"admin", b"secret")))
    assert isinstance(decide(question, StationFacts("CP1", 1, has_password=True, password_ok=True)), Accept)
    for station in (
        StationFacts("CP1", 1, has_password=True, password_ok=True, check_username=True),
        StationFacts("CP1", 1, has_password=True, password_ok=True, strict=True),
    ):
        rejected(decide(question, station), 401, "password_wrong")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (b"secret", b"secret"),
        (b"00112233445566778899aabbccddeeff", bytes.fromhex("00112233445566778899aabbccddeeff")),
        (b"00112233445566778899aabbccddeeff", b"00112233445566778899AABBCCDDEEFF"),
        (bytes.fromhex("00ff2233445566778899aabbccddeeff"), b"00FF2233445566778899AABBCCDDEEFF"),
        (b"pass:with:colons", b"pass:with:colons"),
        (b"", b""),
    ],
)
def test_a_password_is_read_as_text_and_as_the_bytes_it_stands_for(sent: bytes, meant: bytes) -> None:
    found = asked(sent=headers(basic(b"CP1", sent))).credentials
    assert found is not None
    assert found.username == "CP1"
    assert found.passwords[0] == sent
    assert meant in found.passwords
    assert len(found.passwords) <= 4
    assert repr(sent) not in repr(found)


def test_an_identity_with_a_colon_keeps_its_password_whole() -> None:
    found = asked(b"/ocpp/CP:1", headers(basic(b"CP:1", b"secret"))).credentials
    assert found is not None
    assert (found.username, found.passwords) == ("CP:1", (b"secret",))


@pytest.mark.parametrize("written", [b"basic Q1AxOnNlY3JldA", b"BASIC   Q1AxOnNlY3JldA==", b"Basic Q1Ax\tOnNlY3JldA=="])
def test_credentials_written_carelessly(written: bytes) -> None:
    found = asked(sent=headers((b"Authorization", written))).credentials
    assert found is not None
    assert (found.username, found.passwords) == ("CP1", (b"secret",))


def test_a_lower_profile_than_required_or_proved_is_refused() -> None:
    sent = headers(basic(b"CP1", b"secret"))
    for station in (
        StationFacts("CP1", 2, has_password=True, password_ok=True),
        StationFacts("CP1", 1, 2, has_password=True, password_ok=True),
        StationFacts("CP1", 0, 1),
    ):
        rejected(decide(asked(sent=sent), station), 403, "profile_too_low")
    only_1 = ListenerFacts(frozenset((1,)))
    rejected(decide(asked(listener=only_1), KNOWN), 403, "profile_not_here")
    rejected(decide(asked(tls=TlsFacts(), listener=TLS), KNOWN), 401, "password_not_set")
    rejected(decide(asked(), StationFacts("CP1", 1)), 401, "password_not_set")


def test_a_strict_station_is_let_in_with_its_own_profile_alone() -> None:
    """A00.FR.002; A00.FR.001: one profile at a time, and while it is moved up (A05) the one it moves to as well."""
    question = asked(sent=headers(basic(b"CP1", b"secret")), tls=TlsFacts(), listener=TLS)
    station = StationFacts("CP1", 1, has_password=True, password_ok=True)
    assert isinstance(decide(question, station), Accept)
    rejected(decide(question, attrs.evolve(station, strict=True)), 403, "profile_too_high")
    assert isinstance(decide(question, attrs.evolve(station, strict=True, moving_to=2)), Accept)
    rejected(decide(question, attrs.evolve(station, strict=True, moving_to=3)), 403, "profile_too_high")
    assert isinstance(decide(question, attrs.evolve(station, strict=True, highest_profile=2)), Accept)


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT, OTHER = UUID(int=1), UUID(int=2)
SHOWN = ClientCertificate(
    "SERIAL-7", frozenset(("Operator",)), "ab" * 32, "5f", NOON - timedelta(days=1), NOON + timedelta(days=1), "EC 256",
    "cd" * 32,
)  # fmt: skip
OWNED = StationFacts("CP1", 3, serial_number="serial-7", organizations=frozenset(("operator",)), tenant_id=TENANT,
                     now=NOON)  # fmt: skip


def shown(**changes: Any) -> Asked:
    return asked(tls=TlsFacts(attrs.evolve(SHOWN, **changes)), listener=MUTUAL)


def test_a_client_certificate_stands_for_its_station_alone() -> None:
    """A00.FR.405: the serial number as told or as configured, or the identity."""
    named = attrs.evolve(OWNED, certificate_names=frozenset(("SERIAL-8",)))
    for name, station in (("cp1", OWNED), ("SERIAL-7", OWNED), ("serial-8", named), ("CP1", named)):
        found = decide(shown(common_name=name), station)
        assert isinstance(found, Accept)
        assert (found.profile, found.restricted) == (3, None)
    for wrong, station in (("CP2", OWNED), (None, OWNED), ("SERIAL-7", named)):
        rejected(decide(shown(common_name=wrong), station), 403, "certificate_of_another")


@pytest.mark.parametrize(
    ("changes", "about", "reason"),
    [
        ({"organizations": frozenset(("Somebody",))}, {}, "certificate_of_another_owner"),  # A00.FR.404
        ({"organizations": frozenset()}, {}, "certificate_of_another_owner"),
        ({"owners": frozenset((OTHER,))}, {}, "certificate_of_another_tenant"),
        ({"owners": frozenset()}, {}, "certificate_of_another_tenant"),
        ({"key": "RSA 1024"}, {}, "certificate_key"),  # A00.FR.502
        ({"key": "RSA 16384"}, {}, "certificate_key"),
        ({"key": "EC 192"}, {}, "certificate_key"),  # A00.FR.503
        ({"key": "unknown 0"}, {}, "certificate_key"),
        ({"chain_fault": "its authority expired"}, {}, "certificate_chain"),  # A00.FR.407
        ({"not_before": NOON + timedelta(hours=1)}, {"accept_expired": True}, "certificate_not_yet_valid"),
        ({"not_after": NOON - timedelta(hours=1)}, {}, "certificate_expired"),
        ({"not_after": NOON - timedelta(hours=1)}, {"accept_expired": True, "revoked": True}, "certificate_revoked"),
        ({}, {"revoked": True}, "certificate_revoked"),
    ],
)
def test_certificates_that_do_not_count(changes: dict[str, Any], about: dict[str, Any], reason: str) -> None:
    rejected(decide(shown(**changes), attrs.evolve(OWNED, **about)), 403, reason)


def test_an_authority_may_be_one_tenants_or_everybodys() -> None:
    assert isinstance(decide(shown(owners=frozenset((TENANT, OTHER))), OWNED), Accept)
    unchecked = attrs.evolve(OWNED, organizations=frozenset())
    assert isinstance(decide(shown(organizations=frozenset()), unchecked), Accept)


def test_an_expired_certificate_is_taken_on_sufferance_where_an_operator_said_so() -> None:
    """A00.FR.429: this station explicitly, and as Pending."""
    found = decide(shown(not_after=NOON - timedelta(hours=1)), attrs.evolve(OWNED, accept_expired=True))
    assert isinstance(found, Accept)
    assert found.restricted is not None
    assert "2026-03-01 11:00Z" in found.restricted


def test_a_password_on_its_way_locks_nobody_out() -> None:
    """A lost answer: whichever password it comes back with is right; a station without one may stay without."""
    sent, none = asked(sent=headers(basic(b"CP1", b"x"))), asked()
    first = StationFacts("CP1", 0, password_pending=True)
    for question, ok, profile in ((sent, True, 1), (sent, False, 0), (none, None, 0)):
        found = decide(question, attrs.evolve(first, password_ok=ok))
        assert isinstance(found, Accept)
        assert found.profile == profile
    second = StationFacts("CP1", 1, has_password=True, password_pending=True)
    assert isinstance(decide(sent, attrs.evolve(second, password_ok=True)), Accept)
    rejected(decide(sent, attrs.evolve(second, password_ok=False)), 401, "password_wrong")
    rejected(decide(none, second), 401, "password_missing")
    rejected(decide(none, StationFacts("CP1", 2, password_pending=True)), 401, "password_missing")


def test_with_a_password_beside_a_certificate_profile_3_is_what_counts() -> None:
    """A00.FR.001: one profile at a time."""
    with_password = StationFacts("CP1", 3, has_password=True, password_ok=True)
    question = asked(sent=headers(basic(b"CP1", b"x")), tls=TlsFacts(), listener=ListenerFacts(frozenset((2, 3))))
    rejected(decide(question, with_password), 403, "profile_too_low")


def test_identities_that_2_x_does_not_allow() -> None:
    long = b"/ocpp/" + b"x" * 49
    station = StationFacts("x" * 49)
    rejected(decide(asked(long, headers(protocol=b"ocpp2.0.1")), station), 400, "identity_too_long")
    for offered in (b"ocpp2.0.1, ocpp1.6", None):
        found = decide(asked(long, headers(protocol=offered)), station)
        assert isinstance(found, Accept)
        assert found.version is Version.V16
    colon = asked(b"/ocpp/CP:1", headers(protocol=b"ocpp2.1"))
    assert isinstance(decide(colon, StationFacts("CP:1")), Accept)
    rejected(decide(colon, StationFacts("CP:1", strict=True)), 400, "identity_with_colon")


@pytest.mark.parametrize(
    ("offer", "header", "bits"),
    [
        (b"permessage-deflate", "", 15),
        (b"permessage-deflate; client_max_window_bits", "", 15),
        (
            b"permessage-deflate; server_max_window_bits=10; client_no_context_takeover",
            "; server_max_window_bits=10",
            10,
        ),
        (b'permessage-deflate; server_max_window_bits="9"', "; server_max_window_bits=9", 9),
        (b"permessage-deflate; server_max_window_bits=8, permessage-deflate", "", 15),
        (b"x-webkit-deflate-frame, PerMessage-Deflate", "", 15),
    ],
)
def test_compression_is_agreed_for_2_x(offer: bytes, header: str, bits: int) -> None:
    sent = headers((b"Sec-WebSocket-Extensions", offer), protocol=b"ocpp2.0.1")
    found = decide(asked(sent=sent), KNOWN)
    assert isinstance(found, Accept)
    assert found.deflate is not None
    assert found.deflate.bits == bits
    usual = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    assert found.deflate.header == usual + header


@pytest.mark.parametrize(
    "offer",
    [
        b"",
        b"permessage-bzip2",
        b"permessage-deflate; server_max_window_bits=8",
        b"permessage-deflate; server_max_window_bits=16",
        b"permessage-deflate; server_max_window_bits",
        b"permessage-deflate; unheard_of",
        b"permessage-deflate; client_no_context_takeover=1",
        b"permessage-deflate; client_no_context_takeover; client_no_context_takeover",
    ],
)
def test_offers_that_cannot_be_met(offer: bytes) -> None:
    found = decide(asked(sent=headers((b"Sec-WebSocket-Extensions", offer), protocol=b"ocpp2.1")), KNOWN)
    assert isinstance(found, Accept)
    assert found.deflate is None


def test_compression_can_be_switched_for_each_station() -> None:
    offer = (b"Sec-WebSocket-Extensions", b"permessage-deflate")
    for protocol, switch, wanted in (
        (b"ocpp1.6", None, False),
        (b"ocpp1.6", True, True),
        (b"ocpp2.1", False, False),
        (b"ocpp2.1", None, True),
    ):
        found = decide(asked(sent=headers(offer, protocol=protocol)), StationFacts("CP1", compression=switch))
        assert isinstance(found, Accept)
        assert (found.deflate is not None) is wanted


def test_no_verdict_is_503_with_a_time_to_come_back() -> None:
    assert unavailable("store_away", "later", 2.1).headers == (("Retry-After", "3"),)
    held = rejected(decide(asked(), StationFacts("CP1", held_off=30)), 503, "held_off")
    assert held.headers == (("Retry-After", "30"),)


@given(
    path=st.binary(max_size=80) | st.binary(max_size=40).map(lambda tail: b"/ocpp/" + tail),
    more=st.lists(
        st.tuples(
            st.sampled_from(
                (b"Authorization", b"Sec-WebSocket-Protocol", b"Sec-WebSocket-Extensions", b"Upgrade", b"X")
            ),
            st.binary(max_size=40) | st.binary(max_size=30).map(lambda tail: b"Basic " + base64.b64encode(tail)),
        ),
        max_size=4,
    ),
    known=st.booleans(),
    ok=st.sampled_from((None, True, False)),
)
def test_any_request_gets_an_answer(path: bytes, more: Headers, known: bool, ok: bool | None) -> None:
    found = ask(path, headers(*more))
    if isinstance(found, Asked):
        assert 0 < len(found.identity.encode().decode()) <= 255
        assert not any(unicodedata.category(each) == "Cc" for each in found.identity)
        station = StationFacts(found.identity, has_password=ok is not None, password_ok=ok) if known else None
        answer = decide(found, station)
        assert isinstance(answer, Accept | Reject)
        assert known or isinstance(answer, Reject)
        if isinstance(answer, Accept):
            assert ok is not False
    else:
        assert 400 <= found.status < 500
