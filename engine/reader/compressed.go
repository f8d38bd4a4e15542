package reader

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compressed are the endings of compressed files, behind those of their formats.
var Compressed = []string{".gz", ".zst"}

// Uncompressed is the name of a file without the ending that says that it is compressed.
func Uncompressed(name string) string {
	for _, ext := range Compressed {
		if n := len(name) - len(ext); n > 0 && strings.EqualFold(name[n:], ext) {
			return name[:n]
		}
	}
	return name
}

// window bounds the memory that reading a compressed file takes.
const window = 64 << 20

// Decompress reads what a file of that name holds, which is r itself where the name is not that of a compressed one. Close
// frees what that takes, not r.
func Decompress(name string, r io.Reader) (io.ReadCloser, error) {
	switch strings.TrimPrefix(strings.ToLower(name), strings.ToLower(Uncompressed(name))) {
	case ".gz":
		return gzip.NewReader(r)
	case ".zst":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}
