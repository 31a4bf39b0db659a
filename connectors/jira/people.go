package jira

import (
	"strings"

	"defacto/backlog"
)

// account reads a user in any of the shapes Jira has sent over the years: an
// object with accountId (Cloud), with key and name (Data Center), with name only
// (old servers), a bare name, or null. The account without an ID is nobody.
//
// An object that says whether the account is active is a full record; one
// without is Thin.
func (r *reader) account() (backlog.Account, error) {
	a := backlog.Account{Active: true, Thin: true}
	if r.kind() != '{' {
		w, err := r.word()
		a.ID, a.Handle = w, w
		return a, err
	}
	var accountID, key, name, kind string
	err := r.object(func(member string) error {
		switch member {
		case "accountId":
			return r.into(&accountID)
		case "key":
			return r.into(&key)
		case "name":
			return r.into(&name)
		case "displayName":
			return r.into(&a.Name)
		case "emailAddress":
			return r.into(&a.Email)
		case "timeZone":
			return r.into(&a.Zone)
		case "accountType":
			return r.into(&kind)
		case "active":
			var err error
			a.Thin = false
			a.Active, err = r.flag()
			return err
		}
		return r.skip()
	})
	if accountID == "unknown" { // what Cloud says of a user nobody remembers
		accountID = ""
	}
	switch {
	case accountID != "":
		a.ID = accountID
	case key != "":
		a.ID, a.Handle = key, name
	case name != "":
		a.ID, a.Handle = name, name
	case strings.Contains(a.Email, "@"):
		a.ID = a.Email
	case !anonymous(a.Name):
		a.ID = a.Name // an export without ids: the name is all there is
	}
	a.Kind = accountKind(kind)
	return a, err
}

// anonymous recognises the names that stand for nobody in particular.
func anonymous(name string) bool {
	switch strings.ToLower(name) {
	case "", "former user", "anonymous", "unassigned", "deleted user", "unknown user":
		return true
	}
	return false
}

func accountKind(s string) backlog.AccountKind {
	switch s {
	case "app":
		return backlog.AppAccount
	case "customer":
		return backlog.CustomerAccount
	}
	return backlog.PersonAccount
}

// who reads a user, notes the account and returns its id.
func (d *Decoder) who(to *string) error {
	a, err := d.r.account()
	*to = a.ID
	d.facts.account(a)
	return err
}
