package report

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"scan/internal/bench"
)

// itemsHead are the columns of items.csv.gz; also holds other right values with "|"
// between them, outcome is right, review or misread at the threshold of the run.
var itemsHead = []string{"set", "class", "field", "name", "group", "truth", "also", "value", "confidence", "reason",
	"outcome", "kind", "seen", "odd", "x", "y"}

// WriteItems writes every item as a row, for statistics that are not here.
func WriteItems(path string, items []bench.Item, threshold float64) error {
	return writeFile(path, func(w io.Writer) error {
		z := gzip.NewWriter(w)
		c := csv.NewWriter(z)
		if err := c.Write(itemsHead); err != nil {
			return err
		}
		for i := range items {
			if err := c.Write(row(&items[i], threshold)); err != nil {
				return err
			}
		}
		c.Flush()
		return errors.Join(c.Error(), z.Close())
	})
}

func row(it *bench.Item, threshold float64) []string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }
	outcome := map[bench.Outcome]string{bench.Right: "right", bench.Review: "review", bench.Misread: "misread"}[it.Outcome(threshold)]
	odd := map[bool]string{true: "1", false: "0"}[it.Odd]
	return []string{it.Set, it.Class, it.Field, it.Name, it.Group, it.Truth, strings.Join(it.Also, "|"), it.Value,
		number(it.Confidence), it.Reason, outcome, it.Kind, it.Seen, odd, number(it.X), number(it.Y)}
}

// Speed tabulates the CPU time spent on each set. It is no part of the report, which has the
// same bytes on every machine.
func Speed(results []bench.Result) Doc {
	t := &Table{Left: 1, Head: []string{"set", "fields", "CPU s", "ms a field"}}
	for _, r := range results {
		if r.Err != nil || len(r.Items) == 0 {
			continue
		}
		t.add(r.Name, whole(len(r.Items)), strconv.FormatFloat(r.CPU, 'f', 1, 64),
			strconv.FormatFloat(1000*r.CPU/float64(len(r.Items)), 'f', 2, 64))
	}
	return Doc{Blocks: []Block{{Table: t}}}
}

// WriteSpeed writes the table of Speed to a file.
func WriteSpeed(path string, results []bench.Result) error {
	return writeFile(path, Speed(results).Text)
}
