package report

import (
	"bytes"
	"io"
	"os"
)

// spilled is how much a spill keeps in memory before it takes a file.
const spilled = 4 << 20

// spill holds what has to be written after something that is not known yet: in memory, or in a file where it is much.
type spill struct {
	bytes.Buffer
	file *os.File
}

func (s *spill) Write(p []byte) (int, error) {
	if s.file == nil && s.Len()+len(p) > spilled {
		f, err := os.CreateTemp("", "gouji-*")
		if err != nil {
			return 0, err
		}
		// Where that is possible it has no name any more, and goes away with the process however that ends.
		_ = os.Remove(f.Name())
		s.file = f
	}
	if s.file != nil && s.Len()+len(p) > spilled {
		if _, err := s.Buffer.WriteTo(s.file); err != nil {
			return 0, err
		}
	}
	return s.Buffer.Write(p)
}

func (s *spill) empty() bool { return s.file == nil && s.Len() == 0 }

// WriteTo writes all of it. Nothing can be added afterwards.
func (s *spill) WriteTo(w io.Writer) (int64, error) {
	var n int64
	if s.file != nil {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return 0, err
		}
		var err error
		if n, err = io.Copy(w, s.file); err != nil {
			return n, err
		}
	}
	m, err := s.Buffer.WriteTo(w)
	return n + m, err
}

func (s *spill) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	// It is gone already, but where an open file cannot be removed.
	_ = os.Remove(s.file.Name())
	return err
}
