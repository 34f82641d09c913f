package detect

import (
	_ "embed"
	"sync"

	"scan/internal/geom"
	"scan/internal/nn"
	"scan/internal/raster"
)

// The zone network judges what stands beside a box. It sees the box squeezed to a fixed
// size, and what lies around it at a fixed scale, since hands and pens do not grow with
// boxes: 6.5 mm to the left, where a sign belongs, and 2.4 mm to the other sides.
// internal/train/signs trains it on drawn zones.
const (
	zoneCellMM     = 0.1625 // side of a cell of the image outside the box
	zoneLeftCells  = 40
	zoneOtherCells = 15
	zoneBoxCellsX  = 20 // cells of the box itself, whatever its size
	zoneBoxCellsY  = 18

	ZoneW       = zoneLeftCells + zoneBoxCellsX + zoneOtherCells
	ZoneH       = 2*zoneOtherCells + zoneBoxCellsY
	ZonePlanes  = 3 // ink, what cannot be seen (print, off the page), neighbouring boxes
	ZoneScalars = 8
)

// The classes of the zone network.
const (
	ZoneNothing = iota // nothing, or nothing that means anything: the ends of a cross below the fill, dirt, a neighbour's strokes
	ZoneSign           // a sign on the left: the option is selected again
	ZoneUnclear        // a line, a text, a ring, a sign elsewhere: a person must look
	ZoneClasses
)

// ZoneSpec is the shape of the zone network.
var ZoneSpec = nn.Spec{H: ZoneH, W: ZoneW, Planes: ZonePlanes,
	Convs:   []nn.Conv{{K: 5, Stride: 2, Out: 8}, {K: 3, Stride: 2, Out: 16}, {K: 3, Stride: 2, Out: 24}, {K: 3, Stride: 2, Out: 32}},
	Scalars: ZoneScalars, Hidden: []int{40}, Out: ZoneClasses}

// ZoneNet is a zone network with its calibration.
type ZoneNet struct {
	nn.Net
	nn.Calibration
}

// NewZoneNet allocates a network without weights.
func NewZoneNet() *ZoneNet {
	return &ZoneNet{nn.Net{Spec: ZoneSpec, W: make([]float32, ZoneSpec.Weights())}, nn.NewCalibration(ZoneClasses)}
}

// zoneMagic opens the weights' file and changes with the network's shape.
const zoneMagic = "signs-1\n"

// signsBin holds the weights; weights/SIGNS.md tells how they were made.
//
//go:embed weights/signs.bin
var signsBin []byte

// zoneNet decodes the embedded weights once.
var zoneNet = sync.OnceValue(func() *ZoneNet {
	n := NewZoneNet()
	if err := nn.Unpack(signsBin, zoneMagic, n.parts()...); err != nil {
		panic("detect: embedded weights: " + err.Error()) // a broken build
	}
	return n
})

func (n *ZoneNet) parts() [][]float32 { return [][]float32{n.Scale, n.Bias, n.W} }

// Pack returns the weights' file.
func (n *ZoneNet) Pack() []byte { return nn.Pack(zoneMagic, n.parts()...) }

// zoneActs spares the allocation of 90 kB a box.
var zoneActs = sync.Pool{New: func() any { return NewZoneNet().NewActs() }}

// Logits looks at the picture as it is and upside down, where every sign means the same,
// and returns the mean of both answers, raw. It is exported for the trainer.
func (n *ZoneNet) Logits(in *ZoneInput) (z [ZoneClasses]float32) {
	a, ok := zoneActs.Get().(*nn.Acts)
	if !ok {
		a = n.NewActs()
	}
	defer zoneActs.Put(a)
	copy(z[:], n.Run(in.Image[:], in.Scalars[:], a))
	turned := *in
	MirrorZone(turned.Image[:])
	for i, v := range n.Run(turned.Image[:], turned.Scalars[:], a) {
		z[i] = (z[i] + v) / 2
	}
	return z
}

// Judge returns the calibrated probabilities of the classes.
func (n *ZoneNet) Judge(in *ZoneInput) (p [ZoneClasses]float64) {
	z := n.Logits(in)
	n.Probabilities(z[:], p[:])
	return p
}

// SeeZone measures a box as the reader does and returns what the zone network sees of
// it; why says where the reader would not ask. It is exported for the trainer.
func SeeZone(v raster.View, form raster.FormPage, box geom.Box, neighbours []geom.Box, paper *PageState) (in *ZoneInput, why string) {
	c := newCase(v, form, box, without(neighbours, box), paper)
	c.measure()
	if c.why != "" {
		return nil, c.why
	}
	p, s := c.zone()
	if reason := s.hidden(); reason != "" {
		return nil, reason
	}
	return c.zoneInput(p), ""
}

// Unpack reads a weights' file; it is exported for the trainer.
func (n *ZoneNet) Unpack(b []byte) error { return nn.Unpack(b, zoneMagic, n.parts()...) }
