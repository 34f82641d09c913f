package raster

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPDFBadPageLeavesOthers(t *testing.T) {
	up := testPage(96, 192)
	whole := jpegOf(t, up)
	b := buildPDF(
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 4 0 R 99 0 R 5 0 R 6 0 R] /Count 6 /MediaBox [0 0 144 288] >>",
		"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /XObject << /I0 8 0 R >> >> >>",
		"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /XObject << /I0 9 0 R >> >> >>",
		"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /XObject << /I0 10 0 R >> >> >>",
		"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /XObject << /I0 8 0 R >> >> >>",
		pdfStream("", []byte(wholePage)),
		pdfImageOf(96, 192, "/Filter /DCTDecode /BitsPerComponent 8 /ColorSpace /DeviceGray", whole),
		pdfImageOf(96, 192, "/Filter /DCTDecode /BitsPerComponent 8 /ColorSpace /DeviceGray", whole[:len(whole)/2]),
		pdfImageOf(90000, 90000, "/BitsPerComponent 8 /ColorSpace /DeviceGray", []byte("x")),
	)
	src := openBytes(t, b)
	require.Equal(t, 6, src.Pages())
	var damaged *FormatError
	var refused *UnsupportedError
	for n, want := range []any{nil, &damaged, &damaged, &refused, nil, &damaged} {
		p, err := src.Page(n + 1)
		if want == nil {
			require.NoError(t, err, "page %d", n+1)
			requireNear(t, up.Y, p.Y, 1)
			continue
		}
		require.ErrorAs(t, err, want, "page %d", n+1)
		assert.Contains(t, err.Error(), fmt.Sprintf("page %d", n+1))
		assert.Nil(t, p)
	}
}

func TestPDFDamage(t *testing.T) {
	b := onePagePDF("", wholePage, pdfJPEG(t, testPage(96, 192)))
	var damaged *FormatError
	for _, n := range []int{9, len(b) / 3, len(b) / 2, len(b) - 7} {
		_, err := Open(writeTemp(t, "cut.pdf", b[:n]))
		require.ErrorAs(t, err, &damaged, "cut at %d", n)
		assert.Equal(t, "cut.pdf", filepath.Base(damaged.Path))
	}
}

func TestPDFPassword(t *testing.T) {
	const id = "/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt "
	lock := "<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <" + strings.Repeat("5A", 32) + "> /U <" + strings.Repeat("5B", 32) + "> >>"
	up := testPage(96, 192)
	b := onePagePDF("", wholePage, pdfJPEG(t, up))
	withLock := buildPDF("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", lock)
	for _, where := range []string{lock, "3 0 R"} {
		var refused *UnsupportedError
		_, err := Open(writeTemp(t, "locked.pdf", bytes.Replace(withLock, []byte("/Root 1 0 R"), []byte("/Root 1 0 R "+id+where), 1)))
		require.ErrorAs(t, err, &refused)
		assert.Contains(t, err.Error(), "password")
	}
	// Encrypted with an empty user password, as scanners do to forbid editing.
	conf := model.NewAESConfiguration("", "owner", 256)
	var out bytes.Buffer
	require.NoError(t, api.Encrypt(bytes.NewReader(b), &out, conf))
	requireNear(t, up.Y, onlyPage(t, out.Bytes()).Y, 1)
}
