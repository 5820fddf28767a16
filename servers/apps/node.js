// The echo on Node's own http module: node node.js PORT (old releases know no 'node:http')
const http = require('http');

const octets = (text) => Buffer.from(text, 'latin1');

const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        const content = Buffer.concat(chunks);
        let head = `startline-echo/1\nmethod: ${request.method}\ntarget: ${request.url}\n`;
        for (let i = 0; i < request.rawHeaders.length; i += 2) {
            head += `field: ${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\n`;
        }
        const answer = Buffer.concat([octets(`${head}length: ${content.length}\nbody:\n`), content]);
        response.writeHead(request.url.startsWith('/missing') ? 404 : 200, {
            'Content-Type': 'text/plain',
            'Content-Length': answer.length,
        });
        response.end(answer);
    });
});

server.listen(Number(process.argv[2]), '127.0.0.1');
