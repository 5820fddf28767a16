/* The echo on Jetty's own server: java JettyEcho PORT */

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.AbstractHandler;

public class JettyEcho extends AbstractHandler {
    @Override
    public void handle(String path, Request base, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] content = base.getInputStream().readAllBytes();
        StringBuilder head = new StringBuilder("startline-echo/1\nmethod: ").append(base.getMethod());
        head.append("\ntarget: ").append(base.getOriginalURI()).append('\n');
        for (HttpField field : base.getHttpFields()) {
            String value = field.getValue() == null ? "" : field.getValue();
            head.append("field: ").append(field.getName()).append(": ").append(value).append('\n');
        }
        head.append("length: ").append(content.length).append("\nbody:\n");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(content);
        response.setStatus(path.startsWith("/missing") ? 404 : 200);
        response.setContentType("text/plain");
        response.setContentLength(answer.size());
        // At once: behind the last octet of its length an answer takes no write, not even of nothing.
        answer.writeTo(response.getOutputStream());
        base.setHandled(true);
    }

    public static void main(String[] words) throws Exception {
        Server server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])));
        server.setHandler(new JettyEcho());
        server.start();
        server.join();
    }
}
