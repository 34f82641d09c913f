package print

import (
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
)

// Liberation Sans (SIL Open Font Licence) holds the Latin, Greek and Cyrillic letters of names,
// Vietnamese included; fpdf embeds the letters that are used.
const sans = "LiberationSans"

func addFonts(pdf *fpdf.Fpdf) {
	pdf.AddUTF8FontFromBytes(sans, "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes(sans, "B", liberationsansbold.TTF)
}

// Unprintable lists the characters of a text that the list's font does not have.
func Unprintable(text string) []rune {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil
	}
	var missing []rune
	var buf sfnt.Buffer
	for _, r := range text {
		if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
			missing = append(missing, r)
		}
	}
	return missing
}

// fit shortens a text to a width in mm of the current font, with an ellipsis.
func fit(pdf *fpdf.Fpdf, text string, w float64) string {
	if pdf.GetStringWidth(text) <= w {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && pdf.GetStringWidth(string(runes)+"…") > w {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
