package jsonfile

import (
	"bytes"
	"fmt"
	"io"

	"defacto/backlog"
	"defacto/connectors/jira"
)

// readSides teaches the decoder what the lists beside the issues say, and returns
// what could not be read.
func (s *Source) readSides(dec *jira.Decoder) []backlog.Gap {
	var gaps []backlog.Gap
	for _, sd := range s.sides {
		data, err := sd.content(s.opt.MaxIssue)
		if err != nil {
			gaps = append(gaps, backlog.Gap{Where: sd.name, What: sd.what, Missing: -1, Why: oneLine(err)})
			continue
		}
		if !sd.lines {
			data = bytes.TrimSpace(data)
			if err := sd.read(dec, data); err != nil {
				gaps = append(gaps, backlog.Gap{Where: sd.name, What: sd.what, Missing: -1, Why: oneLine(err)})
			}
			continue
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			if err := sd.read(dec, line); err != nil {
				gaps = append(gaps, backlog.Gap{Where: fmt.Sprintf("%s:%d", sd.name, i+1), What: sd.what, Missing: 1, Why: oneLine(err)})
			}
		}
	}
	return gaps
}

// content reads a whole list.
func (sd side) content(most int64) ([]byte, error) {
	in, h, err := newOpener(nil).open(&sd.file)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("it is larger than %d MiB", most>>20)
	}
	return data, nil
}
