package report

import (
	"bufio"
	"io"

	"github.com/gouji/gouji/engine/finding"
)

// writeJSONL writes findings alone, one a line, each as it stands under "findings" in the json format.
func writeJSONL(w io.Writer, r *finding.Report, _ Options) error {
	out := bufio.NewWriter(w)
	enc := newEncoder(out)
	for _, f := range r.Findings {
		if err := enc.Encode(newJSONFinding(f)); err != nil {
			return err
		}
	}
	return out.Flush()
}
