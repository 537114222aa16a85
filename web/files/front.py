"""The file server in front of the application: what moves files ends here, all else goes on."""

from typing import Any

from web.context import Context
from web.files.api import FileCalls
from web.files.app import FileServer
from web.files.http import request_of
from web.files.server import PREFIX, Files
from web.paths import Asgi


def with_files(app: Asgi, context: Context, files: Files) -> Asgi:
    """ASGI middleware."""
    server, calls = FileServer(context, files), FileCalls(context, files)

    async def call(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            request = request_of(scope, receive, send, files.rules.silence)
            if scope["path"].startswith(PREFIX):
                await server.serve(request)
                return
            if calls.mine(request) and await calls.serve(request):
                return
        await app(scope, receive, send)

    return call
