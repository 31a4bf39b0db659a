// Package mail turns a report into messages that leaders read on a phone, and
// brings each to one recipient, once: a ledger says of every message whether it
// arrived, and where that cannot be known nothing is sent again by itself.
package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
)

// Address is a checked e-mail address.
type Address struct{ address netmail.Address }

// ParseAddress reads "Name <user@host>" or "user@host".
func ParseAddress(text string) (Address, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil {
		return Address{}, fmt.Errorf("mail: %q is no e-mail address", text)
	}
	if strings.ContainsAny(a.Address+a.Name, "\r\n\x00") || strings.ContainsAny(a.Address, "<> ") {
		return Address{}, errors.New("mail: an address with control characters")
	}
	return Address{*a}, nil
}

// String is the bare address.
func (a Address) String() string { return a.address.Address }

// domain is what stands behind the @, where it is plain ASCII.
func (a Address) domain() string {
	_, domain, _ := strings.Cut(a.address.Address[strings.LastIndex(a.address.Address, "@"):], "@")
	for _, r := range domain {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.') {
			return "localhost"
		}
	}
	return domain
}

// ID is the Message-ID, without brackets, of a report due at a time to a
// recipient: whoever renders it, it is the same, so that a server or a reader's
// program knows a message that comes twice. secret keeps strangers from guessing it.
func ID(secret, report string, due time.Time, recipient, from Address) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "mail\x00%s\x00%d\x00%s", report, due.Unix(), recipient.String())
	return hex.EncodeToString(mac.Sum(nil)[:16]) + "@" + from.domain()
}

// Hash is the SHA-256 of a message in hex.
func Hash(message []byte) string {
	sum := sha256.Sum256(message)
	return hex.EncodeToString(sum[:])
}
