// Package local serves a page of this program to the browser of this machine: on the loopback address,
// behind a link with a secret, under a policy that runs the page's own files and nothing else.
package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Page is a page that is being served.
type Page struct {
	Link   string // to the page, with its secret
	listen net.Listener
	http   *http.Server
}

// New listens on the loopback address; port 0 is any that is free. inner answers what comes behind the secret.
func New(ctx context.Context, port int, inner http.Handler) (*Page, error) {
	listen, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("port %d cannot be used: %w", port, err)
	}
	token := newToken()
	return &Page{Link: fmt.Sprintf("http://%s/%s/", listen.Addr(), token), listen: listen,
		http: &http.Server{Handler: guard(token, inner), ReadHeaderTimeout: 10 * time.Second}}, nil
}

// Serve answers until the context ends. Requests under way then have a second.
func (p *Page) Serve(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if p.http.Shutdown(end) != nil {
			_ = p.http.Close() // what is still open is a browser's idle connection
		}
	})
	defer stop()
	if err := p.http.Serve(p.listen); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
