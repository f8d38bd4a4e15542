package archive

import (
	"path"
	"strings"
)

// Relation ties a part of an office file to another.
type Relation struct {
	// Type is the last word of the relation's type, as in styles; Part the name of the other part, "" where it lies outside
	// the file.
	Type, Part string
}

// Relations are the relations of a part, by their ids; those of the whole file where the part is "". A part without any
// has none.
func (a *Archive) Relations(part string) (map[string]Relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if !a.Has(name) {
		return nil, nil
	}
	x, err := a.XML(name)
	if err != nil {
		return nil, err
	}
	if _, err := x.Root(); err != nil {
		return nil, err
	}
	relations := map[string]Relation{}
	err = x.Each(func(e Element) error {
		r := Relation{Type: path.Base(e.Attr("Type"))}
		if target := e.Attr("Target"); !strings.EqualFold(e.Attr("TargetMode"), "External") {
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			// The root is its own parent, so that no target lies above it.
			r.Part = strings.TrimPrefix(path.Clean("/"+target), "/")
		}
		relations[e.Attr("Id")] = r
		return nil
	})
	return relations, err
}

// Of is the part that a type of relation leads to, "" where there is none. Of several it is the first by name.
func Of(relations map[string]Relation, kind string) string {
	part := ""
	for _, r := range relations {
		if r.Type == kind && r.Part != "" && (part == "" || r.Part < part) {
			part = r.Part
		}
	}
	return part
}
