// A small bridge to libtiff over a file in memory.
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint64_t offset; // of the directory
	uint32_t w, h;
	int bits, samples, photometric, compression, planar, orientation, format, unit;
	int codec;       // 0: the compression is not known
	float xres, yres;
	uint64_t row;    // bytes a row, as decoded
	uint32_t chunks; // strips or tiles
} tdir;

// Fills in up to max directories that are pages and returns their number; msg tells
// of a damaged one, which ends the list.
int scan_tiff_dirs(const unsigned char *buf, size_t len, tdir *dirs, int max, char msg[256]);

// Decodes the directory at offset to rows of packed samples; 0 if all is sound.
// palette takes 3 x 256 values, red first.
int scan_tiff_read(const unsigned char *buf, size_t len, uint64_t offset, unsigned char *out, size_t outLen,
	uint16_t *palette, char msg[256]);

// Tells where the strips or tiles of the directory lie; 0 if all is sound.
int scan_tiff_chunks(const unsigned char *buf, size_t len, uint64_t offset, uint64_t *at, uint64_t *n, uint32_t max);
