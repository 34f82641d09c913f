package exam

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseRoster(t *testing.T) {
	want := []Student{
		{Code: "00123", Registration: "03712345", Other: map[string]string{"name": "A, B"}, Line: 2},
		{Code: "00124", Registration: "03712346", Other: map[string]string{"name": ""}, Line: 3},
	}
	for _, tc := range []struct{ name, text string }{
		{"comma", "code,registration,name\n00123,03712345,\"A, B\"\n00124,03712346,\n"},
		{"semicolon", "code;registration;name\n00123;03712345;A, B\n00124;03712346;\n"},
		{"tab", "code\tregistration\tname\n00123\t03712345\tA, B\n00124\t03712346\t\n"},
		{"byte order mark and CRLF", "\ufeffcode,registration,name\r\n00123,03712345,\"A, B\"\r\n00124,03712346,\r\n"},
		{"other order and case", "Name,REGISTRATION,Code\n\"A, B\",03712345,00123\n,03712346,00124\n"},
		{"spaces", " code , registration , name\n 00123 ,03712345 , \"A, B\"\n00124\u00a0, 03712346,\n"},
		{"short row, no last newline", "code,registration,name\n00123,03712345,\"A, B\"\n00124,03712346"},
		{"empty column", "code,registration,name,,\n00123,03712345,\"A, B\",,\n00124,03712346,,,\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := ParseRoster("roster.csv", []byte(tc.text))
			require.NoError(t, err)
			assert.Equal(t, want, r.Students)
		})
	}
}

func TestRosterSkipsEmptyLines(t *testing.T) {
	r, err := ParseRoster("roster.csv", []byte("sep=;\n\ncode;registration\n\n;\n1;2\n\n"))
	require.NoError(t, err)
	assert.Equal(t, []Student{{Code: "1", Registration: "2", Other: map[string]string{}, Line: 6}}, r.Students)
}

func TestRosterLookup(t *testing.T) {
	r, err := ParseRoster("roster.csv", []byte("code,registration\n007,111\n7,112\n"))
	require.NoError(t, err)
	s, ok := r.ByCode("007")
	assert.True(t, ok)
	assert.Equal(t, "111", s.Registration)
	s, ok = r.ByRegistration("112")
	assert.True(t, ok)
	assert.Equal(t, "7", s.Code, "leading zeros tell codes apart")
	_, ok = r.ByCode("07")
	assert.False(t, ok)
	_, ok = r.ByRegistration("7")
	assert.False(t, ok)
}

func TestNoRosterKnowsNobody(t *testing.T) {
	var r *Roster
	_, ok := r.ByCode("1")
	assert.False(t, ok)
	_, ok = r.ByRegistration("1")
	assert.False(t, ok)
}

func TestRosterErrors(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string
		kind             error
	}{
		{"empty", "", ":1: the roster is empty; its first row names the columns: code,registration", ErrMalformed},
		{"only the header", "\ncode,registration\n", ":2: no student follows the header; add a row for each, or remove the roster", ErrInconsistent},
		{"no header", "123,456\n", ":1: there is no column code; the first row must name the columns code and registration\n" +
			"roster.csv:1: there is no column registration; the first row must name the columns code and registration", ErrInconsistent},
		{"column twice", "code,registration,Code\n1,2,3\n", ":1: two columns are called Code; rename one", ErrInconsistent},
		{"quote", "code,registration\n1,2\n\"3,4\n", ":3: not valid CSV: extraneous or missing \" in quoted-field; check the quotes of this row", ErrMalformed},
		{"Latin-1", "code,registration,name\n1,2,M\xfcller\n", ": the text is not UTF-8; save it as \"CSV UTF-8\"", ErrUnsupported},
		{"UTF-16", "c\x00o\x00", ": the text is not UTF-8; save it as \"CSV UTF-8\"", ErrUnsupported},
		{"code twice", "code,registration\n1,2\n\n1,3\n", ":4: code 1 stands in line 2 already; every sticker has its own", ErrInconsistent},
		{"registration twice", "code,registration\n1,2\n3,2\n", ":3: this registration stands in line 2 already; remove one row", ErrInconsistent},
		{"no code", "code,registration\n,2\n", ":2: code or registration is empty; write both or remove the row", ErrInconsistent},
		{"no registration", "code,registration\n1\n", ":2: code or registration is empty; write both or remove the row", ErrInconsistent},
		{"rounded", "code,registration\n1,3.71E+07\n", ":2: a number was rounded by a spreadsheet (like 3.71E+07); format the column as text and export again", ErrInconsistent},
		{"rounded, with a comma", "code;registration\n1;3,71E+07\n", ":2: a number was rounded by a spreadsheet (like 3.71E+07); format the column as text and export again", ErrInconsistent},
		{"row too long", "code,registration,name\n1,2,A, B\n", ":2: the row has more cells than the header has columns; put quotes around a cell that holds the separator", ErrInconsistent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ParseRoster("roster.csv", []byte(tc.text))
			require.ErrorIs(t, err, tc.kind)
			assert.EqualError(t, err, "roster.csv"+tc.want)
		})
	}
}

func TestCodesLikeNumbersWithELetterStay(t *testing.T) {
	r, err := ParseRoster("roster.csv", []byte("code,registration\nE0134,1E07\n"))
	require.NoError(t, err)
	assert.Equal(t, "1E07", r.Students[0].Registration)
}

func TestLoadRoster(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.csv")
	_, err := LoadRoster(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("code,registration\n1,2\n"), 0o600))
	r, err := LoadRoster(path)
	require.NoError(t, err)
	assert.Len(t, r.Students, 1)
}
