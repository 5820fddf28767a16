/* The echo on libevent's evhttp: evhttp PORT */

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

/* By the number of the bit that evhttp has for each. */
static const char *const METHODS[] = {"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"};

static void answer(struct evhttp_request *request, void *unused) {
    struct evbuffer *content = evhttp_request_get_input_buffer(request), *out = evbuffer_new();
    const char *method = "?", *target = evhttp_request_get_uri(request);
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (evhttp_request_get_command(request) == 1 << i)
            method = METHODS[i];
    evbuffer_add_printf(out, "startline-echo/1\nmethod: %s\ntarget: %s\n", method, target);
    struct evkeyvalq *fields = evhttp_request_get_input_headers(request);
    for (struct evkeyval *field = fields->tqh_first; field; field = field->next.tqe_next)
        evbuffer_add_printf(out, "field: %s: %s\n", field->key, field->value);
    evbuffer_add_printf(out, "length: %zu\nbody:\n", evbuffer_get_length(content));
    evbuffer_add_buffer(out, content);
    /* It is the application that leaves out the content of an answer to HEAD. */
    if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD)
        evbuffer_drain(out, evbuffer_get_length(out));
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "text/plain");
    if (strncmp(target, "/missing", 8))
        evhttp_send_reply(request, 200, "OK", out);
    else
        evhttp_send_reply(request, 404, "Not Found", out);
    evbuffer_free(out);
}

int main(int count, char **words) {
    struct event_base *base = event_base_new();
    struct evhttp *server = evhttp_new(base);
    evhttp_set_allowed_methods(server, (1 << sizeof METHODS / sizeof *METHODS) - 1);
    evhttp_set_gencb(server, answer, NULL);
    if (evhttp_bind_socket(server, "127.0.0.1", atoi(words[1])))
        return 1;
    event_base_dispatch(base);
}
