package export

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAuditPutsNumbersOnOneLine(t *testing.T) {
	doc := map[string]any{"a": []float64{1, -2.5, 1e-9}, "b": "[\n1, 2 ]", "c": []string{"1"}, "d": []int{}, "e": [][]int{{1, 2}, {3}}, "f": "<&>"}
	var out bytes.Buffer
	require.NoError(t, Audit(&out, doc))
	assert.Equal(t, "{\n \"a\": [1,-2.5,1e-9],\n \"b\": \"[\\n1, 2 ]\",\n \"c\": [\n  \"1\"\n ],\n \"d\": [],\n \"e\": [\n  [1,2],\n  [3]\n ],\n \"f\": \"<&>\"\n}\n", out.String()) //nolint:testifylint // how it is laid out is what is tested
	want, err := json.Marshal(doc)
	require.NoError(t, err)
	assert.JSONEq(t, string(want), out.String(), "nothing is lost")
}
