package jira

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// idSet is a set of issue ids. Written down it takes little more than a byte an
// id, since it is saved with every batch: sorted, the differences as varints, in
// base64.
type idSet struct {
	sorted []uint64
	text   string // the written form, "" when it must be made again
}

func (s *idSet) find(id string) (n uint64, at int, found bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	if last := len(s.sorted) - 1; last < 0 || n > s.sorted[last] { // ids mostly come in order
		return n, last + 1, false
	}
	at, found = slices.BinarySearch(s.sorted, n)
	return n, at, found
}

func (s *idSet) has(id string) bool {
	_, _, found := s.find(id)
	return found
}

// add reports whether the id was new. What is no number is not kept.
func (s *idSet) add(id string) bool {
	n, at, found := s.find(id)
	if found || n == 0 {
		return false
	}
	s.sorted = slices.Insert(s.sorted, at, n)
	s.text = ""
	return true
}

func (s *idSet) remove(id string) bool {
	_, at, found := s.find(id)
	if found {
		s.sorted = slices.Delete(s.sorted, at, at+1)
		s.text = ""
	}
	return found
}

func (s *idSet) size() int { return len(s.sorted) }

// without lists the ids that are not in other, in order.
func (s *idSet) without(other *idSet) []string {
	var out []string
	i := 0
	for _, id := range s.sorted {
		for i < len(other.sorted) && other.sorted[i] < id {
			i++
		}
		if i == len(other.sorted) || other.sorted[i] != id {
			out = append(out, strconv.FormatUint(id, 10))
		}
	}
	return out
}

// MarshalJSON implements [json.Marshaler].
func (s *idSet) MarshalJSON() ([]byte, error) {
	if s.text == "" && len(s.sorted) > 0 {
		raw := make([]byte, 0, len(s.sorted)*2)
		last := uint64(0)
		for _, id := range s.sorted {
			raw = binary.AppendUvarint(raw, id-last)
			last = id
		}
		s.text = base64.RawStdEncoding.EncodeToString(raw)
	}
	return []byte(`"` + s.text + `"`), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *idSet) UnmarshalJSON(b []byte) error {
	*s = idSet{}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	last := uint64(0)
	for len(raw) > 0 {
		d, n := binary.Uvarint(raw)
		if n <= 0 || d == 0 || last+d < last {
			return fmt.Errorf("a list of ids is damaged")
		}
		last += d
		s.sorted = append(s.sorted, last)
		raw = raw[n:]
	}
	return nil
}
