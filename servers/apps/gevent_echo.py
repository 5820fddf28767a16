"""The echo on gevent's own server: python gevent_echo.py PORT"""

import sys

from gevent.pywsgi import WSGIHandler, WSGIServer

from wsgi_echo import app


class Handler(WSGIHandler):
    # The interface has no raw request-target.
    def get_environ(self):
        return {**super().get_environ(), "RAW_URI": self.path}


WSGIServer(("127.0.0.1", int(sys.argv[1])), app, handler_class=Handler, log=None).serve_forever()
