"""The echo as a bare ASGI application. Names of fields are lower-case, as the interface has them."""


async def app(scope, receive, send):
    content = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        content += message.get("body", b"")
        more = message.get("more_body", False)
    target = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    lines = [b"startline-echo/1", b"method: " + scope["method"].encode("latin-1"), b"target: " + target]
    lines += [b"field: " + name + b": " + value for name, value in scope["headers"]]
    lines += [b"length: %d" % len(content), b"body:\n"]
    answer = b"\n".join(lines) + content
    status = 404 if scope["path"].startswith("/missing") else 200
    fields = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": answer})
