"""The echo on aiohttp's own server: python aiohttp_echo.py PORT"""

import asyncio
import sys

from aiohttp import web


async def echo(request):
    content = await request.read()
    lines = [b"startline-echo/1", b"method: " + request.method.encode(), b"target: " + octets(request.raw_path)]
    lines += [b"field: " + name + b": " + value for name, value in request.raw_headers]
    lines += [b"length: %d" % len(content), b"body:\n"]
    status = 404 if request.path.startswith("/missing") else 200
    return web.Response(body=b"\n".join(lines) + content, status=status, content_type="text/plain")


def octets(text):
    return text.encode("utf-8", "surrogateescape")


async def main():
    # Not an Application: its router would have a say about methods and paths.
    runner = web.ServerRunner(web.Server(echo))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()


asyncio.run(main())
