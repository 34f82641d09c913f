package local

import (
	"crypto/rand"
	"net"
	"net/http"
)

// policy lets the page run its own files and nothing else: no inline code or style, no other
// host, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// newToken makes the secret of the link: whoever does not have it gets nothing.
func newToken() string { return rand.Text() }

// guard answers only requests of this machine's browser, for this page: the Host must be the
// loopback address (no other name can be made to point here), changes must come from the page
// itself, and the path begins with the token. Nothing but pictures may be kept: they name nobody.
func guard(token string, inner http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	inside := cross.Handler(http.StripPrefix("/"+token, inner))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !isLoopback(r.Host) {
			http.Error(w, "this page is for this machine only", http.StatusMisdirectedRequest)
			return
		}
		inside.ServeHTTP(w, r)
	})
}

func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return name == "127.0.0.1" || name == "localhost"
}
