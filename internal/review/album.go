package review

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
)

// albumBytes bounds the encoded pictures that are kept: a crop has some 10 kB, a page 200 kB.
const albumBytes = 64 << 20

// jpegQuality keeps pen strokes clear; twice the bytes show nothing more.
const jpegQuality = 85

// album takes pictures, each once, and keeps the latest ones encoded.
type album struct {
	desk  Desk
	once  singleflight.Group
	hands *semaphore.Weighted // pictures taken at once
	asked atomic.Int32        // requests under way: looking ahead waits for them

	mu    sync.Mutex
	kept  map[string]*list.Element
	order *list.List // of kept, the latest in front
	bytes int
	stop  context.CancelFunc // ends looking ahead
}

// kept is a picture, encoded.
type kept struct {
	key  string
	jpeg []byte
}

func newAlbum(d Desk) *album {
	return &album{desk: d, hands: semaphore.NewWeighted(int64(runtime.NumCPU())), kept: map[string]*list.Element{},
		order: list.New(), stop: func() {}}
}

func (s shot) key() string {
	return fmt.Sprint(s.page.Source, "\x00", s.page.SourcePage, s.page.Image, s.page.Registered, s.page.Rotation, s.area, s.pxPerMM, s.turn)
}

// ask returns a picture that somebody waits for.
func (a *album) ask(ctx context.Context, s shot) ([]byte, error) {
	a.asked.Add(1)
	defer a.asked.Add(-1)
	return a.jpeg(ctx, s)
}

// jpeg returns a picture, encoded.
func (a *album) jpeg(ctx context.Context, s shot) ([]byte, error) {
	return a.take(ctx, s.key(), func(ctx context.Context) (image.Image, error) {
		return a.desk.Picture(ctx, *s.page, s.area, s.pxPerMM, s.turn)
	})
}

// form returns a page of the form, encoded.
func (a *album) form(ctx context.Context, page int) ([]byte, error) {
	return a.take(ctx, fmt.Sprint("form ", page), func(ctx context.Context) (image.Image, error) {
		return a.desk.FormPicture(ctx, page)
	})
}

// take returns the picture that is kept under a key, or makes it.
func (a *album) take(ctx context.Context, key string, picture func(context.Context) (image.Image, error)) ([]byte, error) {
	if b, ok := a.find(key); ok {
		return b, nil
	}
	// Who waits for the same picture must not lose it because the first one to ask went away.
	whole := context.WithoutCancel(ctx)
	got, err, _ := a.once.Do(key, func() (any, error) {
		if err := a.hands.Acquire(whole, 1); err != nil {
			return nil, err
		}
		defer a.hands.Release(1)
		img, err := picture(whole)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
			return nil, err
		}
		a.keep(key, out.Bytes())
		return out.Bytes(), nil
	})
	if err != nil {
		return nil, err
	}
	return got.([]byte), nil //nolint:errcheck,forcetypeassert // it was put there as bytes
}

func (a *album) find(key string) ([]byte, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.kept[key]
	if !ok {
		return nil, false
	}
	a.order.MoveToFront(e)
	return e.Value.(kept).jpeg, true //nolint:errcheck,forcetypeassert // nothing else is in the list
}

func (a *album) keep(key string, b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, twice := a.kept[key]; twice {
		return
	}
	a.kept[key] = a.order.PushFront(kept{key, b})
	for a.bytes += len(b); a.bytes > albumBytes; {
		last := a.order.Back()
		old := a.order.Remove(last).(kept) //nolint:errcheck,forcetypeassert // nothing else is in the list
		delete(a.kept, old.key)
		a.bytes -= len(old.jpeg)
	}
}

// ahead takes pictures that will be asked for soon, one after another while nobody waits for others,
// instead of those it was told before.
func (a *album) ahead(ctx context.Context, shots []shot) {
	ctx, stop := context.WithCancel(ctx)
	a.mu.Lock()
	a.stop()
	a.stop = stop
	a.mu.Unlock()
	go func() {
		defer stop()
		for _, s := range shots {
			for a.asked.Load() > 0 && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			if ctx.Err() != nil {
				return
			}
			_, _ = a.jpeg(ctx, s) // who asks for it is told what is wrong with it
		}
	}()
}
