// The echo for nginx's own JavaScript (njs): js_content echo.answer.

// njs strings are UTF-8 and lose other octets; a variable has them all, but only for a name that occurs once.
function octets(r, name, text) {
    var same = r.rawHeadersIn.filter(function (field) { return field[0].toLowerCase() === name; });
    var raw = same.length === 1 && r.rawVariables['http_' + name.replace(/-/g, '_')];
    return raw || Buffer.from(text);
}

function answer(r) {
    var content = r.requestBuffer || Buffer.alloc(0);
    var parts = [Buffer.from('startline-echo/1\nmethod: ' + r.method + '\ntarget: ')];
    parts.push(r.rawVariables.request_uri, Buffer.from('\n'));
    r.rawHeadersIn.forEach(function (field) {
        parts.push(Buffer.from('field: ' + field[0] + ': '), octets(r, field[0].toLowerCase(), field[1]), Buffer.from('\n'));
    });
    parts.push(Buffer.from('length: ' + content.length + '\nbody:\n'));
    // njs cannot put an empty request buffer together with others.
    if (content.length) {
        parts.push(content);
    }
    r.headersOut['Content-Type'] = 'text/plain';
    r.return(r.uri.startsWith('/missing') ? 404 : 200, Buffer.concat(parts));
}

export default { answer };
