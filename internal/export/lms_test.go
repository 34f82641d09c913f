package export

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

const sampleRoster = "code,registration,Name,Degree programme\n" +
	"00123,03712345,\"Süß, Ada\",B.Sc.\n=1+1,0815,=cmd|' /C calc'!A0,\n999,42,Nobody here,\n"

func list(t *testing.T, d *Data, columns string, l List) string {
	t.Helper()
	roster, err := exam.ParseRoster("roster.csv", []byte(sampleRoster))
	require.NoError(t, err)
	d.Roster = roster
	l.Columns, err = Columns(columns, d.Exam, d.Roster)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, LMS(&out, d, l))
	return out.String()
}

func TestLMSHasTheChosenColumnsOfFinalBooklets(t *testing.T) {
	got := list(t, sampleData(), `Matriculation number=registration, Grade=grade,Total=total,name,"Problem 1, choice"=P:1,Q:2.1,degree programme`, List{})
	assert.Equal(t, `Matriculation number,Grade,Total,name,"Problem 1, choice",Q:2.1,degree programme
0815,4.0,4.5,'=cmd|' /C calc'!A0,1.5,3,
03712345,1.0,9,"Süß, Ada",3.5,3,B.Sc.
`, got)
}

func TestLMSWithDecimalCommas(t *testing.T) {
	got := list(t, sampleData(), "registration,total,grade,R:name", List{Separator: ';', DecimalComma: true})
	assert.Equal(t, "registration;total;grade;R:name\n0815;4,5;4,0;'=cmd|' /C calc'!A0\n03712345;9;1,0;Süß, Ada\n", got)
}

func TestLMSOfAllLeavesEmptyWhatIsNotKnown(t *testing.T) {
	d := sampleData()
	d.All = true
	assert.Equal(t, "booklet,status,total,grade\nB1,final,4.5,4.0\nB2,final,9,1.0\nB10,review,,\n", list(t, d, "booklet,status,total,grade", List{}))
}

func TestNamesAreInNoDefaultList(t *testing.T) {
	d := sampleData()
	assert.Equal(t, "registration,total,grade", DefaultColumns(d.Exam, false))
	assert.Equal(t, "registration,total,grade,status", DefaultColumns(d.Exam, true))
	d.Exam.Grades = nil
	assert.Equal(t, "registration,total", DefaultColumns(d.Exam, false))
	assert.NotContains(t, list(t, d, DefaultColumns(d.Exam, false), List{}), "Ada")
}

func TestColumnsThatAreNotThere(t *testing.T) {
	d := sampleData()
	for _, text := range []string{"P:9", "Q:1", "name", "registration,", "code", "", ",", "X=", "grade"} {
		if text == "grade" {
			d.Exam.Grades = nil
		}
		_, err := Columns(text, d.Exam, nil)
		if text == "code" || text == "registration," {
			require.NoError(t, err, text)
			continue
		}
		require.Error(t, err, text)
		if text == "grade" {
			assert.ErrorContains(t, err, "put grades: into exam.yaml")
			continue
		}
		assert.ErrorContains(t, err, "write any of booklet, code, registration, status, total", text)
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{"": "", "-1.5": "-1.5", "+3": "+3", "-1+2": "'-1+2", "@x": "'@x", "=1": "'=1", "\tx": "'\tx", "a=1": "a=1", "\n=1": "'\n=1"} {
		assert.Equal(t, want, harmless(text))
	}
}
