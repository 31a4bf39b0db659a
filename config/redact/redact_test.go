package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"
)

// encodings are what a text goes through on its way into an error.
func encodings() map[string]func(string) string {
	return map[string]func(string) string{
		"as it is":      func(s string) string { return s },
		"query":         url.QueryEscape,
		"path":          url.PathEscape,
		"lower hex":     func(s string) string { return lowerHex(url.QueryEscape(s)) },
		"every byte":    everyByte,
		"JSON":          func(s string) string { b, _ := json.Marshal(s); return string(b) },
		"JSON, slashes": func(s string) string { b, _ := json.Marshal(s); return strings.ReplaceAll(string(b), "/", `\/`) },
		"HTML":          html.EscapeString,
		"hex":           func(s string) string { return hex.EncodeToString([]byte(s)) },
		"base64":        func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, URL":   func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
		"base64, bare":  func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"base64, query": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
		"a login":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte("audit@acme.example:" + s)) },
		"a login, 1":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x:" + s + "\n")) },
		"a login, 2":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("xy:" + s + "::")) },
		"SMTP's PLAIN":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte("\x00reports\x00" + s)) },
	}
}

func secrets() []string {
	return []string{
		"lin_api_0123456789abcdefghijklmnopqrstuvwxyzABCD",
		"ATATT3xFfGF0" + strings.Repeat("aB3_-", 34) + "=C0FFEE12", // as long as Atlassian's
		"NDcxMTEyMzQ1Njc4OpmXy/abc+def/ghi=",                       // a Data Center's is base64 itself
		`p"a\s<s>&wö'rd/+ %`,
		"hunter2",
	}
}

// TestForms holds that no encoding tells a secret, whatever stands around it, and
// that what stands around it is left.
func TestForms(t *testing.T) {
	for _, secret := range secrets() {
		r := New("", "abc", "another one entirely", secret)
		for name, encode := range encodings() {
			told := encode(secret)
			for _, text := range []string{told, "you sent " + told + ", didn't you?", told + told} {
				got := r.Text(text)
				if !strings.Contains(got, Masked) || tells(got, secret) {
					t.Errorf("%s of %q: %q", name, secret, got)
				}
				if string(r.Bytes([]byte(text))) != got {
					t.Errorf("%s of %q: Bytes gives %q", name, secret, r.Bytes([]byte(text)))
				}
				if strings.HasPrefix(text, "you sent ") && (!strings.HasPrefix(got, "you sent ") || !strings.HasSuffix(got, ", didn't you?")) {
					t.Errorf("%s of %q takes more than the secret: %q", name, secret, got)
				}
			}
			if got, long := string(r.Data([]byte(told))), len(secret) >= unlikely; long && tells(got, secret) || !long && got != told {
				t.Errorf("%s of %q in data: %q", name, secret, got)
			}
		}
	}
}

// tells reports whether six characters in a row of a secret in any encoding are
// left. At its ends an encoding mixes it with what stands beside it.
func tells(text, secret string) bool {
	for _, encode := range encodings() {
		told, other := encode(secret), encode(strings.Repeat("_", len(secret)))
		for len(told) > 0 && len(other) > 0 && told[0] == other[0] {
			told, other = told[1:], other[1:]
		}
		told = strings.TrimRight(told, "\"=%3D")
		for i := 1; i+6 < len(told); i++ {
			if strings.Contains(text, told[i:i+6]) {
				return true
			}
		}
	}
	return false
}

func TestLeftAlone(t *testing.T) {
	var none *Redactor
	for _, r := range []*Redactor{none, {}, New(), New("", "abc")} {
		const text = "abc and a secret"
		if r.Text(text) != text || string(r.Bytes([]byte(text))) != text || string(r.Data([]byte(text))) != text {
			t.Errorf("%q is changed", text)
		}
	}
	if got := New("jira").Data([]byte("about jira")); string(got) != "about jira" {
		t.Errorf("facts become %q", got)
	}
	if got := New("abcdef", "abcdefghij").Text("abcdefghij abcdef"); got != "*** ***" {
		t.Errorf("a secret that begins like another: %q", got)
	}
}

// FuzzText holds that a text with a secret in it has none afterwards.
func FuzzText(f *testing.F) {
	for _, s := range secrets() {
		f.Add("before ", s, " after")
	}
	f.Add("*", "****", "*")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if len(secret) < shortest || strings.Trim(secret, "*") == "" || strings.Contains(before+after, secret) {
			t.Skip()
		}
		got := New(secret).Text(before + secret + after)
		if strings.Contains(got, secret) && !strings.Contains(before+Masked+after, secret) {
			t.Errorf("%q", got)
		}
		user := base64.StdEncoding.EncodeToString([]byte(before + ":" + secret + after))
		if core := inBase64(base64.StdEncoding, secret, (len(before)+1)%3); strings.Contains(New(secret).Text(user), core) && len(core) >= shortest {
			t.Errorf("%q tells of %q", user, secret)
		}
	})
}
