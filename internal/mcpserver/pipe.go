package mcpserver

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A pipe is a transport whose end waits for the answers to what was asked before: by
// itself the protocol's library drops them, and a script that writes its questions and
// closes its end would get nothing.
type pipe struct{ mcp.IOTransport }

// Connect implements mcp.Transport.
func (p *pipe) Connect(ctx context.Context) (mcp.Connection, error) {
	c, err := p.IOTransport.Connect(ctx)
	return &pipeConn{Connection: c, answered: make(chan struct{}, 1), closed: make(chan struct{})}, err
}

// A pipeConn counts the calls that are not answered yet.
type pipeConn struct {
	mcp.Connection
	mu       sync.Mutex
	open     int
	answered chan struct{} // told when open has come down
	closed   chan struct{}
	once     sync.Once
}

// Close implements mcp.Connection.
func (c *pipeConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Connection.Close()
}

// Read implements mcp.Connection.
func (c *pipeConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	msg, err := c.Connection.Read(ctx)
	if errors.Is(err, io.EOF) {
		c.finish(ctx)
	}
	if call, ok := msg.(*jsonrpc.Request); ok && call.IsCall() {
		c.count(1)
	}
	return msg, err
}

// Write implements mcp.Connection.
func (c *pipeConn) Write(ctx context.Context, msg jsonrpc.Message) error {
	err := c.Connection.Write(ctx, msg)
	if _, ok := msg.(*jsonrpc.Response); ok {
		c.count(-1)
	}
	return err
}

func (c *pipeConn) count(n int) (open int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open += n; n < 0 {
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}
	return c.open
}

// finish waits until all calls are answered, but not for ever.
func (c *pipeConn) finish(ctx context.Context) {
	late := time.After(longest)
	for c.count(0) > 0 {
		select {
		case <-ctx.Done():
			return
		case <-c.closed:
			return
		case <-late:
			return
		case <-c.answered:
		}
	}
}
