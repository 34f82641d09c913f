#include "tiff_shim.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

typedef struct {
	const unsigned char *buf;
	toff_t len, pos;
	char *msg;
	int errors, warnings;
} mem;

static tmsize_t memRead(thandle_t h, void *dst, tmsize_t n) {
	mem *m = h;
	if (m->pos >= m->len || n <= 0) return 0;
	if ((toff_t)n > m->len - m->pos) n = m->len - m->pos;
	memcpy(dst, m->buf + m->pos, n);
	m->pos += n;
	return n;
}
static tmsize_t memWrite(thandle_t h, void *src, tmsize_t n) { (void)h; (void)src; (void)n; return 0; }
static toff_t memSeek(thandle_t h, toff_t to, int whence) {
	mem *m = h;
	m->pos = whence == SEEK_CUR ? m->pos + to : whence == SEEK_END ? m->len + to : to;
	return m->pos;
}
static int memClose(thandle_t h) { (void)h; return 0; }
static toff_t memSize(thandle_t h) { return ((mem *)h)->len; }
static int memMap(thandle_t h, void **base, toff_t *size) {
	*base = (void *)((mem *)h)->buf;
	*size = ((mem *)h)->len;
	return 1;
}
static void memUnmap(thandle_t h, void *base, toff_t size) { (void)h; (void)base; (void)size; }

static void note(mem *m, const char *fmt, va_list ap) {
	if (m->msg && !m->msg[0]) vsnprintf(m->msg, 256, fmt, ap);
}
static int onError(TIFF *t, void *user, const char *module, const char *fmt, va_list ap) {
	(void)t; (void)module;
	((mem *)user)->errors++;
	note(user, fmt, ap);
	return 1;
}
static int onWarning(TIFF *t, void *user, const char *module, const char *fmt, va_list ap) {
	(void)t; (void)module; (void)fmt; (void)ap;
	((mem *)user)->warnings++;
	return 1;
}

static TIFF *openMem(mem *m, const unsigned char *buf, size_t len, char *msg) {
	memset(m, 0, sizeof *m);
	m->buf = buf;
	m->len = len;
	m->msg = msg;
	if (msg) msg[0] = 0;
	TIFFOpenOptions *o = TIFFOpenOptionsAlloc();
	TIFFOpenOptionsSetErrorHandlerExtR(o, onError, m);
	TIFFOpenOptionsSetWarningHandlerExtR(o, onWarning, m);
	TIFF *t = TIFFClientOpenExt("scan", "r", m, memRead, memWrite, memSeek, memClose, memSize, memMap, memUnmap, o);
	TIFFOpenOptionsFree(o);
	return t;
}

static void jpegAsRGB(TIFF *t) {
	uint16_t c = 0, p = 0;
	TIFFGetFieldDefaulted(t, TIFFTAG_COMPRESSION, &c);
	TIFFGetField(t, TIFFTAG_PHOTOMETRIC, &p);
	if (c == COMPRESSION_JPEG && p == PHOTOMETRIC_YCBCR) TIFFSetField(t, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

static int get16(TIFF *t, uint32_t tag) {
	uint16_t v = 0;
	return TIFFGetFieldDefaulted(t, tag, &v) ? v : 0;
}

static void describe(TIFF *t, tdir *d) {
	memset(d, 0, sizeof *d);
	jpegAsRGB(t);
	d->offset = TIFFCurrentDirOffset(t);
	TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &d->w);
	TIFFGetField(t, TIFFTAG_IMAGELENGTH, &d->h);
	d->bits = get16(t, TIFFTAG_BITSPERSAMPLE);
	d->samples = get16(t, TIFFTAG_SAMPLESPERPIXEL);
	d->photometric = get16(t, TIFFTAG_PHOTOMETRIC);
	d->compression = get16(t, TIFFTAG_COMPRESSION);
	d->planar = get16(t, TIFFTAG_PLANARCONFIG);
	d->orientation = get16(t, TIFFTAG_ORIENTATION);
	d->format = get16(t, TIFFTAG_SAMPLEFORMAT);
	d->unit = get16(t, TIFFTAG_RESOLUTIONUNIT);
	d->codec = TIFFIsCODECConfigured(d->compression);
	TIFFGetField(t, TIFFTAG_XRESOLUTION, &d->xres);
	TIFFGetField(t, TIFFTAG_YRESOLUTION, &d->yres);
	d->row = TIFFScanlineSize64(t);
	d->chunks = TIFFIsTiled(t) ? TIFFNumberOfTiles(t) : TIFFNumberOfStrips(t);
}

int scan_tiff_dirs(const unsigned char *buf, size_t len, tdir *dirs, int max, char msg[256]) {
	mem m;
	TIFF *t = openMem(&m, buf, len, msg);
	int n = 0;
	if (!t) return 0;
	do {
		uint32_t sub = 0;
		TIFFGetField(t, TIFFTAG_SUBFILETYPE, &sub);
		if (sub & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) continue;
		describe(t, &dirs[n++]);
	} while (n < max && TIFFReadDirectory(t));
	if (m.errors == 0) msg[0] = 0;
	TIFFClose(t);
	return n;
}

static int readStrips(TIFF *t, unsigned char *out, size_t outLen) {
	size_t at = 0;
	for (uint32_t s = 0; s < TIFFNumberOfStrips(t); s++) {
		uint32_t rows = 0, h = 0;
		TIFFGetFieldDefaulted(t, TIFFTAG_ROWSPERSTRIP, &rows);
		TIFFGetField(t, TIFFTAG_IMAGELENGTH, &h);
		if (rows > h) rows = h;
		if ((uint64_t)s * rows >= h) break;
		tmsize_t n = TIFFVStripSize(t, h - s * rows < rows ? h - s * rows : rows);
		if (n <= 0 || at + (size_t)n > outLen) return -1;
		if (TIFFReadEncodedStrip(t, s, out + at, n) < 0) return -1;
		at += n;
	}
	return at == outLen ? 0 : -1;
}

static int readTiles(TIFF *t, unsigned char *out, size_t outLen) {
	uint32_t w = 0, h = 0, tw = 0, th = 0;
	TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &w);
	TIFFGetField(t, TIFFTAG_IMAGELENGTH, &h);
	TIFFGetField(t, TIFFTAG_TILEWIDTH, &tw);
	TIFFGetField(t, TIFFTAG_TILELENGTH, &th);
	size_t row = TIFFScanlineSize(t), trow = TIFFTileRowSize(t), size = TIFFTileSize(t);
	if (!tw || !th || trow * th > size || size > 1u << 30 || row * h != outLen) return -1;
	unsigned char *tile = malloc(size);
	int bad = !tile;
	for (uint32_t y = 0; y < h && !bad; y += th) {
		for (uint32_t x = 0; x < w && !bad; x += tw) {
			bad = TIFFReadEncodedTile(t, TIFFComputeTile(t, x, y, 0, 0), tile, size) < 0;
			size_t at = (size_t)(x / tw) * trow;
			if (bad || at >= row) break;
			size_t n = row - at < trow ? row - at : trow;
			for (uint32_t r = 0; r < th && y + r < h; r++) memcpy(out + (y + r) * row + at, tile + r * trow, n);
		}
	}
	free(tile);
	return bad ? -1 : 0;
}

int scan_tiff_read(const unsigned char *buf, size_t len, uint64_t offset, unsigned char *out, size_t outLen,
	uint16_t *palette, char msg[256]) {
	mem m;
	TIFF *t = openMem(&m, buf, len, msg);
	if (!t) return -1;
	int bad = !TIFFSetSubDirectory(t, offset);
	if (!bad) {
		jpegAsRGB(t);
		uint16_t *c[3];
		int n = 1 << get16(t, TIFFTAG_BITSPERSAMPLE);
		if (get16(t, TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_PALETTE && n <= 256 &&
			TIFFGetField(t, TIFFTAG_COLORMAP, &c[0], &c[1], &c[2]))
			for (int i = 0; i < 3; i++) memcpy(palette + 256 * i, c[i], n * sizeof **c);
		m.warnings = m.errors = 0; // a warning about a tag costs no pixel, one about data does
		msg[0] = 0;
		bad = TIFFIsTiled(t) ? readTiles(t, out, outLen) : readStrips(t, out, outLen);
		bad = bad || m.warnings || m.errors;
	}
	TIFFClose(t);
	return bad ? -1 : 0;
}

int scan_tiff_chunks(const unsigned char *buf, size_t len, uint64_t offset, uint64_t *at, uint64_t *n, uint32_t max) {
	mem m;
	TIFF *t = openMem(&m, buf, len, NULL);
	if (!t) return -1;
	int bad = !TIFFSetSubDirectory(t, offset);
	for (uint32_t i = 0; i < max && !bad; i++) {
		int err = 0;
		at[i] = TIFFGetStrileOffsetWithErr(t, i, &err);
		bad = err;
		n[i] = TIFFGetStrileByteCountWithErr(t, i, &err);
		bad = bad || err;
	}
	TIFFClose(t);
	return bad ? -1 : 0;
}
