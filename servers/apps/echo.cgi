#!/bin/sh
# The echo as a CGI program. The interface has no raw field lines: HTTP_X_Y is written as X-Y.
# Content is passed on as it comes, so its length is not known when the line for it is due.
case $REQUEST_URI in
    /missing* | http://*/missing*) status='404 Not Found' ;;
    *) status='200 OK' ;;
esac
printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n' "$status"
printf 'startline-echo/1\nmethod: %s\ntarget: %s\n' "$REQUEST_METHOD" "$REQUEST_URI"
[ -n "$CONTENT_TYPE" ] && printf 'field: CONTENT-TYPE: %s\n' "$CONTENT_TYPE"
env | LC_ALL=C sed -n '/^HTTP_[A-Z0-9_]*=/ { s/^HTTP_\([^=]*\)=/field: \1: /; :name
s/^\(field: [^:]*\)_/\1-/; t name
p; }'
# Apache sends a length where all of the content is there soon, and chunks where it is not. Neither belongs into a 2xx to
# CONNECT; which of the two it is must not be chance.
[ "$REQUEST_METHOD" = CONNECT ] && sleep 0.2
printf 'body:\n'
exec cat
