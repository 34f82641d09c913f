package report

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// words says things in one language. All that the page says stands in words/.
type words struct {
	lang string
	text map[string]string
}

// newWords returns the words of a language: "de" or any tag that begins so is German, all else English.
func newWords(lang string) words {
	w := words{lang: "en"}
	if strings.HasPrefix(strings.ToLower(lang), "de") {
		w.lang = "de"
	}
	b, err := files.ReadFile("words/" + w.lang + ".json")
	if err == nil {
		err = json.Unmarshal(b, &w.text)
	}
	if err != nil {
		panic("report: the words of " + w.lang + " are damaged: " + err.Error()) // embedded: a bug, held by a test
	}
	return w
}

// funcs are what templates call.
func (w words) funcs() template.FuncMap {
	return template.FuncMap{"t": w.say, "lang": func() string { return w.lang }}
}

// say returns the text of a key, with %s and %[n]s replaced.
func (w words) say(key string, args ...any) string {
	text, ok := w.text[key]
	if !ok {
		panic("report: no word for " + strconv.Quote(key) + " in " + w.lang)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// has reports whether there is a text for a key.
func (w words) has(key string) bool { _, ok := w.text[key]; return ok }

// counted says how many of something there are; key+".one" is used for one.
func (w words) counted(key string, n int) string {
	if n == 1 && w.has(key+".one") {
		return w.say(key + ".one")
	}
	return w.say(key, w.count(n))
}

// list writes names one after another, the last two joined by "and".
func (w words) list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " " + w.say("and") + " " + names[n-1]
	}
	return strings.Join(names, "")
}

// number writes x with so many decimals, in German with a comma.
func (w words) number(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" { // -0.004 is 0.00, not less
		text = strings.TrimPrefix(text, "-")
	}
	return w.point(strings.Replace(text, "-", "−", 1))
}

// signed writes a difference with its sign.
func (w words) signed(x float64) string {
	if text := w.number(x, 2); x < 0 || exact(x) == 0 {
		return text
	}
	return "+" + w.number(x, 2)
}

// credits writes credits in their shortest form, at most two decimals.
func (w words) credits(x float64) string {
	text := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
	if text == "-0" {
		text = "0"
	}
	return w.point(strings.Replace(text, "-", "−", 1))
}

// share writes x of [0,1] in per cent.
func (w words) share(x float64, decimals int) string {
	if w.lang == "de" {
		return w.number(100*x, decimals) + "\u202f%"
	}
	return w.number(100*x, decimals) + "%"
}

// count writes a whole number with a thin space before every three digits.
func (w words) count(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func (w words) point(text string) string {
	if w.lang == "de" {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// moment writes a day and time.
func (w words) moment(t time.Time) string {
	if w.lang == "de" {
		return t.Format("02.01.2006 15:04")
	}
	return t.Format("2006-01-02 15:04")
}
