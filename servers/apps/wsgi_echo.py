"""The echo as a bare WSGI application. The interface has no raw field lines: HTTP_X_Y is written as X-Y."""


def app(environ, start_response):
    content = environ["wsgi.input"].read() if has_content(environ) else b""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
    lines = ["startline-echo/1", "method: " + environ["REQUEST_METHOD"], "target: " + target]
    for name, value in environ.items():
        if name.startswith("HTTP_") or (name in ("CONTENT_LENGTH", "CONTENT_TYPE") and value):
            lines.append("field: " + name.removeprefix("HTTP_").replace("_", "-") + ": " + value)
    lines += [f"length: {len(content)}", "body:\n"]
    answer = "\n".join(lines).encode("latin-1") + content
    status = "404 Not Found" if environ["PATH_INFO"].startswith("/missing") else "200 OK"
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    # By PEP 3333 it is the application that leaves out the content of an answer to HEAD.
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer]


def has_content(environ):
    return "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ
