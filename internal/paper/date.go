package paper

import "time"

// Precision says how much of a date is known.
type Precision int

// The precisions, from the least to the most.
const (
	PrecisionNone  Precision = iota // nothing is known
	PrecisionMonth                  // year and month
	PrecisionDay                    // year, month and day
	PrecisionTime                   // the second
)

// A Date is a moment known to some precision. What is not known is the start of
// its span: the first of the month, midnight UTC.
type Date struct {
	Time      time.Time `json:"time,omitzero"` // UTC
	Precision Precision `json:"precision,omitempty"`
}

// IsZero reports whether nothing is known.
func (d Date) IsZero() bool { return d.Precision == PrecisionNone }

// String is the date as far as it is known: "2026-05", "2026-05-27", or RFC 3339.
func (d Date) String() string {
	switch d.Precision {
	case PrecisionMonth:
		return d.Time.UTC().Format("2006-01")
	case PrecisionDay:
		return d.Time.UTC().Format(time.DateOnly)
	case PrecisionTime:
		return d.Time.UTC().Format(time.RFC3339)
	}
	return ""
}
