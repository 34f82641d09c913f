package exam

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func draft(t *testing.T, text string) (*Roster, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return LoadDraft(path)
}

func TestDraftWithoutCodes(t *testing.T) {
	for name, text := range map[string]string{
		"no column":    "Registration;Name\n007;Ada, L.\n8;Bea\n",
		"empty column": "code;Registration;Name\n;007;Ada, L.\n;8;Bea\n",
	} {
		r, err := draft(t, text)
		require.NoError(t, err, name)
		require.Len(t, r.Students, 2)
		assert.Equal(t, Student{Registration: "007", Other: map[string]string{"name": "Ada, L."}, Line: 2}, r.Students[0], name)
		_, known := r.ByCode("")
		assert.False(t, known, name)
		r.GiveCode(0, "12345670")
		r.GiveCode(1, "76543210")
		s, known := r.ByCode("76543210")
		assert.True(t, known && s.Registration == "8", name)
		assert.Equal(t, "code,Registration,Name\n12345670,007,\"Ada, L.\"\n76543210,8,Bea\n", string(r.CSV()), name)
		again, err := ParseRoster("roster.csv", r.CSV())
		require.NoError(t, err)
		assert.True(t, r.SameButCodes(again))
	}
}

func TestDraftIsCheckedOtherwise(t *testing.T) {
	for text, want := range map[string]string{
		"code,name\n,Ada\n":               "there is no column registration",
		"code,registration\n,\n1,\n":      "registration is empty",
		"code,registration\n,1\n,1\n":     "this registration stands in line 2 already",
		"code,registration\n5,1\n5,2\n":   "code 5 stands in line 2 already",
		"code,registration\n3.71E+07,1\n": "rounded by a spreadsheet",
		"registration\n1,2\n":             "more cells than the header",
	} {
		_, err := draft(t, text)
		assert.ErrorContains(t, err, want, text)
	}
	_, err := ParseRoster("roster.csv", []byte("code,registration\n,1\n"))
	assert.ErrorContains(t, err, "code or registration is empty", "a roster for reading needs its codes")
}

func TestSameButCodes(t *testing.T) {
	of := func(text string) *Roster {
		r, err := draft(t, text)
		require.NoError(t, err)
		return r
	}
	a := of("code,registration,name\n,1,Ada\n22,2,Bea\n")
	assert.True(t, a.SameButCodes(of("code,registration,name\n11,1,Ada\n22,2,Bea\n")))
	assert.False(t, a.SameButCodes(of("code,registration,name\n11,1,Ada\n23,2,Bea\n")), "another code")
	assert.False(t, a.SameButCodes(of("code,registration,name\n11,1,Ada\n")), "a student less")
	assert.False(t, a.SameButCodes(of("code,registration,name\n,2,Bea\n,1,Ada\n")), "another order")
	assert.False(t, a.SameButCodes(of("code,registration,name,seat\n,1,Ada,A1\n,2,Bea,A2\n")), "another column")
}
