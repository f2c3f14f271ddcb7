// Command templates says what Go's own engine makes of templates: it reads a JSON list of cases from stdin and writes a
// list of answers, set up as Bitnami's controller is (text/template, sprig's generic functions, a map of strings).
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/template"
	"time"
	"unicode"

	"github.com/Masterminds/sprig/v3"
)

type testCase struct {
	Template string            `json:"template"`
	Data     map[string]string `json:"data"` // base64
}

// An answer has the output as base64, or an error.
type answer struct {
	Output *string `json:"output,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "functions" {
		write(functionNames())
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "letters" {
		write(letters())
		return
	}
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]answer, len(cases))
	for i, each := range cases {
		answers[i] = bounded(each)
	}
	write(answers)
}

// bounded gives up on a template that does not end. Go cannot stop it: it runs on until the program ends.
func bounded(each testCase) answer {
	done := make(chan answer, 1)
	go func() { done <- render(each) }()
	select {
	case result := <-done:
		return result
	case <-time.After(5 * time.Second):
		return answer{Error: "it does not end"}
	}
}

func write(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		panic(err)
	}
}

func render(each testCase) answer {
	data := map[string]string{}
	for key, text := range each.Data {
		value, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return answer{Error: err.Error()}
		}
		data[key] = string(value)
	}
	parsed, err := template.New("t").Funcs(sprig.GenericFuncMap()).Parse(each.Template)
	if err != nil {
		return answer{Error: err.Error()}
	}
	var out limited
	if err := parsed.Execute(&out, data); err != nil {
		return answer{Error: err.Error()}
	}
	text := base64.StdEncoding.EncodeToString(out.Bytes())
	return answer{Output: &text}
}

// limited is a buffer that refuses to grow beyond what a Secret may hold.
type limited struct{ bytes.Buffer }

func (out *limited) Write(text []byte) (int, error) {
	if out.Len()+len(text) > 1<<20 {
		return 0, errors.New("the output is too long")
	}
	return out.Buffer.Write(text)
}

func functionNames() []string {
	// Those of text/template itself; it does not export them.
	names := []string{"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
		"print", "printf", "println", "slice", "urlquery"}
	for name := range sprig.GenericFuncMap() {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// letters lists every character that prints, with its upper and its lower case.
func letters() [][3]int {
	var all [][3]int
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) {
			continue
		}
		all = append(all, [3]int{int(r), int(unicode.ToUpper(r)), int(unicode.ToLower(r))})
	}
	return all
}
