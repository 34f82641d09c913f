package raster

// FormDPI is the resolution the printed form is rendered at. It trades memory
// (4 MB a page) for the sharpness of what is subtracted from a scan: a 0.14 mm
// hairline is still one pixel wide.
const FormDPI = 200

// FormPage is a blank printed page, rendered in grey at FormDPI; its View maps mm
// to its pixels.
type FormPage struct {
	View
	WidthMM, HeightMM float64
}
