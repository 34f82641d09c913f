package detect

import "math"

// Inks are told apart by which part of the light they take. Each channel's darkness is
// taken relative to the paper's own colour, so that the scanner's white balance cancels,
// and summed over a stroke's width, so that fringes of misplaced colour rows, blur and
// chroma at half resolution cancel too. What is left is a direction in the plane of hues,
// from which the direction of the page's own black print is taken off.

// hue is a place in the plane of hues. X is how much less red than green and blue light
// an ink takes, Y how much more blue than green, both as shares of all it takes: black
// lies at the origin, red near (1, 0), green near (-0.4, 0.3), blue near (-0.4, -0.6).
type hue struct{ X, Y float64 }

func (h hue) sub(o hue) hue { return hue{h.X - o.X, h.Y - o.Y} }

// lightTaken is light taken by ink in levels of Y, Cb and Cr, summed over n cells.
type lightTaken struct{ y, cb, cr, n float64 }

func (t *lightTaken) add(o lightTaken) {
	t.y, t.cb, t.cr, t.n = t.y+o.y, t.cb+o.cb, t.cr+o.cr, t.n+o.n
}

// paperColour is the colour of bare paper in levels.
type paperColour struct{ y, cb, cr float64 }

// rgb are the three channels' levels.
func (p paperColour) rgb() (r, g, b float64) {
	cb, cr := p.cb-128, p.cr-128
	return math.Max(p.y+1.402*cr, 40), math.Max(p.y-0.344*cb-0.714*cr, 40), math.Max(p.y+1.772*cb, 40)
}

// hueOf returns the hue of light taken from paper, and how far off it may be (one standard
// deviation) for what a level of error in the paper's chroma does to so much ink.
func hueOf(t lightTaken, paper paperColour) (h hue, sigma float64) {
	pr, pg, pb := paper.rgb()
	r := math.Max((t.y-1.402*t.cr)/pr, 0)
	g := math.Max((t.y+0.344*t.cb+0.714*t.cr)/pg, 0)
	b := math.Max((t.y-1.772*t.cb)/pb, 0)
	m := (r + g + b) / 3
	if m <= 0 || t.y <= 0 {
		return hue{}, math.Inf(1)
	}
	return hue{((g+b)/2 - r) / m, math.Sqrt(3) / 2 * (b - g) / m}, math.Hypot(hueNoise, chromaNoise*t.n/t.y)
}

const (
	hueNoise    = 0.05 // of much ink: what JPEG, gamma and the scanner's filters leave
	chromaNoise = 1.5  // levels by which the chroma of a cell may be off
)

// inkP are probabilities of an ink's colour. They sum to at most 1; what is missing is an
// ink that is none of them.
type inkP struct{ Red, Green, Blue, Dark float64 }

// of returns the probability of being one of the named inks.
func (p inkP) of(names []string) (sum float64) {
	for _, n := range names {
		switch n {
		case "red":
			sum += p.Red
		case "green":
			sum += p.Green
		}
	}
	return math.Min(sum, 1)
}

// Borders in the plane of hues: angles in degrees from red by yellow (90) and green (150)
// to blue (240), and least saturations. Through dull and warm scanners reds stay between
// -30 (pink) and 25 (orange) at 0.3 (dark red) to 1.3, greens between 110 and 155 at 0.15
// (dark green) and more, blues between 195 (petrol) and 260 (violet) at 0.26 and more,
// blacks and pencils within 0.14: brownish ones 0.1 towards red, bluish ones 0.14. The
// limits lie half way; TestInksAreToldApart objects.
const (
	redFrom, redTo, redLeast       = -40.0, 48.0, 0.24
	greenFrom, greenTo, greenLeast = 82.0, 175.0, 0.12
	blueFrom, blueTo, blueLeast    = 175.0, 320.0, 0.18
	darkMost                       = 0.2
)

// inkAt returns the probabilities of the ink with a hue known to within sigma.
func inkAt(h hue, sigma float64) inkP {
	if math.IsInf(sigma, 1) {
		return inkP{}
	}
	p := inkP{
		Red:   h.within(redFrom, redTo, redLeast, sigma),
		Green: h.within(greenFrom, greenTo, greenLeast, sigma),
		Blue:  h.within(blueFrom, blueTo, blueLeast, sigma),
		Dark:  sure(darkMost-math.Hypot(h.X, h.Y), sigma),
	}
	if sum := p.Red + p.Green + p.Blue + p.Dark; sum > 1 {
		p.Red, p.Green, p.Blue, p.Dark = p.Red/sum, p.Green/sum, p.Blue/sum, p.Dark/sum
	}
	return p
}

// within is the probability that a hue lies in a sector beyond a saturation.
func (h hue) within(from, to, least, sigma float64) float64 {
	s := math.Hypot(h.X, h.Y)
	a := math.Atan2(h.Y, h.X) * 180 / math.Pi
	mid := (from + to) / 2
	off := math.Abs(math.Mod(a-mid+540, 360) - 180) // degrees from the sector's middle
	inside := (to - from) / 2
	d := s * math.Sin(math.Max(math.Min(inside-off, 90), -90)*math.Pi/180)
	return sure(math.Min(d, s-least), sigma)
}

// sure is the chance that what was measured d inside a border is inside: the logistic
// function in place of the Gaussian's integral.
func sure(d, sigma float64) float64 { return 1 / (1 + math.Exp(-1.7*d/sigma)) }
