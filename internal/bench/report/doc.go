// Package report writes down what the measure counted: as text for a terminal, as
// Markdown, and as one HTML page without any other file. The content is put together
// once, as blocks, and each form only renders them. The same results give the same bytes.
package report

// Doc is a report: a title and what follows it.
type Doc struct {
	Title  string
	Blocks []Block
}

// Block is one of the fields.
type Block struct {
	Heading string
	Depth   int // of a heading: 2 or 3
	Text    string
	Code    string // a command or lines of a file, as they are
	Items   []string
	Table   *Table
	Figure  *Figure
}

// Table has a head and rows of as many cells, or of one cell that spans all columns and
// heads the rows below it. The first Left columns are text, the others numbers.
type Table struct {
	Head []string
	Rows [][]string
	Left int
}

func (t *Table) add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Figure is a picture: its file's name and what draws it.
type Figure struct {
	File    string // name of the PNG, beside the report
	Caption string
	PNG     []byte
	SVG     string // colours are CSS variables
}

func (d *Doc) heading(depth int, text string) {
	d.Blocks = append(d.Blocks, Block{Heading: text, Depth: depth})
}
func (d *Doc) text(text string)    { d.Blocks = append(d.Blocks, Block{Text: text}) }
func (d *Doc) code(text string)    { d.Blocks = append(d.Blocks, Block{Code: text}) }
func (d *Doc) items(list []string) { d.Blocks = append(d.Blocks, Block{Items: list}) }
func (d *Doc) table(t *Table)      { d.Blocks = append(d.Blocks, Block{Table: t}) }
func (d *Doc) figure(f *Figure)    { d.Blocks = append(d.Blocks, Block{Figure: f}) }
