"""The `voltyard` command from outside."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from gateway import cli, doctor
from gateway.doctor import Health
from gateway.settings_load import load
from tests.support.postgres import throwaway_dir


def test_help_names_every_command_and_imports_little() -> None:
    code = "import sys; from gateway import cli; cli.main(['--help'], standalone_mode=False); print([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    for name in cli.main.commands:
        assert f"\n  {name} " in done.stdout
    for heavy in ("trio", "asyncpg", "quart", "psycopg", "structlog"):
        assert f"'{heavy}'" not in done.stdout


def test_settings_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLTYARD_ADMIN_TOKEN", "hidden-token")
    monkeypatch.setenv("VOLTYARD_MISSPELT", "1")
    runner = CliRunner()
    shown = runner.invoke(cli.main, ["settings"])
    assert "VOLTYARD_STORE_DEADLINE = 20s  [default]" in shown.output
    assert "VOLTYARD_MISSPELT" in shown.output
    assert "hidden-token" not in shown.output
    rows = orjson.loads(runner.invoke(cli.main, ["settings", "--json"]).stdout)
    assert {"variable", "value", "source", "meaning", "default"} == set(rows[0])


@pytest.mark.parametrize("command", ["run", "migrate", "doctor", "settings"])
def test_a_wrong_setting_stops_every_command_with_a_sentence(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLTYARD_STORE_DEADLINE", "soon")
    done = CliRunner().invoke(cli.main, [command])
    assert done.exit_code == 2
    assert "VOLTYARD_STORE_DEADLINE = 'soon' (from environment): allowed: a duration" in done.output
    assert "Traceback" not in done.output


async def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    environ = {
        "VOLTYARD_DATA_DIR": str(blocked),
        "VOLTYARD_DATABASE_URL": "postgresql://voltyard:hidden@127.0.0.1:1/voltyard",
        "VOLTYARD_OCPP_LISTEN": "ws://192.0.2.1:9000",
        "VOLTYARD_HTTP_LISTEN": "http://127.0.0.1:0",
        "VOLTYARD_TYPO": "1",
    }
    findings = await doctor.examine(load(environ, tmp_path))
    wrong = [finding for finding in findings if finding.health is Health.WRONG]
    assert len(wrong) == 3
    assert all(finding.advice for finding in wrong)
    assert all(finding.advice for finding in findings if finding.health is Health.ODD)
    assert any("VOLTYARD_TYPO" in finding.what for finding in findings)
    assert "hidden" not in repr(findings)


async def test_the_doctor_is_content_with_an_empty_folder(tmp_path: Path) -> None:
    environ = {
        "VOLTYARD_DATA_DIR": str(tmp_path / "var"),
        "VOLTYARD_OCPP_LISTEN": "ws://127.0.0.1:0",
        "VOLTYARD_HTTP_LISTEN": "http://127.0.0.1:0",
    }
    findings = await doctor.examine(load(environ, tmp_path))
    assert [finding for finding in findings if finding.health is Health.WRONG] == []
    assert not (tmp_path / "var").exists()


@pytest.mark.server
@pytest.mark.slow
def test_migrate_and_rebuild_work_on_a_new_data_directory() -> None:
    folder = throwaway_dir(in_memory=True)
    environ = {**os.environ, "VOLTYARD_DATA_DIR": str(folder / "var")}

    def voltyard(*words: str) -> str:
        command = [sys.executable, "-m", "gateway.cli", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environ)
        return done.stdout

    try:
        (folder / "var").mkdir(mode=0o711)
        assert "applied 0001_tables.sql" in voltyard("migrate")
        assert voltyard("migrate").endswith("The database is up to date.\n")
        assert "0 sessions as they should be, 0 corrected, 0 sealed" in voltyard("rebuild", "sessions")
    finally:
        shutil.rmtree(folder)
