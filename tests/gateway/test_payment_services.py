"""VAT numbers asked of a service that speaks like VIES, and addresses of receipts."""

from uuid import UUID

import httpx
import msgspec
import pytest

from gateway.services.http import OutsideFailed, OutsideHttp
from gateway.services.payments import Receipts, VatNumbers, read

ID = UUID(int=1)
URL = "http://192.0.2.1/check-vat-number"


class Vies:
    """Answers as it is told; keeps what it was asked."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.asked: list[object] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(msgspec.json.decode(request.content))
        return self.answers.pop(0)


def service(vies: Vies, url: str | None = URL) -> VatNumbers:
    client = httpx.AsyncClient(transport=httpx.MockTransport(vies))
    return VatNumbers(OutsideHttp(client, private=False), url, 5.0)


async def test_a_good_number_is_asked_about_once_and_a_bad_one_each_time() -> None:
    good = {"valid": True, "name": "VAN DAMME BV", "address": "KADE 1\nACHTERHUIS\n1234AB AMSTERDAM"}
    vies = Vies(httpx.Response(200, json=good), *[httpx.Response(200, json={"valid": False})] * 2)
    check = service(vies).check
    company = {"name": "VAN DAMME BV", "address1": "KADE 1", "address2": "ACHTERHUIS", "city": "AMSTERDAM",
               "postalCode": "1234AB", "country": "NL"}  # fmt: skip
    for _ in range(2):
        assert await check(ID, ID, "NL123456789B01") == {"valid": True, "company": company}
    for _ in range(2):
        assert await check(ID, ID, "DE123456789") == {"valid": False, "company": None}
    assert vies.asked[0] == {"countryCode": "NL", "vatNumber": "123456789B01"}
    assert len(vies.asked) == 3


async def test_without_a_service_the_form_is_enough() -> None:
    assert await service(Vies(), None).check(ID, ID, "DE123456789") == {"valid": True, "company": None}


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (200, b"not json"), (200, b'{"valid":"yes"}'), (200, b"[]"), (429, b'{"valid":true}')],
)
def test_what_is_no_answer_says_nothing(status: int, body: bytes) -> None:
    assert read(status, body, "DE") is None


async def test_a_service_that_says_too_much_is_cut_off() -> None:
    vies = Vies(httpx.Response(200, content=b" " * 100_000))
    with pytest.raises(OutsideFailed):
        await service(vies).check(ID, ID, "DE123456789")


def test_names_that_an_authority_keeps_to_itself_make_no_company() -> None:
    assert read(200, b'{"isValid":true,"name":"---","address":"---"}', "ES") == {"valid": True, "company": None}
    one = read(200, msgspec.json.encode({"valid": True, "name": "X", "address": "Seoul"}), "AT")
    assert one is not None
    assert one["company"] == {"name": "X", "address1": "Seoul", "city": "Seoul", "country": "AT"}


async def test_receipts_have_an_address_by_the_operators_pattern() -> None:
    about = {"psp_ref": "A/1", "transaction_id": None}
    assert await Receipts(None).find(ID, ID, about) is None
    found = await Receipts("https://r.example/{psp_ref}?t={transaction_id}").find(ID, ID, about)
    assert found == {"url": "https://r.example/A%2F1?t=", "id": "A/1"}
    assert await Receipts("https://r.example/" + "x" * 2000 + "{psp_ref}").find(ID, ID, about) is None
