package detect

import (
	_ "embed"
	"sync"

	"scan/internal/nn"
)

// marksBin holds the weights; weights/README.md tells how they were made.
//
//go:embed weights/marks.bin
var marksBin []byte

// marksMagic opens the weights' file and changes with the network's shape.
const marksMagic = "marks-3\n"

// MarkNet is the network of marks with the calibration of its logits.
type MarkNet struct {
	nn.Net
	nn.Calibration
}

// NewMarkNet returns a network without weights or calibration.
func NewMarkNet() *MarkNet {
	return &MarkNet{nn.Net{Spec: MarkSpec, W: make([]float32, MarkSpec.Weights())}, nn.NewCalibration(MarkKinds)}
}

// Pack returns the weights' file: scales and biases, then weights.
func (n *MarkNet) Pack() []byte { return nn.Pack(marksMagic, n.Scale, n.Bias, n.W) }

// looks are the mirrorings (see TurnMark) that a box is looked at in. A mark means the same
// mirrored, and what one look is in doubt about the mean of four often is not. Each look costs
// 0.2 ms, which is why the other four mirrorings, across the diagonal, are left out.
var looks = [...]int{0, 1, 2, 3}

// Logits is the mean of the network's raw answers over all looks. in is left mirrored back.
func (n *MarkNet) Logits(in *MarkInput, a *nn.Acts) []float32 {
	sum := make([]float32, MarkKinds)
	tmp := make([]float32, len(in.Image))
	for _, how := range looks {
		if how != 0 {
			TurnMark(in, how, tmp)
		}
		for i, v := range n.Run(in.Image, in.Scalars, a) {
			sum[i] += v / float32(len(looks))
		}
		if how != 0 {
			TurnMark(in, how, tmp) // mirroring twice changes nothing
		}
	}
	return sum
}

// ReadMarkNet is the inverse of Pack.
func ReadMarkNet(data []byte) (*MarkNet, error) {
	n := NewMarkNet()
	return n, nn.Unpack(data, marksMagic, n.Scale, n.Bias, n.W)
}

// markNet decodes the embedded weights once.
var markNet = sync.OnceValue(func() *MarkNet {
	n, err := ReadMarkNet(marksBin)
	if err != nil {
		panic("detect: embedded weights: " + err.Error()) // a broken build
	}
	return n
})
