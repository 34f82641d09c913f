package ocr

import (
	"scan/internal/geom"
	"scan/internal/raster"
)

// ReadSticker looks for a code in and around the sticker field (mm) of a registered
// cover page and for the number printed beside it.
func (r *Reader) ReadSticker(v raster.View, form raster.FormPage, box geom.Box) StickerReading {
	return StickerReading{Reason: "code-unreadable"}
}
