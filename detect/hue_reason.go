package detect

// Reasons about who wrote in a box. They need a scan in colour.
const (
	reasonCorrector = "corrector-ink" // ink reserved to correctors would decide a student's box
	reasonStudent   = "student-ink"   // a corrector's cell is marked in ink that is not theirs
)

// reservedInks are the inks reserved to correctors where an exam says nothing else.
var reservedInks = []string{"red", "green"}

// inkReason tells whether the mark in a student's box is in a reserved ink, or "".
// correctors are the reserved inks; where there are none anybody may write in any colour.
func (c *boxCase) inkReason(correctors []string) string {
	if len(correctors) == 0 {
		return ""
	}
	c.measureHue()
	if c.hue.RedOrGreen || c.hue.SomeOfBoth {
		return reasonCorrector
	}
	return ""
}

// cellInkReason tells whether the mark in a corrector's cell is in another ink, or "".
func (c *boxCase) cellInkReason(correctors []string) string {
	return ""
}
