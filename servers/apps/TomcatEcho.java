/* The echo as a servlet on embedded Tomcat: java TomcatEcho PORT */

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

public class TomcatEcho extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] content = request.getInputStream().readAllBytes();
        StringBuilder head = new StringBuilder("startline-echo/1\nmethod: ").append(request.getMethod());
        head.append("\ntarget: ").append(request.getRequestURI());
        if (request.getQueryString() != null) {
            head.append('?').append(request.getQueryString());
        }
        head.append('\n');
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                head.append("field: ").append(name).append(": ").append(value).append('\n');
            }
        }
        head.append("length: ").append(content.length).append("\nbody:\n");
        byte[] begin = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        response.setStatus(request.getRequestURI().startsWith("/missing") ? 404 : 200);
        response.setContentType("text/plain");
        response.setContentLength(begin.length + content.length);
        response.getOutputStream().write(begin);
        response.getOutputStream().write(content);
    }

    public static void main(String[] words) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(".");
        tomcat.setPort(Integer.parseInt(words[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        // A processor that has answered a request without a version, as HTTP/0.9, still answers the next broken request-line
        // without a status-line, whoever sends it. What is found must not depend on chance, so none is used twice.
        tomcat.getConnector().setProperty("processorCache", "0");
        Context context = tomcat.addContext("", System.getProperty("user.dir"));
        Tomcat.addServlet(context, "echo", new TomcatEcho());
        context.addServletMappingDecoded("/*", "echo");
        tomcat.start();
        tomcat.getServer().await();
    }
}
