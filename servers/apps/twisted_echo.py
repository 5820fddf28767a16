"""The echo on Twisted Web: python twisted_echo.py PORT"""

import sys

from twisted.internet import reactor
from twisted.web.resource import Resource
from twisted.web.server import Site


class Echo(Resource):
    isLeaf = True

    # Asked for every method, before a table of them would refuse one.
    def render(self, request):
        content = request.content.read()
        lines = [b"startline-echo/1", b"method: " + request.method, b"target: " + request.uri]
        for name, values in request.requestHeaders.getAllRawHeaders():
            lines += [b"field: " + name + b": " + value for value in values]
        lines += [b"length: %d" % len(content), b"body:\n"]
        answer = b"\n".join(lines) + content
        if request.path.startswith(b"/missing"):
            request.setResponseCode(404)
        request.setHeader(b"content-type", b"text/plain")
        request.setHeader(b"content-length", b"%d" % len(answer))
        return b"" if request.method == b"HEAD" else answer


reactor.listenTCP(int(sys.argv[1]), Site(Echo()), interface="127.0.0.1")
reactor.run()
