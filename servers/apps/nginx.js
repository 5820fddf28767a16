// The echo for nginx's own JavaScript (njs): js_content echo.answer.

// njs strings are UTF-8. Where that lost octets, the variable has them (of the first field line of this name).
function octets(r, variable, text) {
    return text.includes('\ufffd') ? r.rawVariables[variable] || Buffer.from(text) : Buffer.from(text);
}

function answer(r) {
    var content = r.requestBuffer || Buffer.alloc(0);
    var parts = [Buffer.from('startline-echo/1\nmethod: ' + r.method + '\ntarget: ')];
    parts.push(r.rawVariables.request_uri, Buffer.from('\n'));
    r.rawHeadersIn.forEach(function (field) {
        var variable = 'http_' + field[0].toLowerCase().replace(/-/g, '_');
        parts.push(Buffer.from('field: ' + field[0] + ': '), octets(r, variable, field[1]), Buffer.from('\n'));
    });
    parts.push(Buffer.from('length: ' + content.length + '\nbody:\n'), content);
    r.headersOut['Content-Type'] = 'text/plain';
    r.return(r.uri.startsWith('/missing') ? 404 : 200, Buffer.concat(parts));
}

export default { answer };
