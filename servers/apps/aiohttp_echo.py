"""The echo on aiohttp's own server: python aiohttp_echo.py PORT"""

import asyncio
import sys

from aiohttp import web


@web.middleware
async def echo(request, handler):
    content = await request.read()
    lines = [b"startline-echo/1", b"method: " + request.method.encode(), b"target: " + octets(request.raw_path)]
    lines += [b"field: " + name + b": " + value for name, value in request.raw_headers]
    lines += [b"length: %d" % len(content), b"body:\n"]
    status = 404 if request.path.startswith("/missing") else 200
    return web.Response(body=b"\n".join(lines) + content, status=status, content_type="text/plain")


def octets(text):
    return text.encode("utf-8", "surrogateescape")


async def main():
    # The Application answers Expect, the bare server leaves that to its handler. A middleware is asked whatever the router
    # says about method and path.
    runner = web.AppRunner(web.Application(middlewares=[echo]))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()


asyncio.run(main())
