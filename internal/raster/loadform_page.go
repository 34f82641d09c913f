package raster

import (
	"fmt"
	"strings"
)

// LoadFormPage returns page n (from 1) of a blank form as LoadForm does, without rendering the
// others. It is kept in cacheDir by itself.
func LoadFormPage(path string, n int, cacheDir string) (FormPage, error) {
	b, err := readFile(path)
	if err != nil {
		return FormPage{}, err
	}
	cache := formCachePath(cacheDir, b)
	if cache != "" {
		cache = fmt.Sprintf("%s-page%d.bin", strings.TrimSuffix(cache, ".bin"), n)
	}
	if pages, ok := loadFormCache(cache); ok && len(pages) == 1 {
		return pages[0], nil
	}
	p, err := loadFormPage(path, b, n)
	if err != nil {
		return p, err
	}
	saveFormCache(cache, []FormPage{p})
	return p, nil
}

func loadFormPage(path string, b []byte, n int) (FormPage, error) {
	if sniff(b) != kindPDF {
		src, err := Open(path)
		if err != nil {
			return FormPage{}, err
		}
		defer src.Close()
		p, err := src.Page(n)
		if err != nil {
			return FormPage{}, err
		}
		return formFromImage(p), nil
	}
	if err := checkEnd(b); err != nil {
		return FormPage{}, locate(err, path, 0)
	}
	pdf := &pdfBytes{b}
	defer forgetPDF(pdf)
	return renderFormPage(pdf, path, n)
}
