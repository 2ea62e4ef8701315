package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"broadsheet/internal/paper"
)

// answered marks an error that asking again later may help against with
// paper.ErrUnavailable, and leaves the others as they are.
func answered(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || !noAnswer(err) {
		return err
	}
	return fmt.Errorf("%w: %w", paper.ErrUnavailable, err)
}

// noAnswer reports whether err comes of a database that is away, stopping or starting,
// overloaded or locked, or has not answered in time.
func noAnswer(err error) bool {
	var network net.Error // a deadline that has passed is one, too
	if errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	var connect *pgconn.ConnectError
	var server *pgconn.PgError
	var lite *sqlite.Error
	switch {
	case errors.As(err, &connect):
		return true
	case errors.As(err, &server): // connections, resources, an operator who intervenes
		class := server.Code[:min(2, len(server.Code))]
		return class == "08" || class == "53" || strings.HasPrefix(server.Code, "57P")
	case errors.As(err, &lite):
		return isBusy(err)
	}
	return false
}

// An answeredRow is a row whose errors are told apart.
type answeredRow struct{ scanner }

func (r answeredRow) Scan(dest ...any) error { return answered(r.scanner.Scan(dest...)) }
