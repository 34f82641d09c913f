package detect

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// marksBin holds the weights; weights/README.md tells how they were made.
//
//go:embed weights/marks.bin
var marksBin []byte

// marksMagic opens the weights' file and changes with the network's shape.
const marksMagic = "marks-2\n"

// markNet decodes the embedded weights once.
var markNet = sync.OnceValue(func() *MarkNet {
	n, err := readMarkNet(bytes.NewReader(marksBin))
	if err != nil {
		panic("detect: embedded weights: " + err.Error()) // a broken build
	}
	return n
})

// Write stores the network: the magic, scales and biases, weights; float32, little
// endian.
func (n *MarkNet) Write(w io.Writer) error {
	if _, err := io.WriteString(w, marksMagic); err != nil {
		return err
	}
	for _, part := range n.parts() {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return nil
}

// readMarkNet is the inverse of Write.
func readMarkNet(r io.Reader) (*MarkNet, error) {
	magic := make([]byte, len(marksMagic))
	if _, err := io.ReadFull(r, magic); err != nil {
		return nil, err
	}
	if string(magic) != marksMagic {
		return nil, fmt.Errorf("magic is %q, want %q", magic, marksMagic)
	}
	n := &MarkNet{W: make([]float32, MarkWeights())}
	for _, part := range n.parts() {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	if k, _ := r.Read(make([]byte, 1)); k != 0 {
		return nil, errors.New("more weights than the network has")
	}
	return n, nil
}

func (n *MarkNet) parts() [][]float32 { return [][]float32{n.Scale[:], n.Bias[:], n.W} }

// Probabilities runs the network and calibrates its answer.
func (n *MarkNet) Probabilities(in *MarkInput, a *MarkActs) [MarkKinds]float64 {
	n.Run(in, a)
	return n.probabilities(a)
}
