/* The echo on the server that comes with the JDK: java JdkEcho PORT. It keeps the values of a name together. */

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

public class JdkEcho {
    static void answer(HttpExchange exchange) throws IOException {
        byte[] content = exchange.getRequestBody().readAllBytes();
        StringBuilder head = new StringBuilder("startline-echo/1\nmethod: ").append(exchange.getRequestMethod());
        head.append("\ntarget: ").append(exchange.getRequestURI()).append('\n');
        for (Map.Entry<String, List<String>> field : exchange.getRequestHeaders().entrySet()) {
            for (String value : field.getValue()) {
                head.append("field: ").append(field.getKey()).append(": ").append(value).append('\n');
            }
        }
        head.append("length: ").append(content.length).append("\nbody:\n");
        byte[] begin = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        boolean missing = exchange.getRequestURI().toString().startsWith("/missing");
        boolean bare = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        // -1: no content, as it is with HEAD.
        exchange.sendResponseHeaders(missing ? 404 : 200, bare ? -1 : begin.length + content.length);
        if (!bare) {
            exchange.getResponseBody().write(begin);
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }

    public static void main(String[] words) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])), 0);
        server.createContext("/", JdkEcho::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }
}
