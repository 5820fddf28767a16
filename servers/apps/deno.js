// The echo on Deno's own server: deno run --allow-net deno.js PORT. The interface knows the target only as a URL, and sorts
// and joins the fields.

const octets = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));

Deno.serve({ port: Number(Deno.args[0]), hostname: '127.0.0.1', onListen() {} }, async (request) => {
    const content = new Uint8Array(await request.arrayBuffer());
    const path = request.url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '') || '/';
    // An asterisk alone becomes the path of the URL.
    const target = path === '/*' ? '*' : path;
    let head = `startline-echo/1\nmethod: ${request.method}\ntarget: ${target}\n`;
    for (const [name, value] of request.headers) {
        head += `field: ${name}: ${value}\n`;
    }
    const begin = octets(`${head}length: ${content.length}\nbody:\n`);
    const answer = new Uint8Array(begin.length + content.length);
    answer.set(begin);
    answer.set(content, begin.length);
    const status = target.startsWith('/missing') ? 404 : 200;
    return new Response(answer, { status, headers: { 'Content-Type': 'text/plain' } });
});
