package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gouji/gouji/engine/acceptance"
	"github.com/gouji/gouji/engine/diag"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/run"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// This file brings together what was found and what was accepted. A finding is judged first, whoever accepted it: that
// only changes what it counts for.

// acceptances reads the files of accepted findings and the baseline that the options name.
func (c *checking) acceptances() (*acceptance.Baseline, error) {
	for _, name := range c.options.Accepted {
		entries, list, err := c.options.entries(name)
		if err != nil {
			return nil, err
		}
		c.result.Diagnostics = append(c.result.Diagnostics, list...)
		c.result.Accepted = append(c.result.Accepted, acceptance.Scope{Entries: entries})
	}
	if c.options.Baseline == "" {
		return nil, nil
	}
	files, name := c.options.source(c.options.Baseline)
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	baseline, list := acceptance.ReadBaseline(source.New(name, content))
	c.result.Diagnostics = append(c.result.Diagnostics, list...)
	return baseline, nil
}

// entries reads a file of accepted findings.
func (o *Options) entries(name string) ([]*acceptance.Entry, diag.List, error) {
	files, name := o.source(name)
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, nil, err
	}
	entries, list := acceptance.ReadFile(source.New(name, content))
	return entries, list, nil
}

// accepted reads what was accepted of an input: in a dataset, and beside any file. A dataset in which that has faults is
// not judged, as with other faults.
func (c *checking) accepted(in *input, item *run.Item) bool {
	within, list := acceptance.Read(item.Dataset.Accepted)
	in.list = append(in.list, list...)
	in.list.Sort()
	if list.HasErrors() {
		return false
	}
	beside, list, err := c.options.entries(item.Path + acceptance.Suffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		in.unreadable = err
	}
	in.list = append(in.list, list...)
	in.entries = append(within, beside...)
	return true
}

// accept marks the findings that are accepted, and tells what has become of the acceptances and of the baseline.
func (c *checking) accept(r *finding.Report, inputs []input, baseline *acceptance.Baseline) error {
	if len(c.result.Accepted) == 0 && baseline == nil {
		return nil
	}
	at := map[string]*input{}
	for i := range inputs {
		if in := &inputs[i]; in.plan != nil {
			at[in.path] = in
		}
	}
	var failed error
	judged := acceptance.Run{
		Today: c.options.Today,
		Ran: func(path, id string) bool {
			in := at[path]
			return c.options.Runs(id) && in != nil && (in.plan.Has(id) || in.claims != nil && in.claims.Plan.Has(id))
		},
		Known: func(id string) (bool, string) {
			var known []string
			for _, p := range c.plans {
				if p.Has(id) {
					return true, ""
				}
				for _, r := range p.Rules {
					known = append(known, r.ID)
				}
			}
			elsewhere, err := c.elsewhere(id)
			failed = errors.Join(failed, err)
			return elsewhere, diag.Suggest(id, known)
		},
	}
	if judged.Today == "" {
		judged.Today = time.Now().Format(time.DateOnly)
	}
	c.result.Diagnostics = append(c.result.Diagnostics, acceptance.Apply(r, c.result.Accepted, judged)...)
	if baseline != nil {
		c.result.Baseline = baseline.Apply(r, judged)
	}
	r.Settle()
	finding.Sort(r.Findings, r.Inputs)
	return failed
}

// elsewhere reports whether a pack that did not judge anything has a rule: data may be checked by another pack than the
// one for which findings were accepted.
func (c *checking) elsewhere(id string) (bool, error) {
	for _, name := range c.options.names() {
		fsys, dir, shown, err := c.options.folder(c.options.named(name))
		if err != nil {
			return false, err
		}
		pack, _, err := rule.Load(fsys, dir, shown, Shipped())
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(pack.Rules, func(r *rule.Rule) bool { return r.ID == id }) {
			return true, nil
		}
	}
	return false, nil
}

// OpenAccepted reads the file into which what is accepted of an input is written: a dataset, or a file of acceptances,
// whose name ends in acceptance.Suffix or which is listed alone. The text is nil when the file has faults. The error is
// that of reading.
func OpenAccepted(name string, alone bool) (*acceptance.Text, diag.List, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	shown := filepath.ToSlash(name)
	if format, ok := reader.Lookup(name); ok && !alone && !strings.HasSuffix(name, acceptance.Suffix) {
		text, list := acceptance.NewText(shown, content, format.Name == "json", format.Read)
		return text, list, nil
	}
	text, list := acceptance.NewText(shown, content, false, yamldoc.Parse)
	return text, list, nil
}

// NewAccepted is the text of a file of acceptances that does not exist yet.
func NewAccepted(name string) *acceptance.Text {
	text, _ := acceptance.NewText(filepath.ToSlash(name), nil, false, yamldoc.Parse)
	return text
}
