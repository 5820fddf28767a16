"""The echo as a first Flask application, on the server that app.run() starts: PORT=8000 python simple_server.py"""

import os

from flask import Flask, Response, request

app = Flask(__name__)


# Before the routing, which would answer OPTIONS itself and refuse methods that no route names.
@app.before_request
def echo():
    content = request.get_data()
    lines = [
        "startline-echo/1",
        f"method: {request.method}",
        f"target: {request.environ['RAW_URI']}",
        *(f"field: {name}: {value}" for name, value in request.headers),
        f"length: {len(content)}",
        "body:\n",
    ]
    status = 404 if request.path.startswith("/missing") else 200
    return Response("\n".join(lines).encode("latin-1") + content, status, content_type="text/plain")


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
