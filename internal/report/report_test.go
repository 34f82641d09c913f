package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func written(t *testing.T, d Data) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Write(&b, d))
	return b.String()
}
