"""The echo on an old Waitress, whose environment has no raw request-target: python waitress_echo.py PORT"""

import sys

from waitress import parser, serve, task

from wsgi_echo import app

environment = task.WSGITask.get_environment


def with_target(self):
    # As the server itself takes the line apart.
    target = parser.crack_first_line(self.request.first_line)[1]
    return {**environment(self), "RAW_URI": target.decode("latin-1")}


task.WSGITask.get_environment = with_target
serve(app, listen="127.0.0.1:" + sys.argv[1], threads=16)
