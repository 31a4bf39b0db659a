package linear

import (
	"bytes"
	"io"
	"net/http"
)

// lean takes the nulls out of answers before the GraphQL client decodes them: it
// takes most of a sync's time there, most of an entry of history is null, and a
// member that is not there decodes to the same.
type lean struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (l lean) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(withoutNulls(body)))
	return resp, nil
}

// withoutNulls drops the members of objects that are null; those of lists stay.
// Text that is no JSON comes back as some other text that is none.
func withoutNulls(in []byte) []byte {
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); {
		if in[i] != '"' {
			out = append(out, in[i])
			i++
			continue
		}
		end := afterString(in, i)
		colon := afterBlanks(in, end)
		if colon == len(in) || in[colon] != ':' || !bytes.HasPrefix(in[afterBlanks(in, colon+1):], []byte("null")) {
			out = append(out, in[i:end]...)
			i = end
			continue
		}
		i = afterBlanks(in, afterBlanks(in, colon+1)+len("null"))
		if i < len(in) && in[i] == ',' {
			i++
		} else {
			out = bytes.TrimSuffix(bytes.TrimRight(out, blank), []byte(","))
		}
	}
	return out
}

const blank = " \t\r\n"

// afterString is where the string that begins at i has ended.
func afterString(in []byte, i int) int {
	for i++; i < len(in); i++ {
		switch in[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(in)
}

func afterBlanks(in []byte, i int) int {
	for i < len(in) && bytes.IndexByte([]byte(blank), in[i]) >= 0 {
		i++
	}
	return i
}
