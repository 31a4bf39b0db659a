package jira

import (
	"strings"
	"testing"
	"time"
)

func TestJQL(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 7, 1, 9, 30, 45, 0, time.UTC)
	for want, got := range map[string]string{
		`project = "OR" ORDER BY created ASC, key ASC`: inProject("OR").inOrder(),
		`id in ("1", "22")`:                            string(withIDs([]string{"1", "22"})),
		`updated >= "2026-07-01 11:30"`:                string(from("updated", at, berlin)),
		`updated >= "2026-06-30 09:30"`:                string(from("updated", at, nil)),
		`created >= "2026-10-25 00:30"`:                string(from("created", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), berlin)), // 02:30 comes twice that night
		`(a OR b) AND statusCategory != Done`:          string(allOf(anyOf("a", "b"), openIssues)),
		`project = "a\"b\\c\u000ad"`:                   string(inProject("a\"b\\c\nd")),
		`cf[10032] is not EMPTY`:                       string(filled(10032)),
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// FuzzQuote holds that no value gets out of its quotes, and that none is changed.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"PAY", `" OR project != "`, `\`, `\"`, "a\nb", "\x00", "ü", "\xff", `"; --`, "OR", "EMPTY", "currentUser()", "a\u2028b", "😀", "'", `\u0022 OR x`, "\r\n", "*/ OR /*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		q := quote(v)
		var b strings.Builder
		body := q[1 : len(q)-1]
		for i := 0; i < len(body); i++ {
			switch c := body[i]; {
			case c == '"':
				t.Fatalf("%q is closed early in %s", v, q)
			case c < ' ':
				t.Fatalf("%q leaves a control character in %s", v, q)
			case c != '\\':
				b.WriteByte(c)
			case i+1 == len(body):
				t.Fatalf("%q escapes its closing quote in %s", v, q)
			case body[i+1] == 'u':
				var n rune
				for _, d := range []byte(body[i+2 : i+6]) {
					n = n*16 + rune(strings.IndexByte("0123456789abcdef", d))
				}
				b.WriteRune(n)
				i += 5
			default:
				i++
				b.WriteByte(body[i])
			}
		}
		if want := strings.ToValidUTF8(v, "�"); b.String() != want {
			t.Fatalf("%q became %q", want, b.String())
		}
	})
}
