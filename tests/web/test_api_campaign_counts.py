"""The list of campaigns counts the stations of all of them at once."""

from unittest import mock

import pytest

from storage.web.statements import statement
from tests.support.api import Api
from tests.web.test_api_files import ready

pytestmark = pytest.mark.server


async def test_each_campaign_has_its_own_counts_and_one_statement_finds_them(api: Api) -> None:
    image = await ready(api)
    for name in ("CP1", "CP2", "CP3"):
        await api.station(name)
    for named, waves in ((["CP1", "CP2", "CP3"], [{"size": 1}]), (["CP2"], [])):
        body = {"name": f"of {len(named)}", "firmware": image["id"], "paused": True, "rules": {"waves": waves},
                "select": {"stations": named}}  # fmt: skip
        assert (await api.post("/campaigns", body)).status_code == 201
    await api.context.reads.run_as_tenant(
        (await api.node.fetchval("select tenant_id from campaigns limit 1")),
        lambda connection: connection.execute(
            "update campaign_stations set status = 'failed' where wave = 2 and station_id ="
            " (select id from stations where identity = 'CP3')"
        ),
    )
    with mock.patch("storage.web.campaigns.statement", wraps=statement) as asked:
        listed = {each["name"]: each for each in (await api.get("/campaigns")).json()["items"]}
    assert [call.args[0] for call in asked.call_args_list].count("campaign_counts") == 1
    found = [{name: n for name, n in each["counts"].items() if n} for each in listed["of 3"]["waves"]]
    assert found == [{"pending": 1}, {"failed": 1, "pending": 1}]
    assert listed["of 1"]["counts"]["pending"] == 1
    assert (await api.get("/campaigns?status=ended")).json()["items"] == []
