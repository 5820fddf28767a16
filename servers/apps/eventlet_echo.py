"""The echo on eventlet's own server: python eventlet_echo.py PORT"""

import sys

import eventlet
from eventlet import wsgi

from wsgi_echo import app


def echo(environ, start_response):
    # The name that the common application knows for the raw request-target.
    query = environ.get("QUERY_STRING", "")
    environ["RAW_URI"] = environ["RAW_PATH_INFO"] + ("?" + query if query else "")
    return app(environ, start_response)


wsgi.server(eventlet.listen(("127.0.0.1", int(sys.argv[1]))), echo, log_output=False)
