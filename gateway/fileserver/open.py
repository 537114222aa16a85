"""Opens the file server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from gateway.clock import SystemClock
from gateway.fileserver.desk import Desk
from gateway.settings import Settings
from storage.files import FileStore
from storage.pool import Pool
from storage.sql import sql
from web.files.server import FileRules, Files


@asynccontextmanager
async def open_files(settings: Settings, node: Pool, web: Pool, clock: SystemClock) -> AsyncIterator[Files]:
    """`node` may say whose an address is; all else is read inside that tenant's fence."""

    async def tenant_of(address_id: UUID) -> UUID | None:
        found: UUID | None = await node.fetchval(sql("file_address_tenant"), address_id)
        return found

    public = settings.files_public_url or settings.public_url or str(settings.http_listen)
    files = Files(
        FileStore(settings.files_dir or settings.data_dir / "files", settings.files_reserve, settings.files_quota),
        tenant_of,
        public,
        _ftp_public(settings),
        FileRules(
            settings.files_firmware_limit,
            settings.files_log_limit,
            timedelta(seconds=settings.files_firmware_life),
            timedelta(seconds=settings.files_log_life),
            longest=settings.files_upload_deadline,
        ),
    )
    if settings.ftp_listen is None or "web" not in settings.roles:
        yield files
        return
    from gateway.fileserver.ftp import ftp_server  # its library is only loaded where FTP is wanted

    async with ftp_server(settings, Desk(files, web, clock.now)):
        yield files


def _ftp_public(settings: Settings) -> str | None:
    listen = settings.ftp_listen
    if listen is None:
        return None
    host = settings.ftp_public_host or listen.host
    return f"ftp://[{host}]:{listen.port}" if ":" in host else f"ftp://{host}:{listen.port}"
