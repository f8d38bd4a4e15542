package main

import (
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/jsonschema"
	"github.com/gouji/gouji/engine/rule"
)

func schemaCommand(a *app) *cobra.Command {
	var rules, output string
	kinds := jsonschema.Kinds()
	var names []string
	var rows [][]string
	for _, k := range kinds {
		names = append(names, k.Name)
		rows = append(rows, []string{k.Name, k.Doc.In(a.lang)})
	}
	c := &cobra.Command{
		Use:   "schema [KIND|PACK]",
		Short: a.say(shortSchema),
		Long:  a.say(longSchema) + "\n\n" + a.say(headKinds) + "\n" + align(rows, 2) + "\n" + a.say(longModeline),
		Args:  a.argCount(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			kind := kinds[0]
			if len(args) > 0 {
				i := slices.Index(names, args[0])
				if i >= 0 {
					kind = kinds[i]
				} else if rules != "" {
					return a.unknown(wordKind, args[0], names)
				} else {
					rules = args[0]
				}
			}
			schema, err := a.jsonSchema(kind, rules)
			var none *engine.NoPackError
			if errors.As(err, &none) && !none.Folder && len(args) > 0 && none.Name == args[0] {
				return a.unknown(wordKind, args[0], append(slices.Clone(names), engine.Shipped().Names()...))
			}
			if err != nil {
				return err
			}
			render := func(w io.Writer) error { _, err := w.Write(schema); return err }
			if output == "" {
				return a.print(render)
			}
			return a.save(c.Context(), output, nil, render)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return append(slices.Clone(names), engine.Shipped().Names()...), cobra.ShellCompDirectiveDefault
		},
	}
	c.Flags().SortFlags = false
	c.Flags().StringVarP(&rules, "rules", "r", "", a.say(flagSchemaRules))
	c.Flags().StringVarP(&output, "output", "o", "", a.say(flagOutput))
	completePacks(c)
	return c
}

// jsonSchema is the schema of a kind of file, with the names of a pack where one is given or needed.
func (a *app) jsonSchema(kind jsonschema.Kind, rules string) ([]byte, error) {
	if rules == "" && kind.NeedsPack {
		rules = dataset.DefaultPack
	}
	var pack *rule.Pack
	if rules != "" {
		p, list, err := engine.Pack(rules)
		if err != nil {
			return nil, err
		}
		if err := a.diagnostics(a.stderr, list); err != nil {
			return nil, err
		}
		if list.HasErrors() {
			return nil, a.problem(textPackErrors, rules)
		}
		pack = p
	}
	return kind.Schema(pack, a.lang)
}
