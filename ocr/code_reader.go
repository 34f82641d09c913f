package ocr

// Reader reads stickers and page codes. It keeps an OCR engine, made when first
// needed: one Reader a worker, not for concurrent use.
type Reader struct {
	ocr *tesseract
	err error
}

// NewReader returns a Reader; nothing is loaded before it is needed.
func NewReader() *Reader { return &Reader{} }

// Err returns the first reason the OCR engine could not work, such as a missing
// language model. Codes are read without it, numbers beside them are not.
func (r *Reader) Err() error { return r.err }

// Close frees the OCR engine.
func (r *Reader) Close() error {
	if r.ocr == nil {
		return nil
	}
	err := r.ocr.close()
	r.ocr = nil
	return err
}
