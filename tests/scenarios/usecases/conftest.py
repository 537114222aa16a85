"""One node for the whole walk, with partners on ports of their own; every case has a station of its own there."""

from collections.abc import Iterator

import attrs
import pytest

from tests.support.node import Node, free_ports, running_node
from tests.support.walking import TOKEN


@attrs.frozen
class Partners:
    """Where the node asks for contract certificates, and where a test may serve an OCSP responder."""

    pool: int
    ocsp: int


@pytest.fixture(scope="package")
def partners() -> Partners:
    return Partners(*free_ports(2))


@pytest.fixture(scope="package")
def walked(partners: Partners) -> Iterator[Node]:
    pool = f"http://127.0.0.1:{partners.pool}/"
    with running_node(contract_pool_url=pool, outside_private="true", station_calm="1s") as node:
        node.add_token(TOKEN)
        yield node
