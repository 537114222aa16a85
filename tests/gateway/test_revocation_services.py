"""Revocation and contract pools over real connections: what is believed, and what becomes of partners' bad manners."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
import trio
from cryptography import x509

from actors.contract.hashing import hash_data, identify
from actors.contract.objects import ContractAsked, Failure, PoolAsked, StatusAsked, StatusFound
from gateway.services.addresses import public
from gateway.services.cache import UntilCache
from gateway.services.http import OutsideFailed, open_http
from simulators.contract_pool.pool import Pool, certificate
from simulators.http import Request, Response
from simulators.ocsp.authority import Issued
from tests.support.authority import make as make_certificate
from tests.support.authority import of_version_7
from tests.support.contracts import EMAID, STATION, TENANT, Partners, partners


def hashes(site: Partners, issued: Issued, algorithm: str = "SHA256") -> dict[str, Any]:
    """Hash data of a contract certificate as a station gives it."""
    return hash_data(identify(issued.certificate, site.authority.sub.certificate, algorithm))


async def status(site: Partners, issued: Issued, source: Any = "OCSP", *urls: str) -> StatusFound | Failure:
    path = "ocsp" if source == "OCSP" else "crl"
    asked = StatusAsked(source, urls or (f"{site.url}/{path}",), hashes(site, issued))
    (found,) = await site.check.statuses(TENANT, STATION, [asked])
    return found


async def reason(site: Partners, issued: Issued, source: Any = "OCSP") -> str:
    found = await status(site, issued, source)
    assert isinstance(found, Failure), found
    return found.reason


async def test_a_status_is_asked_for_once_until_its_next_update() -> None:
    """OCPP 2.0.1 Part 2, M06.FR.02, M06.FR.03, M06.FR.08, M06.FR.09; 2.1 Part 2, M07.FR.01, M07.FR.03."""
    async with partners() as site:
        issued = site.authority.contract(EMAID)
        site.trust_sub()
        first = await status(site, issued)
        assert isinstance(first, StatusFound)
        assert first.status == "good"
        assert first.verified
        assert x509.ocsp.load_der_ocsp_response(first.der).serial_number == issued.certificate.serial_number
        site.responder.revoked.add(issued.certificate.serial_number)
        assert await status(site, issued) == first
        assert site.responder.asked["/ocsp"] == 1
        site.clock.ahead += timedelta(hours=1)
        later = await status(site, issued)
        assert isinstance(later, StatusFound)
        assert later.status == "revoked"
        assert site.responder.asked["/ocsp"] == 2


@pytest.mark.parametrize(("manner", "why"), [
    ("wrong", "WrongCertificate"), ("stale", "Outdated"), ("garbage", "NotOcsp"), ("refuse", "ResponderRefused"),
    ("huge", "TooLarge"), ("status", "ResponderStatus"), ("forged", "BadSignature"),
])  # fmt: skip
async def test_what_a_bad_responder_says_is_not_believed(manner: str, why: str) -> None:
    """M06.FR.04, M07.FR.02. The issuer is known here, so signatures count."""
    async with partners() as site:
        site.trust_sub()
        issued = site.authority.contract(EMAID)
        site.responder.manner = manner
        assert await reason(site, issued) == why
        site.responder.manner = None
        found = await status(site, issued)  # nothing of it was kept
        assert isinstance(found, StatusFound)
        assert found.verified


async def test_a_replayed_answer_is_not_believed() -> None:
    async with partners() as site:
        issued = site.authority.contract(EMAID)
        site.trust_sub()
        site.responder.manner = "replay"
        assert isinstance(await status(site, issued), StatusFound)
        site.responder.revoked.add(issued.certificate.serial_number)
        site.clock.ahead += timedelta(hours=1)  # ours is over, and the responder gives the old one again
        assert await reason(site, issued) == "Replayed"


async def test_a_responder_without_nonce_counts_while_fresh_and_a_slow_one_does_not() -> None:
    async with partners(deadline=0.2) as site:
        issued = site.authority.contract(EMAID)
        site.trust_sub()
        site.responder.manner = "slow"
        assert await reason(site, issued) == "Timeout"
        site.responder.manner = "no-nonce"
        assert isinstance(await status(site, issued), StatusFound)


async def test_the_next_address_is_asked_when_one_fails() -> None:
    async with partners() as site:
        issued = site.authority.contract(EMAID)
        site.trust_sub()
        found = await status(site, issued, "OCSP", "ftp://127.0.0.1/x", f"{site.url}/none", f"{site.url}/ocsp")
        assert isinstance(found, StatusFound)
        found = await status(site, issued, "CRL", "ftp://127.0.0.1/x", f"{site.url}/crl")
        assert isinstance(found, StatusFound)


async def test_a_revocation_list_is_fetched_once_and_says_who_is_on_it() -> None:
    """OCPP 2.1 Part 2, M07.FR.04, M07.FR.05, M07.FR.06, M07.FR.07."""
    async with partners() as site:
        site.trust_sub()
        good, bad = site.authority.contract(EMAID), site.authority.contract("DE8AA1A2B3C4D6")
        site.responder.revoked.add(bad.certificate.serial_number)
        told = [await status(site, each, "CRL") for each in (good, bad)]
        assert [each.status for each in told if isinstance(each, StatusFound)] == ["good", "revoked"]
        assert site.responder.asked["/crl"] == 1


@pytest.mark.parametrize(("manner", "why"), [
    ("wrong", "WrongIssuer"), ("stale", "Outdated"), ("garbage", "NotCrl"), ("status", "CrlStatus"),
    ("forged", "BadSignature"), ("huge", "TooLarge"),
])  # fmt: skip
async def test_what_a_bad_list_says_is_not_believed(manner: str, why: str) -> None:
    async with partners() as site:
        site.trust_sub()
        site.responder.manner = manner
        assert await reason(site, site.authority.contract(EMAID), "CRL") == why


@pytest.mark.parametrize("source", ["OCSP", "CRL"])
async def test_good_news_of_an_unknown_issuer_is_not_believed(source: Any) -> None:
    """M07.FR.02, C07.FR.05, C07.FR.17: unless the tenant says so, or a station checks the answer itself (M06.FR.02)."""
    async with partners() as site:
        issued, bad = site.authority.contract(EMAID), site.authority.contract(EMAID)
        site.responder.revoked.add(bad.certificate.serial_number)
        assert await reason(site, issued, source) == "Unverified"
        told = await status(site, bad, source)
        assert isinstance(told, StatusFound)
        assert told.status == "revoked", "bad news is believed of anybody"
        data = hashes(site, issued) | {"responderURL": f"{site.url}/ocsp"}
        asked = ContractAsked(EMAID, None, (data,))
        found = await site.check.contract(TENANT, STATION, asked)
        assert (found.verdict, "contract-roots" in found.why) == ("invalid", True)
        relayed = StatusAsked("OCSP", (f"{site.url}/ocsp",), hashes(site, issued), relayed=True)
        assert isinstance((await site.check.statuses(TENANT, STATION, [relayed]))[0], StatusFound)
        site.roots.anchors = attrs.evolve(site.roots.anchors, unverified=True)
        assert isinstance(await status(site, issued, source), StatusFound)
        assert (await site.check.contract(TENANT, STATION, asked)).verdict == "accepted"


async def test_an_issuer_that_comes_with_the_answer_counts_when_it_leads_to_a_root() -> None:
    async with partners() as site, partners() as other:
        site.responder.brings = (site.authority.sub.certificate,)
        found = await status(site, site.authority.contract(EMAID))
        assert isinstance(found, StatusFound)
        assert found.verified
        other.responder.brings = (other.authority.sub.certificate,)
        other.roots.anchors = site.roots.anchors  # whose root did not sign it
        assert await reason(other, other.authority.contract(EMAID)) == "Unverified"


async def test_hash_data_that_means_nothing_is_told_so() -> None:
    async with partners() as site:
        short = {"hashAlgorithm": "SHA256", "issuerNameHash": "ab", "issuerKeyHash": "cd", "serialNumber": "1"}
        odd = short | {"serialNumber": "x"}
        asked = [StatusAsked("OCSP", (site.url,), data) for data in (short, odd)]
        found = await site.check.statuses(TENANT, STATION, asked)
        assert [each.reason for each in found if isinstance(each, Failure)] == ["BadHashData", "BadHashData"]


# Contracts


async def test_a_whole_chain_is_accepted_and_every_certificate_asked_after() -> None:
    """C07.FR.05 and FR.06, lines broken anyhow and in any order."""
    async with partners() as site:
        chain = site.authority.chain(site.authority.contract(EMAID))
        first, second = chain.split("-----END CERTIFICATE-----\n")[:2]
        turned = (second + "-----END CERTIFICATE-----\n" + first + "-----END CERTIFICATE-----\n").replace("\n", "\\n")
        for text in (chain, turned, chain.replace("\n", "\r\n")):
            found = await site.check.contract(TENANT, STATION, ContractAsked("de-8aa-1a2b3c4d5", text))
            assert (found.verdict, found.checked) == ("accepted", 2), found
        assert site.responder.asked["/ocsp"] == 2


async def test_each_failure_of_a_chain_has_its_verdict() -> None:
    """C07.FR.15, FR.16 and FR.17."""
    async with partners() as site:
        make, chain = site.authority.contract, site.authority.chain
        revoked, unknown = make(EMAID), make(EMAID)
        site.responder.revoked.add(revoked.certificate.serial_number)
        site.responder.unknown.add(unknown.certificate.serial_number)
        stranger = make_certificate("Stranger")
        below = make(EMAID, issuer=make("DE8AA1A2B3C4D9"))
        cases = {
            "expired": [chain(make(EMAID, lasts=timedelta(days=-1)))],
            "revoked": [chain(revoked)],
            "invalid": [
                chain(make(EMAID, since=timedelta(days=-1))),  # not yet valid
                chain(make("DE8AA9Z9Z9Z9Z9")),  # of another contract
                chain(unknown),
                make(EMAID).pem,  # the sub-authority is missing
                below.pem + chain(make(EMAID)),  # two leaves
                "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                of_version_7(stranger), "-----BEGIN CERTIFICATE-----" * 999,
                chain(make(EMAID)) * 4,
            ],
        }  # fmt: skip
        for verdict, texts in cases.items():
            for text in texts:
                found = await site.check.contract(TENANT, STATION, ContractAsked(EMAID, text))
                assert found.verdict == verdict, (text[:60], found)
                assert found.why


async def test_a_leaf_may_not_issue_and_a_strange_root_is_not_believed() -> None:
    async with partners() as site, partners() as other:
        leaf = site.authority.contract(EMAID)
        forged = site.authority.contract(EMAID, issuer=leaf)
        text = forged.pem + site.authority.chain(leaf)
        found = await site.check.contract(TENANT, STATION, ContractAsked(EMAID, text))
        assert (found.verdict, "may not issue" in found.why) == ("invalid", True)
        strange = other.authority.chain(other.authority.contract(EMAID))  # the same names, other keys
        found = await site.check.contract(TENANT, STATION, ContractAsked(EMAID, strange))
        assert found.verdict == "invalid"


async def test_without_its_responder_the_list_counts_and_without_both_the_chain_is_not_verified() -> None:
    """Quirk 34: chains that name no address; a strict station's are refused."""
    async with partners() as site:
        only_list = site.authority.contract(EMAID, ocsp=False)
        nothing = site.authority.contract(EMAID, ocsp=False, crl=False)
        for issued, strict, verdict in ((only_list, True, "accepted"), (nothing, False, "accepted"),
                                        (nothing, True, "invalid")):  # fmt: skip
            asked = ContractAsked(EMAID, site.authority.chain(issued), (), strict)
            assert (await site.check.contract(TENANT, STATION, asked)).verdict == verdict
        site.roots.anchors = attrs.evolve(site.roots.anchors, unnamed=False)  # as the tenant may say
        asked = ContractAsked(EMAID, site.authority.chain(nothing))
        assert (await site.check.contract(TENANT, STATION, asked)).verdict == "invalid"
        site.responder.manner = "status"
        site.clock.ahead += timedelta(hours=2)
        asked = ContractAsked(EMAID, site.authority.chain(site.authority.contract(EMAID)))
        assert (await site.check.contract(TENANT, STATION, asked)).verdict == "invalid"


async def test_hash_data_alone_is_asked_after_too() -> None:
    """C07.FR.02 and FR.05: the station has checked the chain itself."""
    async with partners() as site:
        issued = site.authority.contract(EMAID)
        site.trust_sub()
        data = hashes(site, issued, "SHA384") | {"responderURL": f"{site.url}/ocsp"}
        asked = ContractAsked(EMAID, None, (data,))
        assert (await site.check.contract(TENANT, STATION, asked)).verdict == "accepted"
        site.clock.ahead += timedelta(hours=1)
        site.responder.revoked.add(issued.certificate.serial_number)
        assert (await site.check.contract(TENANT, STATION, asked)).verdict == "revoked"
        broken = ContractAsked(EMAID, None, (data | {"serialNumber": "zz"},))
        assert (await site.check.contract(TENANT, STATION, broken)).verdict == "invalid"


# The pool

EXI = PoolAsked("urn:iso:15118:2:2013:MsgDef", "Install", "gJgC")


async def test_a_request_goes_to_the_pool_as_it_is_and_its_answer_back() -> None:
    """OCPP 2.0.1 Part 2, M01 and M02."""
    async with partners() as site:
        pool = Pool(token="hush")
        answer = await (await site.pool(pool, token="hush")).get(TENANT, STATION, EXI)
        assert (answer.exi, answer.failure) == (certificate("gJgC"), None)
        wanted = {"iso15118SchemaVersion": EXI.schema, "action": "Install", "exiRequest": "gJgC"}
        assert pool.requests == [wanted]
        refused = await (await site.pool(pool, token="other")).get(TENANT, STATION, EXI)
        assert refused.failure is not None
        assert (refused.failure.reason, "401" in refused.failure.text) == ("PoolStatus", True)


@pytest.mark.parametrize(("word", "why"), [
    ("slow", "Timeout"), ("garbage", "PoolAnswer"), ("empty", "PoolAnswer"), ("refuse", "NoContract"),
    ("status", "PoolStatus"),
])  # fmt: skip
async def test_a_pool_that_fails_gives_a_reason_a_station_can_read(word: str, why: str) -> None:
    async with partners() as site:
        answer = await (await site.pool(Pool([word]), deadline=0.3)).get(TENANT, STATION, EXI)
        assert answer.failure is not None
        assert answer.failure.info()["reasonCode"] == why
        assert answer.failure.text


async def test_several_contracts_are_given_one_a_request() -> None:
    """OCPP 2.1 Part 2, M01.FR.04 and FR.07."""
    async with partners() as site:
        pool = Pool(["several"])
        service = await site.pool(pool)
        asked = PoolAsked(EXI.schema, "Install", "gJgC", 3, ("DE8AA1A2B3C4D5",))
        told = [await service.get(TENANT, STATION, asked) for _ in range(3)]
        assert [(each.exi, each.remaining) for each in told] == [
            (certificate("gJgC", number), 2 - number) for number in range(3)
        ]
        assert len(pool.requests) == 1
        assert pool.requests[0]["prioritizedEMAIDs"] == ["DE8AA1A2B3C4D5"]
        limited = PoolAsked(EXI.schema, "Install", "other", 1)
        assert (await service.get(TENANT, STATION, limited)).remaining == 0
        old = await service.get(TENANT, STATION, PoolAsked(EXI.schema, "Install", "older"))
        assert (old.exi, old.remaining) == (certificate("older", 0), None)  # ISO 15118-2 takes one


async def test_without_a_pool_the_station_is_told_so() -> None:
    async with partners() as site:
        service = await site.pool(Pool())
        service.url = None
        answer = await service.get(TENANT, STATION, EXI)
        assert answer.failure is not None
        assert answer.failure.reason == "NoPool"


# The client


async def test_nobody_reaches_private_addresses_through_us_unless_allowed() -> None:
    seen: list[str] = []

    async def handle(request: Request) -> Response:
        seen.append(request.headers["host"])
        return Response(302, b"", "text/plain")

    async with partners() as site, open_http(private=False) as strict:
        url = await site.server(handle)
        port = url.rpartition(":")[2]
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"):
            with pytest.raises(OutsideFailed) as caught:
                await strict.fetch("GET", f"http://{host}:{port}/", tenant=TENANT, deadline=2, limit=100)
            assert caught.value.reason in ("Forbidden", "Unreachable"), host
        assert seen == []
        answer = await site.http.fetch("GET", f"http://localhost:{port}/", tenant=TENANT, deadline=2, limit=100)
        assert (answer.status, seen) == (302, [f"localhost:{port}"])  # the name goes with it; no redirect is followed
        assert (await strict.fetch("GET", url, tenant=TENANT, deadline=2, limit=100, trusted=True)).status == 302
        for wrong in ("ftp://example.org/", "no address", "http://"):
            with pytest.raises(OutsideFailed) as caught:
                await strict.fetch("GET", wrong, tenant=TENANT, deadline=2, limit=100)
            assert caught.value.reason == "BadAddress", wrong


def test_which_addresses_are_public() -> None:
    for place in ("192.0.2.1", "224.0.0.1", "::1", "2002:7f00:1::", "fe80::1", "100.64.0.1", "::ffff:10.0.0.1"):
        assert not public(place), place
    assert public("8.8.8.8")
    assert public("2001:4860:4860::8888")


async def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    async with partners() as site:
        cache: UntilCache[int, str] = UntilCache(2)
        now, later = site.clock(), site.clock() + timedelta(minutes=1)
        for number in (1, 2):
            cache.put(number, "x", later, now)
        cache.get(1, now)
        cache.put(3, "x", later, now)
        cache.put(4, "x", now, now)
        assert [cache.get(number, now) for number in (1, 2, 3, 4)] == ["x", None, "x", None]
        assert cache.get(1, later) is None
        assert len(cache) == 1
    await trio.lowlevel.checkpoint()
