package raster

func openTIFF(path string, b []byte) (Source, error) { return nil, unsupported("TIFF") }

func decodeFax(b []byte, parms map[string]int, w, h int) ([]byte, error) {
	return nil, unsupported("fax")
}
