// A small bridge to libjpeg: planar decoding at native subsampling, and encoding.
#include <stddef.h>

typedef struct {
	int w, h;          // of the decoded image, after scaling
	int comps;         // 1, 3 or 4 in the file
	int raw;           // 1: planes can be taken as they are
	int kind;          // 0 grey, 1 YCbCr, 2 RGB, 3 CMYK, 4 inverted CMYK (of the interleaved output)
	int stride[3], rows[3], pw[3], ph[3]; // padded and true size of each plane (raw only)
	int subx, suby;    // how many times chroma is smaller (raw only)
	int eofWarn, otherWarn;
	char msg[256];
} jinfo;

// These return 0; or with msg set -1, the data is damaged, or -2, it is of a kind
// that libjpeg does not know.
int scan_jpeg_info(const unsigned char *buf, size_t len, int half, jinfo *info);
int scan_jpeg_planes(const unsigned char *buf, size_t len, int half, jinfo *info,
	unsigned char *y, unsigned char *cb, unsigned char *cr);
int scan_jpeg_rows(const unsigned char *buf, size_t len, int half, jinfo *info, unsigned char *out);
int scan_jpeg_rgb(const unsigned char *buf, size_t len, int half, jinfo *info, unsigned char *out);

typedef struct {
	int w, h, subx, suby, quality, xdpi, ydpi;
	int cw, ch, ystride, cstride;
	unsigned char *out;      // to be freed by the caller
	unsigned long outLen;
	char msg[256];
} jenc;

// Encodes planes as they are; cb and cr are NULL for grey.
int scan_jpeg_encode(jenc *e, const unsigned char *y, const unsigned char *cb, const unsigned char *cr);
