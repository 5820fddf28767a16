"""The echo on Cheroot's own server: python cheroot_echo.py PORT"""

import sys

from cheroot.wsgi import Server

from wsgi_echo import app

# By default it closes connections once ten are kept: what is found must not depend on how many others there are.
server = Server(("127.0.0.1", int(sys.argv[1])), app, numthreads=32, request_queue_size=128)
server.keep_alive_conn_limit = 1000
server.safe_start()
