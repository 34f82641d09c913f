package split

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
)

// Point is a place of the pen, y down, in the tablet's units.
type Point struct{ X, Y float64 }

// Strokes is a sign as written: the pen's paths.
type Strokes [][]Point

// Writer holds one person's samples by digit.
type Writer [10][]Strokes

// Writers returns the pen strokes of one part, in the order of TrainWriters and so on.
// The UNIPEN file names the digit, the writer and the sample in .COMMENT; points lie
// between .PEN_DOWN and .PEN_UP.
func Writers(dir string, p Part) ([]Writer, error) {
	file := filepath.Join(dir, "pendigits-strokes/pendigits-orig.train.unipen.gz")
	b, err := unzip(file)
	if err != nil {
		return nil, err
	}
	var all [writers]Writer
	var cur Strokes
	digit, who := -1, -1
	flush := func() {
		if digit >= 0 && who >= 1 && len(cur) > 0 {
			all[who-1][digit] = append(all[who-1][digit], cur)
		}
		cur, digit, who = nil, -1, -1
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		line := strings.TrimSpace(sc.Text())
		var q Point
		switch {
		case strings.HasPrefix(line, ".SEGMENT"):
			flush()
		case strings.HasPrefix(line, ".COMMENT"):
			var sample int
			if _, err := fmt.Sscanf(line, ".COMMENT %d %d %d", &digit, &who, &sample); err != nil || who < 1 || who > writers || digit > 9 {
				return nil, fmt.Errorf("%s: %q", file, line)
			}
		case strings.HasPrefix(line, ".PEN_DOWN"):
			cur = append(cur, nil)
		case len(cur) > 0:
			if n, _ := fmt.Sscanf(line, "%f %f", &q.X, &q.Y); n == 2 {
				cur[len(cur)-1] = append(cur[len(cur)-1], Point{q.X, -q.Y})
			}
		}
	}
	flush()
	var out []Writer
	for _, w := range of(p) {
		out = append(out, all[w-1])
	}
	return out, sc.Err()
}
