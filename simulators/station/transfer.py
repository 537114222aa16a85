"""Moves a simulated station's files: fetches with resume, brings by PUT; over FTP in a thread. No model in here."""

import ftplib
import functools
import io
import ssl
from urllib.parse import unquote, urlsplit

import httpx
import trio

MOST = 64 * 2**20
_SECONDS = 30.0
_PAUSE = 0.5


async def move(location: str, data: bytes | None, name: str, retries: int) -> bytes | None:
    """What was fetched, or b"" when `data` was brought; None when it cannot be done."""
    try:
        if urlsplit(location).scheme == "ftp":
            with trio.fail_after(_SECONDS):
                return await trio.to_thread.run_sync(_ftp, location, data, name, abandon_on_cancel=True)
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False, verify=_trusted()) as client:
            if data is None:
                return await _fetch(client, location, retries)
            # A slash at the end asks for the name (2.1, N01.FR.21); redirects are not followed (N01.FR.30).
            target = location + name if location.endswith("/") else location
            answer = await client.put(target, content=data)
            return b"" if answer.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ftplib.Error, trio.TooSlowError):
        return None


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Read once for all stations of a process: it takes longer than most transfers."""
    return httpx.create_ssl_context(trust_env=False)


async def _fetch(client: httpx.AsyncClient, location: str, retries: int) -> bytes | None:
    got = bytearray()
    for attempt in range(retries + 1):
        if attempt:
            await trio.sleep(_PAUSE)
        try:
            async with client.stream("GET", location, headers={"Range": f"bytes={len(got)}-"} if got else {}) as answer:
                if answer.status_code not in (200, 206):
                    continue
                if answer.status_code == 200:
                    got.clear()
                async for piece in answer.aiter_bytes():
                    got += piece
                    if len(got) > MOST:
                        return None
                return bytes(got)
        except httpx.TransportError:
            continue
    return None


def _ftp(location: str, data: bytes | None, name: str) -> bytes:
    url = urlsplit(location)
    got: list[bytes] = []
    with ftplib.FTP() as client:  # noqa: S321 - some stations know nothing else
        client.connect(url.hostname or "", url.port or 21, timeout=_SECONDS)
        client.login(unquote(url.username or ""), unquote(url.password or ""))
        if data is None:
            client.retrbinary(f"RETR {url.path}", got.append)
        else:
            client.storbinary(f"STOR {url.path.rstrip('/')}/{name}", io.BytesIO(data))
    return b"".join(got)
