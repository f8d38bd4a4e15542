package report

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/gouji/gouji/engine/finding"
)

// writeJSONL writes findings alone, one a line, each as it stands under "findings" in the json format.
func writeJSONL(w io.Writer, r *finding.Report, o Options) error {
	out := bufio.NewWriter(w)
	if err := streamJSONL(out, o).Add(&finding.Outcome{Findings: r.Findings}); err != nil {
		return err
	}
	return out.Flush()
}

func streamJSONL(w io.Writer, _ Options) Stream { return jsonLines{newEncoder(w)} }

// jsonLines writes each finding as it comes.
type jsonLines struct{ *json.Encoder }

func (s jsonLines) Add(o *finding.Outcome) error {
	for i := range o.Findings {
		if err := s.Encode(newJSONFinding(o.Findings[i])); err != nil {
			return err
		}
	}
	return nil
}

// Across writes findings behind those of all inputs.
func (s jsonLines) Across(o *finding.Outcome) error { return s.Add(o) }

func (jsonLines) End(*finding.Report) error { return nil }
func (jsonLines) Close() error              { return nil }
