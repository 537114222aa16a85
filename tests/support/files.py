"""A file server for tests: its folder, and addresses as stations would be told them."""

from pathlib import Path
from uuid import UUID

from storage.files import FileStore
from storage.pool import Pool
from storage.sql import sql
from web.files.server import FileRules, Files


def make_files(
    root: Path, node: Pool, *, url: str = "http://api.test", most_firmware: int = 4 * 2**20, most_log: int = 2**20
) -> Files:
    """With limits that tests can reach, in bytes."""

    async def tenant_of(address_id: UUID) -> UUID | None:
        found: UUID | None = await node.fetchval(sql("file_address_tenant"), address_id)
        return found

    return Files(FileStore(root, reserve=0), tenant_of, url, "ftp://127.0.0.1:2121", FileRules(most_firmware, most_log))
