package author

import (
	"regexp"
	"strconv"
	"strings"
)

// The words a form speaks in, English and German.
var (
	problemWord  = regexp.MustCompile(`(?i)^(problem|aufgabe|part|teil|exercise|übung|task|section|abschnitt|block)$`)
	questionWord = regexp.MustCompile(`(?i)^(question|frage|q\.?)$`)
	numeral      = regexp.MustCompile(`^(\d{1,2}|[IVX]{1,4}|[A-Z])[.:)]?$`)
	creditsText  = regexp.MustCompile(`(?i)[(\[]?\s*(?:max\.?\s*)?(\d{1,3}(?:[.,]\d)?)\s*(credits?|points?|punkte?n?|pts?|marks?|be|p)\b\.?\s*[)\]]?`)
	inBrackets   = regexp.MustCompile(`(?i)[(\[]\s*(?:max\.?\s*)?(\d{1,3}(?:[.,]\d)?)\s*(credits?|points?|punkte?n?|pts?|marks?|be|p)\.?\s*[)\]]`)
	dotted       = regexp.MustCompile(`^(\d{1,2}\.\d{1,2})[.)]?\*?$`)
	joined       = regexp.MustCompile(`^(\d{1,2}[a-z])[.)]?\*?$`)
	lettered     = regexp.MustCompile(`^\(?([a-z])\)\*?$|^([a-z])\.\*?$`)
	numbered     = regexp.MustCompile(`^\(?(\d{1,2})[.)]\*?$`)
	totalWord    = regexp.MustCompile(`(?i)total|achievable|overall|insgesamt|gesamt|erreichbar|summe`)
	stickerWord  = regexp.MustCompile(`(?i)sticker|aufkleber|einkleben|etikett|\blabel\b|srid|barcode`)
	marginPoints = regexp.MustCompile(`(?i)^[(\[]\s*(\d{1,2}(?:[.,]5)?)\s*(?:credits?|points?|punkte?n?|pts?|marks?|be|p)?\.?\s*[)\]]$`)
	romanRow     = regexp.MustCompile(`^(I{1,2})[.:)]?$`)
	number       = regexp.MustCompile(`^\d{1,3}(?:[.,]5)?$`)
)

// parseNumber reads credits as people print them, with a point or a comma.
func parseNumber(s string) float64 {
	v, _ := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v
}

// creditsIn returns what a heading says it is worth; the number must stand in brackets, since
// texts speak of points for many reasons.
func creditsIn(text string) (credits float64, ok bool) {
	m := inBrackets.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	return parseNumber(m[1]), true
}

// heading is the title line of a problem.
type heading struct {
	id, title string
	credits   *float64
}

// largerType is how much larger than the text a heading is that says nothing of credits.
const largerType = 1.08

// headingOf reads "Problem 1  Multiple Choice (18 credits)", "Teil II: ..." and the like.
func headingOf(l line, bodyPt float64) (h heading, ok bool) {
	if len(l.words) < 2 || !problemWord.MatchString(l.words[0].Text) {
		return h, false
	}
	m := numeral.FindStringSubmatch(l.words[1].Text)
	if m == nil {
		return h, false
	}
	h.id = arabic(m[1])
	rest := line{words: l.words[2:]}.text()
	if c, found := creditsIn(rest); found {
		h.credits = &c
		rest = rest[:inBrackets.FindStringIndex(rest)[0]]
	}
	if h.credits == nil && l.size < largerType*bodyPt {
		return h, false // a sentence that begins with "Problem 2"
	}
	h.title = strings.Trim(strings.TrimSpace(rest), " :–-_.")
	return h, true
}

// arabic turns a Roman numeral into digits, so that ids are short and sort well.
func arabic(s string) string {
	values := map[string]string{"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10"}
	if v, ok := values[s]; ok {
		return v
	}
	return s
}

// label is what a question is called where it begins.
type label struct {
	line
	id      string // as printed: "1.1", "a", "3"
	full    bool   // names the problem as well: "1.1", "2a"
	credits *float64
}

// labelOf reads the label at the beginning of a line.
func labelOf(l line) (label, bool) {
	out := label{line: l}
	first := l.words[0].Text
	if questionWord.MatchString(first) && len(l.words) > 1 {
		first = strings.TrimRight(l.words[1].Text, ".:)") + "."
	}
	switch {
	case dotted.MatchString(first):
		out.id, out.full = dotted.FindStringSubmatch(first)[1], true
	case joined.MatchString(first):
		out.id, out.full = joined.FindStringSubmatch(first)[1], true
	case lettered.MatchString(first):
		m := lettered.FindStringSubmatch(first)
		out.id = m[1] + m[2]
	case numbered.MatchString(first):
		out.id = numbered.FindStringSubmatch(first)[1]
	default:
		return out, false
	}
	if c, ok := creditsIn(l.text()); ok {
		out.credits = &c
	}
	return out, true
}

// name joins the problem's id with the question's.
func (l label) name(problem string) string {
	switch {
	case l.full || problem == "":
		return l.id
	case l.id[0] >= '0' && l.id[0] <= '9':
		return problem + "." + l.id
	}
	return problem + l.id
}

// statedTotal finds what the cover says the exam is worth: the credits nearest to the word that
// speaks of a total, in its line or the next.
func statedTotal(ls []line) (credits float64, ok bool) {
	for i, l := range ls {
		text := l.text()
		at := totalWord.FindStringIndex(text)
		if at == nil {
			continue
		}
		if c, ok := creditsNear(text, at); ok {
			return c, true
		}
		if i+1 < len(ls) && ls[i+1].Y-l.Y < 3*l.H {
			if c, ok := creditsNear(text+" "+ls[i+1].text(), at); ok {
				return c, true
			}
		}
	}
	return 0, false
}

// creditsNear returns the credits in a text that stand nearest to a span of it.
func creditsNear(text string, at []int) (credits float64, ok bool) {
	nearest := len(text) + 1
	for _, m := range creditsText.FindAllStringSubmatchIndex(text, -1) {
		if d := max(m[0]-at[1], at[0]-m[1]); d < nearest {
			nearest, credits, ok = d, parseNumber(text[m[2]:m[3]]), true
		}
	}
	return credits, ok
}

// bodySize is the font size that most words have, in points.
func bodySize(sheets []Sheet) float64 {
	count := map[int]int{}
	best := 0
	for _, s := range sheets {
		for _, w := range s.Words {
			k := int(w.SizePt*2 + 0.5)
			if count[k] += len(w.Text); count[k] > count[best] {
				best = k
			}
		}
	}
	return float64(best) / 2
}
