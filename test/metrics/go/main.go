// Lints metrics as `promtool check metrics` does, and reads them as Prometheus does: the exposition on standard input,
// what is wrong as JSON on standard output.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

type family struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Help   string `json:"help"`
	Series int    `json:"series"`
}

type problem struct {
	Metric string `json:"metric"`
	Text   string `json:"text"`
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	parsed, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		log.Fatal(err)
	}
	families := []family{}
	for name, f := range parsed {
		families = append(families, family{name, f.GetType().String(), f.GetHelp(), len(f.GetMetric())})
	}
	found, err := promlint.New(bytes.NewReader(text)).Lint()
	if err != nil {
		log.Fatal(err)
	}
	problems := []problem{}
	for _, p := range found {
		problems = append(problems, problem{p.Metric, p.Text})
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"families": families, "problems": problems}); err != nil {
		log.Fatal(err)
	}
}
