package export

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
)

// numberList is a list of numbers alone as an indented document has it. The line break at its
// beginning tells it from a text that looks like one: breaks in texts are written as \n.
var numberList = regexp.MustCompile(`\[\n\s*-?[0-9][-+0-9.eE]*(,\n\s*-?[0-9][-+0-9.eE]*)*\n\s*\]`)

// Audit writes an audit file, or any document like it: indented for people, a list of numbers on
// one line.
func Audit(w io.Writer, document any) error {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(document); err != nil {
		return err
	}
	_, err := w.Write(numberList.ReplaceAllFunc(b.Bytes(), func(list []byte) []byte {
		return bytes.Join(bytes.Fields(list), nil)
	}))
	return err
}
