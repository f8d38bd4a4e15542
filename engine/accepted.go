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
	"github.com/gouji/gouji/engine/reader"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/source"
	"github.com/gouji/gouji/engine/yamldoc"
)

// This file brings together what was found and what was accepted. A finding is judged first, whoever accepted it: that
// only changes what it counts for.

// acceptances reads the files of accepted findings and the baseline that the options name.
func (c *checking) acceptances() error {
	run := acceptance.Run{Today: c.options.Today, Known: c.known}
	if run.Today == "" {
		run.Today = time.Now().Format(time.DateOnly)
	}
	var everywhere [][]*acceptance.Entry
	var list diag.List
	for _, name := range c.options.Accepted {
		entries, wrong, err := c.options.entries(name)
		if err != nil {
			return err
		}
		list, everywhere = append(list, wrong...), append(everywhere, entries)
		c.result.Accepted = append(c.result.Accepted, acceptance.Scope{Entries: entries})
	}
	var baseline *acceptance.Baseline
	if c.options.Baseline != "" {
		files, name := c.options.source(c.options.Baseline)
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var wrong diag.List
		baseline, wrong = acceptance.ReadBaseline(source.New(name, content))
		list = append(list, wrong...)
	}
	c.accepting = acceptance.Apply(everywhere, baseline, run)
	if len(list) == 0 {
		return nil
	}
	return c.sink.Wrong(list)
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

// known reports whether there is a rule of that name, and what may be meant where there is not.
func (c *checking) known(id string) (bool, string) {
	var known []string
	for _, p := range c.plans() {
		if p.Has(id) {
			return true, ""
		}
		for _, r := range p.All() {
			known = append(known, r.ID)
		}
	}
	elsewhere, err := c.elsewhere(id)
	c.failed = errors.Join(c.failed, err)
	return elsewhere, diag.Suggest(id, known)
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
