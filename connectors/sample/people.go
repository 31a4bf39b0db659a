package sample

import (
	"strings"

	"defacto/backlog"
)

// member is somebody, or something, that acts in the tracker. Members are known
// by their index in the team; nobody is −1.
type member struct {
	name     string
	function string // "product owner", "developer", …; what the made-up organisation hired them for
	zone     zone
	app      bool
	outside  bool // a customer at the service desk
	accounts []login
}

// nobody is the member that was missing.
const nobody = -1

// login is one account of a member, used from one instant on. Where shared is
// set it is used now and then beside the one before it.
type login struct {
	id     string
	name   string
	email  string
	zone   string // what the profile shows
	from   int64
	shared bool
	closed bool // deactivated when the next one began
}

// first returns the member's given name.
func (m *member) first() string {
	name, _, _ := strings.Cut(m.name, " ")
	return name
}

// id returns the account that stands for the member in the truth.
func (m *member) id() string { return m.accounts[0].id }

// current returns the account by which others reach the member at an instant.
func (m *member) current(t int64) *login {
	own := &m.accounts[0]
	for i := range m.accounts {
		if next := &m.accounts[i]; !next.shared && t >= next.from {
			own = next
		}
	}
	return own
}

// acting returns the account the member acts with at an instant.
func (m *member) acting(d dice, t int64) *login {
	for i := range m.accounts {
		if next := &m.accounts[i]; next.shared && t >= next.from && d.chance(.3) {
			return next
		}
	}
	return m.current(t)
}

// accountID makes the id of an account.
func accountID(d dice) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("5f")
	for range 22 {
		b.WriteByte(digits[d.IntN(len(digits))])
	}
	return b.String()
}

// enrol gives a member the account, or accounts, that the noise asks for.
func (m *member) enrol(d dice, n Noise, from, to int64) {
	own := login{id: accountID(d), name: m.name, email: m.email(), zone: m.zone.String(), from: from}
	if d.chance(n.HiddenZone) {
		own.zone = ""
	}
	m.accounts = []login{own}
	if m.app || m.outside {
		m.accounts[0].email, m.accounts[0].zone = "", ""
		return
	}
	if !d.chance(n.Accounts) {
		return
	}
	second := own
	second.id = accountID(d)
	second.from = d.seconds(from+(to-from)/4, from+(to-from)*3/4)
	switch d.IntN(3) {
	case 0: // moved to a new directory: same name, other address, the old account closed
		second.email = strings.Replace(second.email, "@", ".ext@", 1)
		m.accounts[0].closed = true
	case 1: // renamed: same address, other display name, the old account closed
		second.name = m.first() + " " + pick(d, surnames())
		m.accounts[0].closed = true
	default: // doubled: same address, both in use
		second.shared = true
	}
	m.accounts = append(m.accounts, second)
}

// email returns the address that goes with the name.
func (m *member) email() string {
	return strings.ToLower(strings.Join(strings.Fields(plain(m.name)), ".")) + "@larkspur.example"
}

// plain spells a name in ASCII, as addresses do.
func plain(name string) string {
	return strings.NewReplacer(
		"á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "ö", "oe", "ü", "ue", "ä", "ae", "ø", "o",
		"å", "a", "ç", "c", "ã", "a", "ê", "e", "ł", "l", "ę", "e", "ş", "s", "ğ", "g", "ı", "i", "č", "c", "š", "s",
		"ž", "z", "è", "e", "Ö", "Oe", "Ø", "O", "Ş", "S", "Č", "C", "'", "", "ć", "c", "ń", "n", "ż", "z", "â", "a", "î", "i", "É", "E", "Á", "A", "ș", "s", "ă", "a", "ô", "o", "ë", "e",
	).Replace(name)
}

// records returns the members' accounts as the tracker lists them.
func records(members []*member) []backlog.Account {
	var list []backlog.Account
	for _, m := range members {
		for _, l := range m.accounts {
			kind := backlog.PersonAccount
			switch {
			case m.app:
				kind = backlog.AppAccount
			case m.outside:
				kind = backlog.CustomerAccount
			}
			list = append(list, backlog.Account{
				ID: l.id, Name: l.name, Email: l.email, Kind: kind, Active: !l.closed, Zone: l.zone,
			})
		}
	}
	return list
}

// names hands out full names, each once.
type names struct {
	d    dice
	used map[string]bool
}

func (n *names) next() string {
	given, family := givenNames(), surnames()
	for {
		name := pick(n.d, given) + " " + pick(n.d, family)
		first, _, _ := strings.Cut(name, " ")
		if !n.used[name] && !n.used[first] {
			n.used[name], n.used[first] = true, true
			return name
		}
	}
}

func givenNames() []string {
	return []string{
		"Amara", "Mateo", "Yuki", "Leila", "Sven", "Priya", "Tomasz", "Chiamaka", "Elif", "Joaquín", "Mei", "Fatima",
		"Oskar", "Ingrid", "Rafael", "Anjali", "Kofi", "Zeynep", "Luca", "Noor", "Beatriz", "Hiroshi", "Maja", "Emeka",
		"Sofía", "Arjun", "Linnea", "Dmitri", "Aaliyah", "Pablo", "Wanjiru", "Jakub", "Camille", "Takumi", "Ronja", "Imran",
		"Lucía", "Bongani", "Freya", "Nikhil", "Ayşe", "Thiago", "Hana", "Viktor", "Salma", "Étienne", "Kwame", "Ilse",
		"Marta", "Jun", "Nadia", "Anders", "Lindiwe", "Gabriel", "Shreya", "Mikko", "Renata", "Omar", "Clara", "Tariq",
		"Eun-ji", "Dario", "Katarzyna", "Samir", "Greta", "Chen", "Paloma", "Ivo", "Yasmin", "Lars", "Thandi", "Enzo",
		"Aiko", "Pavel", "Farida", "Nils", "Carmen", "Babajide", "Lien", "Stefan", "Meera", "João", "Signe", "Karim",
		"Alma", "Ravi", "Bruno", "Hyun-woo", "Esther", "Milan", "Tala", "Otto", "Isabela", "Kenji", "Rosa", "Abebe",
	}
}

func surnames() []string {
	return []string{
		"Okafor", "Brandt", "Tanaka", "Haddad", "Lindqvist", "Raman", "Kowalski", "Mensah", "Yıldız", "Herrera", "Zhao", "Benali",
		"Halvorsen", "Moretti", "Ferreira", "Deshpande", "Asante", "Demir", "Rossi", "Rahman", "Carvalho", "Sato", "Novak", "Eze",
		"Castillo", "Menon", "Bergström", "Volkov", "Diallo", "Navarro", "Kamau", "Wójcik", "Laurent", "Mori", "Keller", "Siddiqui",
		"Vargas", "Dlamini", "Jansen", "Iyer", "Aydın", "Ribeiro", "Park", "Horvat", "Mansour", "Girard", "Boateng", "Vermeer",
		"Ortega", "Lin", "Petrov", "Nygaard", "Khumalo", "Silva", "Kulkarni", "Virtanen", "Santos", "Farouk", "Weiss", "Aziz",
		"Choi", "Bianchi", "Zieliński", "Nasser", "Hoffmann", "Wang", "Cruz", "Kolar", "Karimi", "Holm", "Ndlovu", "Fournier",
		"Nakamura", "Dvořák", "Hussain", "Engel", "Peña", "Adeyemi", "Nguyen", "Ionescu", "Pillai", "Teixeira", "Dahl", "Sayed",
	}
}
