package linear

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// idSet is a set of ids that writes itself small: UUIDs as sixteen bytes each.
// The zero value is empty; add makes it.
type idSet map[string]struct{}

func (s *idSet) add(id string) {
	if *s == nil {
		*s = idSet{}
	}
	(*s)[id] = struct{}{}
}

func (s idSet) has(id string) bool {
	_, ok := s[id]
	return ok
}

// packed is how a set stands in JSON.
type packed struct {
	UUIDs string   `json:"u,omitempty"`
	Other []string `json:"o,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (s idSet) MarshalJSON() ([]byte, error) {
	var p packed
	var raw []byte
	for _, id := range slices.Sorted(maps.Keys(s)) {
		b, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
		if err == nil && len(b) == 16 && dashed(b) == id {
			raw = append(raw, b...)
		} else {
			p.Other = append(p.Other, id)
		}
	}
	p.UUIDs = base64.RawStdEncoding.EncodeToString(raw)
	return json.Marshal(p)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *idSet) UnmarshalJSON(data []byte) error {
	var p packed
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	raw, err := base64.RawStdEncoding.DecodeString(p.UUIDs)
	switch {
	case err != nil:
		return err
	case len(raw)%16 != 0:
		return fmt.Errorf("%d bytes are no whole number of ids", len(raw))
	}
	*s = make(idSet, len(raw)/16+len(p.Other))
	for b := range slices.Chunk(raw, 16) {
		(*s)[dashed(b)] = struct{}{}
	}
	for _, id := range p.Other {
		(*s)[id] = struct{}{}
	}
	return nil
}

func dashed(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
