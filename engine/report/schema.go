package report

import _ "embed"

// Schema is the JSON Schema (draft 2020-12) of the json format, gouji.report/1. Each line of the jsonl format is a
// "finding" of its $defs.
//
//go:embed report.schema.json
var Schema string
