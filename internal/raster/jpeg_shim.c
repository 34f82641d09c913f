#include "jpeg_shim.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

enum { maxScans = 200, strayBytes = 64 };
enum { broken = 1, unknownKind = 2 };

typedef struct {
	struct jpeg_error_mgr base;
	jmp_buf back;
	int eof, other;
	char *msg;
} errmgr;

static void onError(j_common_ptr c) {
	errmgr *e = (errmgr *)c->err;
	char text[JMSG_LENGTH_MAX];
	(*c->err->format_message)(c, text);
	snprintf(e->msg, 256, "%s", text);
	switch (e->base.msg_code) {
	case JERR_BAD_PRECISION: case JERR_SOF_UNSUPPORTED: case JERR_ARITH_NOTIMPL: case JERR_NOT_COMPILED:
	case JERR_CONVERSION_NOTIMPL: case JERR_CCIR601_NOTIMPL: case JERR_FRACT_SAMPLE_NOTIMPL:
		longjmp(e->back, unknownKind);
	}
	longjmp(e->back, broken);
}

// A warning is harmless, or a sign of missing data. Stray bytes after the data
// are padding when few, and the rest of a derailed bit stream when many.
static void onMessage(j_common_ptr c, int level) {
	errmgr *e = (errmgr *)c->err;
	char text[JMSG_LENGTH_MAX];
	if (level >= 0) return;
	switch (e->base.msg_code) {
	case JWRN_ADOBE_XFORM: case JWRN_JFIF_MAJOR: case JWRN_TOO_MUCH_DATA: case JWRN_BOGUS_ICC: return;
	case JWRN_EXTRANEOUS_DATA:
		if (e->base.msg_parm.i[0] <= strayBytes) return;
		break;
	case JWRN_JPEG_EOF: e->eof++; return;
	}
	if (e->other++ == 0) {
		(*c->err->format_message)(c, text);
		snprintf(e->msg, 256, "%s", text);
	}
}

static void onOutput(j_common_ptr c) { (void)c; }

static void onProgress(j_common_ptr c) {
	if (c->is_decompressor && ((j_decompress_ptr)c)->input_scan_number > maxScans) {
		errmgr *e = (errmgr *)c->err;
		snprintf(e->msg, 256, "more than %d scans", maxScans);
		longjmp(e->back, broken);
	}
}

static void errInit(errmgr *e, char *msg) {
	memset(e, 0, sizeof *e);
	jpeg_std_error(&e->base);
	e->base.error_exit = onError;
	e->base.emit_message = onMessage;
	e->base.output_message = onOutput;
	e->msg = msg;
	msg[0] = 0;
}

static int comp_size(const jpeg_component_info *c) { return c->DCT_scaled_size; }

static int ceilDiv(long a, long b) { return (int)((a + b - 1) / b); }

// describe reads the header and tells what the planes will look like.
static void describe(j_decompress_ptr d, int half, jinfo *info) {
	jpeg_read_header(d, TRUE);
	d->scale_num = 1;
	d->scale_denom = half ? 2 : 1;
	jpeg_calc_output_dimensions(d);
	info->w = d->output_width;
	info->h = d->output_height;
	info->comps = d->num_components;
	switch (d->jpeg_color_space) {
	case JCS_GRAYSCALE: info->kind = 0; break;
	case JCS_YCbCr: info->kind = 1; d->out_color_space = JCS_YCbCr; break;
	case JCS_RGB: info->kind = 2; d->out_color_space = JCS_RGB; break;
	case JCS_CMYK: case JCS_YCCK:
		info->kind = d->saw_Adobe_marker ? 4 : 3;
		d->out_color_space = JCS_CMYK;
		break;
	default:
		info->kind = -1;
		return;
	}
	int n = info->kind == 0 ? 1 : 3;
	info->raw = info->kind <= 1;
	for (int i = 0; i < n && info->raw; i++) {
		jpeg_component_info *c = &d->comp_info[i];
		int s = comp_size(c);
		info->stride[i] = c->width_in_blocks * s;
		info->rows[i] = c->height_in_blocks * s;
		info->pw[i] = ceilDiv((long)d->image_width * c->h_samp_factor * s, (long)d->max_h_samp_factor * 8);
		info->ph[i] = ceilDiv((long)d->image_height * c->v_samp_factor * s, (long)d->max_v_samp_factor * 8);
	}
	info->subx = info->suby = 1;
	if (n == 3 && info->raw) {
		jpeg_component_info *a = &d->comp_info[0], *b = &d->comp_info[1], *c = &d->comp_info[2];
		int lw = a->h_samp_factor * comp_size(a), lh = a->v_samp_factor * comp_size(a);
		int cw = b->h_samp_factor * comp_size(b), ch = b->v_samp_factor * comp_size(b);
		int same = cw == c->h_samp_factor * comp_size(c) && ch == c->v_samp_factor * comp_size(c);
		if (!same || lw % cw || lh % ch || a->h_samp_factor != d->max_h_samp_factor || a->v_samp_factor != d->max_v_samp_factor)
			info->raw = 0;
		else
			info->subx = lw / cw, info->suby = lh / ch;
	}
}

static void finish(j_decompress_ptr d, errmgr *e, jinfo *info) {
	jpeg_finish_decompress(d);
	info->eofWarn = e->eof;
	info->otherWarn = e->other;
	// A lost end marker alone costs no pixel of a file with a single scan.
	if (e->eof && (d->progressive_mode || d->input_scan_number > 1)) info->otherWarn++;
}

#define BEGIN(d, e, info)                                   \
	struct jpeg_decompress_struct d;                        \
	errmgr e;                                               \
	struct jpeg_progress_mgr prog;                          \
	memset(&d, 0, sizeof d);                                \
	memset(&prog, 0, sizeof prog);                          \
	errInit(&e, info->msg);                                 \
	d.err = &e.base;                                        \
	switch (setjmp(e.back)) {                               \
	case 0: break;                                          \
	case unknownKind:                                       \
		jpeg_destroy_decompress(&d);                        \
		return -2;                                          \
	default:                                                \
		jpeg_destroy_decompress(&d);                        \
		return -1;                                          \
	}                                                       \
	jpeg_create_decompress(&d);                             \
	prog.progress_monitor = onProgress;                     \
	d.progress = &prog;                                     \
	jpeg_mem_src(&d, (unsigned char *)buf, len);            \
	describe(&d, half, info);

int scan_jpeg_info(const unsigned char *buf, size_t len, int half, jinfo *info) {
	BEGIN(d, e, info)
	jpeg_destroy_decompress(&d);
	return 0;
}

int scan_jpeg_planes(const unsigned char *buf, size_t len, int half, jinfo *info,
	unsigned char *y, unsigned char *cb, unsigned char *cr) {
	BEGIN(d, e, info)
	unsigned char *dst[3] = {y, cb, cr};
	int n = info->kind == 0 ? 1 : 3;
	JSAMPROW rows[3][4 * DCTSIZE];
	JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
	d.raw_data_out = TRUE;
	d.do_fancy_upsampling = FALSE;
	jpeg_start_decompress(&d);
	JSAMPROW waste = (*d.mem->alloc_large)((j_common_ptr)&d, JPOOL_IMAGE, info->stride[0] + info->stride[1] + 64);
	int lines = d.max_v_samp_factor * d.min_DCT_scaled_size;
	for (int group = 0; d.output_scanline < d.output_height; group++) {
		for (int i = 0; i < n; i++) {
			int per = d.comp_info[i].v_samp_factor * comp_size(&d.comp_info[i]);
			for (int r = 0; r < per; r++) {
				int at = group * per + r;
				rows[i][r] = at < info->rows[i] ? dst[i] + (size_t)at * info->stride[i] : waste;
			}
		}
		if (jpeg_read_raw_data(&d, planes, lines) == 0) break;
	}
	finish(&d, &e, info);
	jpeg_destroy_decompress(&d);
	return 0;
}

static void readRows(j_decompress_ptr d, unsigned char *out) {
	jpeg_start_decompress(d);
	size_t stride = (size_t)d->output_width * d->output_components;
	while (d->output_scanline < d->output_height) {
		JSAMPROW row = out + stride * d->output_scanline;
		jpeg_read_scanlines(d, &row, 1);
	}
}

int scan_jpeg_rows(const unsigned char *buf, size_t len, int half, jinfo *info, unsigned char *out) {
	BEGIN(d, e, info)
	readRows(&d, out);
	finish(&d, &e, info);
	jpeg_destroy_decompress(&d);
	return 0;
}

int scan_jpeg_rgb(const unsigned char *buf, size_t len, int half, jinfo *info, unsigned char *out) {
	BEGIN(d, e, info)
	d.out_color_space = JCS_RGB;
	readRows(&d, out);
	finish(&d, &e, info);
	jpeg_destroy_decompress(&d);
	return 0;
}

// padRow copies a row and repeats its last pixel up to the block border.
static void padRow(unsigned char *dst, int padded, const unsigned char *src, int w) {
	memcpy(dst, src, w);
	memset(dst + w, src[w - 1], padded - w);
}

int scan_jpeg_encode(jenc *e, const unsigned char *y, const unsigned char *cb, const unsigned char *cr) {
	struct jpeg_compress_struct c;
	errmgr em;
	const unsigned char *src[3] = {y, cb, cr};
	int n = cb ? 3 : 1;
	memset(&c, 0, sizeof c);
	errInit(&em, e->msg);
	c.err = &em.base;
	e->out = NULL;
	if (setjmp(em.back)) {
		jpeg_destroy_compress(&c);
		free(e->out);
		e->out = NULL;
		return -1;
	}
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &e->out, &e->outLen);
	c.image_width = e->w;
	c.image_height = e->h;
	c.input_components = n;
	c.in_color_space = n == 3 ? JCS_YCbCr : JCS_GRAYSCALE;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, e->quality, TRUE);
	if (e->xdpi > 0 && e->ydpi > 0) {
		c.density_unit = 1;
		c.X_density = e->xdpi;
		c.Y_density = e->ydpi;
	}
	c.raw_data_in = TRUE;
	if (n == 3) {
		c.comp_info[0].h_samp_factor = e->subx;
		c.comp_info[0].v_samp_factor = e->suby;
	}
	jpeg_start_compress(&c, TRUE);
	JSAMPROW rows[3][4 * DCTSIZE];
	JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
	int padded[3];
	for (int i = 0; i < n; i++) {
		padded[i] = c.comp_info[i].width_in_blocks * DCTSIZE;
		for (int r = 0; r < c.comp_info[i].v_samp_factor * DCTSIZE; r++)
			rows[i][r] = (*c.mem->alloc_large)((j_common_ptr)&c, JPOOL_IMAGE, padded[i]);
	}
	int lines = c.max_v_samp_factor * DCTSIZE;
	for (int group = 0; c.next_scanline < c.image_height; group++) {
		for (int i = 0; i < n; i++) {
			int w = i ? e->cw : e->w, h = i ? e->ch : e->h, stride = i ? e->cstride : e->ystride;
			int per = c.comp_info[i].v_samp_factor * DCTSIZE;
			for (int r = 0; r < per; r++) {
				int at = group * per + r;
				padRow(rows[i][r], padded[i], src[i] + (size_t)(at < h ? at : h - 1) * stride, w);
			}
		}
		jpeg_write_raw_data(&c, planes, lines);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	return 0;
}
