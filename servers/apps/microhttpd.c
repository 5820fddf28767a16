/* The echo on GNU libmicrohttpd: microhttpd PORT */

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The request-target as it came, and what has come of the content. */
struct request {
    char *target;
    char *content;
    size_t length;
};

static void *target_came(void *unused, const char *target, struct MHD_Connection *connection) {
    struct request *request = calloc(1, sizeof *request);
    request->target = strdup(target);
    return request;
}

static void ended(void *unused, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code) {
    struct request *request = *state;
    if (!request)
        return;
    free(request->target);
    free(request->content);
    free(request);
    *state = NULL;
}

static enum MHD_Result field(void *out, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value,
                             size_t value_size) {
    fputs("field: ", out);
    fwrite(name, 1, name_size, out);
    fputs(": ", out);
    fwrite(value, 1, value_size, out);
    fputc('\n', out);
    return MHD_YES;
}

static enum MHD_Result answer(void *unused, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **state) {
    struct request *request = *state;
    if (!request->content) {
        request->content = malloc(1);
        return MHD_YES;
    }
    if (*size) {
        request->content = realloc(request->content, request->length + *size);
        memcpy(request->content + request->length, data, *size);
        request->length += *size;
        *size = 0;
        return MHD_YES;
    }
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "startline-echo/1\nmethod: %s\ntarget: %s\n", method, request->target);
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, field, out);
    fprintf(out, "length: %zu\nbody:\n", request->length);
    fwrite(request->content, 1, request->length, out);
    fclose(out);
    struct MHD_Response *response = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "text/plain");
    enum MHD_Result result = MHD_queue_response(connection, strncmp(path, "/missing", 8) ? 200 : 404, response);
    MHD_destroy_response(response);
    return result;
}

int main(int count, char **words) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
                          MHD_OPTION_URI_LOG_CALLBACK, target_came, NULL, MHD_OPTION_NOTIFY_COMPLETED, ended, NULL,
                          MHD_OPTION_END))
        return 1;
    for (;;)
        pause();
}
