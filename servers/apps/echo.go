// The echo on net/http: echo PORT. Go keeps Host apart, and has canonical names for the other fields, in no order.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

func answer(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		// What an application does that reads its content: content that cannot be read is the client's fault.
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "startline-echo/1\nmethod: %s\ntarget: %s\n", r.Method, r.RequestURI)
	if r.Host != "" {
		fmt.Fprintf(&b, "field: Host: %s\n", r.Host)
	}
	for name, values := range r.Header {
		for _, value := range values {
			fmt.Fprintf(&b, "field: %s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&b, "length: %d\nbody:\n", len(content))
	b.Write(content)
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", fmt.Sprint(b.Len()))
	if strings.HasPrefix(r.URL.Path, "/missing") {
		w.WriteHeader(http.StatusNotFound)
	}
	w.Write(b.Bytes())
}

func main() {
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(answer)))
}
