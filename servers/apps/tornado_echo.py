"""The echo on Tornado's own server: python tornado_echo.py PORT"""

import asyncio
import sys

from tornado.web import Application, RequestHandler


class Echo(RequestHandler):
    # Asked for every method, before a table of them would refuse one.
    async def _execute(self, transforms, *args, **kwargs):
        self._transforms = transforms
        request = self.request
        lines = ["startline-echo/1", f"method: {request.method}", f"target: {request.uri}"]
        lines += [f"field: {name}: {value}" for name, value in request.headers.get_all()]
        lines += [f"length: {len(request.body)}", "body:\n"]
        if request.path.startswith("/missing"):
            self.set_status(404)
        self.set_header("Content-Type", "text/plain")
        self.finish("\n".join(lines).encode("latin-1", "replace") + request.body)


async def main():
    Application([(".*", Echo)]).listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
