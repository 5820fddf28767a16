// The echo on Bun's own server: bun bun.js PORT. The interface knows the target only as a URL and sorts the fields.

Bun.serve({
    port: Number(process.argv[2]),
    hostname: '127.0.0.1',
    development: false,
    async fetch(request) {
        const content = Buffer.from(await request.arrayBuffer());
        // Cut out of the text: Bun makes URLs of invalid hosts that its own parser does not take.
        const target = request.url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '') || '/';
        let head = `startline-echo/1\nmethod: ${request.method}\ntarget: ${target}\n`;
        for (const [name, value] of request.headers) {
            head += `field: ${name}: ${value}\n`;
        }
        const answer = Buffer.concat([Buffer.from(`${head}length: ${content.length}\nbody:\n`, 'latin1'), content]);
        const status = target.startsWith('/missing') ? 404 : 200;
        return new Response(answer, { status, headers: { 'Content-Type': 'text/plain' } });
    },
});
