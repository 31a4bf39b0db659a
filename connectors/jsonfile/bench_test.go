package jsonfile_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"defacto/connectors/jira"
	"defacto/connectors/jsonfile"
)

// realLines are the lines of all real files, where they are.
func realLines(b *testing.B) (lines [][]byte, size int64) {
	for _, path := range realFiles(b) {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		all, err := io.ReadAll(z)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(all) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines = append(lines, line)
				size += int64(len(line))
			}
		}
	}
	return lines, size
}

// BenchmarkDecode decodes the real issues one after the other, on one goroutine.
func BenchmarkDecode(b *testing.B) {
	lines, size := realLines(b)
	dec := jira.NewDecoder()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, line := range lines {
			if _, err := dec.Issue(line); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(lines))*float64(b.N)/b.Elapsed().Seconds(), "issues/s")
}

// BenchmarkLearn is the first pass over the same issues.
func BenchmarkLearn(b *testing.B) {
	lines, size := realLines(b)
	dec := jira.NewDecoder()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, line := range lines {
			dec.Learn(line)
		}
	}
}

// BenchmarkFiles reads the real files as import does, unpacking and both passes
// included.
func BenchmarkFiles(b *testing.B) {
	_, size := realLines(b)
	b.SetBytes(size)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		src, err := jsonfile.New(jsonfile.Options{Name: "real", Paths: realFiles(b)})
		if err != nil {
			b.Fatal(err)
		}
		for batch, err := range src.Batches(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
			n += len(batch.Issues)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "issues/s")
}
