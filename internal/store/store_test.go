package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func TestResultsSurviveReopening(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "a folder?", FileName)
	require.NoError(t, os.Mkdir(filepath.Dir(path), 0o755))
	s := open(t, path)
	w := s.NewWriter()
	require.NoError(t, w.Put(Key{"p1", "r"}, []byte(`{"n":1}`)))
	require.NoError(t, w.Put(Key{"p2", "r"}, []byte(`{"n":2}`)))
	require.NoError(t, w.Put(Key{"p2", "r"}, []byte(`{"n":3}`)))
	require.NoError(t, w.Close())
	require.NoError(t, s.Close())
	require.FileExists(t, path)

	s = open(t, path)
	doc, ok, err := s.Result(ctx, Key{"p2", "r"})
	require.NoError(t, err)
	assert.True(t, ok)
	assert.JSONEq(t, `{"n":3}`, string(doc))
	_, ok, err = s.Result(ctx, Key{"p1", "other reading"})
	require.NoError(t, err)
	assert.False(t, ok)
}

func TestWriterFlushesByItself(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), FileName))
	w := s.NewWriter()
	require.NoError(t, w.Put(Key{"p", "r"}, []byte(`{}`)))
	assert.Eventually(t, func() bool {
		_, ok, err := s.Result(context.Background(), Key{"p", "r"})
		return err == nil && ok
	}, 5*time.Second, 20*time.Millisecond)
	require.NoError(t, w.Close())
}

func TestAttemptsCountUntilResult(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	k := Key{"p", "r"}
	for want := 1; want <= 3; want++ {
		n, err := s.Begin(ctx, k)
		require.NoError(t, err)
		assert.Equal(t, want, n)
	}
	n, err := s.Attempts(ctx, Key{"p", "other"})
	require.NoError(t, err)
	assert.Zero(t, n)

	w := s.NewWriter()
	require.NoError(t, w.Put(k, []byte(`{}`)))
	require.NoError(t, w.Close())
	n, err = s.Attempts(ctx, k)
	require.NoError(t, err)
	assert.Zero(t, n)
}

func TestSourcesAndFacts(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	_, ok, err := s.Source(ctx, "h", "r")
	require.NoError(t, err)
	assert.False(t, ok)
	_, err = s.Begin(ctx, OpeningKey("h", "r"))
	require.NoError(t, err)
	require.NoError(t, s.SetSource(ctx, Source{Hash: "h", Path: "a.pdf", Pages: []string{"x"}}, "r"))
	require.NoError(t, s.SetSource(ctx, Source{Hash: "h", Path: "b.pdf", Pages: []string{"x", "y"}}, "r"))
	src, ok, err := s.Source(ctx, "h", "r")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, Source{Hash: "h", Path: "b.pdf", Pages: []string{"x", "y"}}, src)

	n, err := s.Attempts(ctx, OpeningKey("h", "r"))
	require.NoError(t, err)
	assert.Zero(t, n)

	require.NoError(t, s.SetFormFacts(ctx, "f", []byte(`{"a":1}`)))
	require.NoError(t, s.SetFormFacts(ctx, "f", []byte(`{"a":2}`)))
	doc, ok, err := s.FormFacts(ctx, "f")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.JSONEq(t, `{"a":2}`, string(doc))
}

func TestDecisionsAreKeptInOrder(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	clock := time.UnixMilli(0)
	s.now = func() time.Time { clock = clock.Add(time.Second); return clock }
	for _, v := range []string{"crossed", "empty", "filled"} {
		_, err := s.Decide(ctx, Decision{Page: "p", Field: "1.1.a", Value: v, Who: "w"})
		require.NoError(t, err)
	}
	all, err := s.Decisions(ctx)
	require.NoError(t, err)
	require.Len(t, all, 3)
	assert.Equal(t, "filled", all[2].Value)
}

// Each damage is a named stand-in with the advice its message must give.
func TestDamagedDatabaseSaysWhatToDo(t *testing.T) {
	noise := make([]byte, 8192)
	for i := range noise {
		noise[i] = byte(i*i + 7)
	}
	cases := map[string]func(t *testing.T, path string){
		"not a database": func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, noise, 0o644)) },
		"page overwritten": func(t *testing.T, path string) {
			s := open(t, path)
			w := s.NewWriter()
			for i := range 200 {
				require.NoError(t, w.Put(Key{string(rune('a' + i)), "r"}, noise[:40]))
			}
			require.NoError(t, w.Close())
			require.NoError(t, s.Close())
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(noise, 4096)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		},
	}
	for name, damage := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), FileName)
			damage(t, path)
			_, err := Open(context.Background(), path)
			require.ErrorIs(t, err, ErrDamaged)
			assert.ErrorContains(t, err, path)
			assert.ErrorContains(t, err, "move it away and run again")
		})
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	s := open(t, path)
	_, err := s.db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = Open(context.Background(), path)
	require.ErrorIs(t, err, ErrNewer)
}

func TestLockKeepsASecondRunOut(t *testing.T) {
	dir := t.TempDir()
	release, err := Lock(dir)
	require.NoError(t, err)
	_, err = Lock(dir)
	require.ErrorContains(t, err, "another scan is at work")
	release()
	release, err = Lock(dir)
	require.NoError(t, err)
	release()
}
