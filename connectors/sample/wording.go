package sample

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"defacto/backlog"
)

// Bank is a set of wordings. The two share no phrase, and no language but
// English, German and French: whoever develops against the one can be judged by
// the other.
type Bank uint8

// The banks.
const (
	BankA Bank = iota // for the demo, and for developing
	BankB             // for scoring only; some of its questions have no question mark
)

// tongue is how one language is spoken in comments. "{f}" stands for what the
// issue is about.
type tongue struct {
	product   []exchange // questions to product
	technical []exchange // between developers
	hold      []string   // "will look into it"
	approve   []string   // approving remarks
	remark    []string   // remarks at acceptance that approve without saying so
	reject    []string
	relay     []string // passing a question on
	settled   []string // "we settled this in a call", after the name of who with
	chatter   []string // statements among developers
	roadmap   []string // remarks on roadmap items
	feedback  []string // what a customer said
}

// exchange is a question with its answer.
type exchange struct{ ask, reply string }

// bank is the wording of one team: English and a language of its own.
type bank struct {
	english, local *tongue
	aims, symptoms []string
	bystander      []string
	tracker        vocabulary
	frame          []string // of a description: {r} the role, {t} the title, {b} the benefit
	criteria       []string
	benefits       []string
}

// speak returns the wording of a team; local chooses its second language.
func speak(b Bank, local int) *bank {
	if b == BankB {
		return bankB(local)
	}
	return bankA(local)
}

// tongue draws the language of a conversation.
func (b *bank) tongue(d dice, n Noise) *tongue {
	if d.chance(n.Foreign) {
		return b.local
	}
	return b.english
}

// approval is a remark at acceptance.
func (b *bank) approval(d dice, n Noise) backlog.Text {
	w := b.tongue(d, n)
	if d.chance(.25) {
		return plainText(pick(d, w.remark))
	}
	return plainText(pick(d, w.approve))
}

// onRoadmap is a remark on a roadmap item.
func (b *bank) onRoadmap(d dice, n Noise) backlog.Text {
	return plainText(pick(d, b.tongue(d, n).roadmap))
}

// feedback is what a customer said, with a link to where.
func (b *bank) feedback(d dice, n Noise) backlog.Text {
	text := plainText(pick(d, b.tongue(d, n).feedback))
	text.Links = []string{"https://crm.larkspur.example/accounts/" + pad(d.IntN(40000))}
	return text
}

// body is a story's description.
func (b *bank) body(d dice, domain *domain, title string, roleStory bool) backlog.Text {
	text := strings.NewReplacer(
		"{r}", pick(d, domain.roles), "{t}", lowerFirst(title), "{b}", pick(d, b.benefits),
	).Replace(pick(d, b.frame))
	if !roleStory {
		text = title + "."
	}
	return plainText(text + pick(d, b.criteria))
}

// plainText is prose without mentions, code, quotes or links.
func plainText(s string) backlog.Text { return backlog.Text{Prose: s} }

// mentioning puts a mention before or after the words.
func mentioning(l *login, words string, after bool) backlog.Text {
	at := "@" + l.name
	if after {
		return backlog.Text{Prose: words + " " + at, Mentions: []string{l.id}}
	}
	return backlog.Text{Prose: at + " " + words, Mentions: []string{l.id}}
}

// fill puts the topic into a phrase.
func fill(phrase, topic string) string { return strings.ReplaceAll(phrase, "{f}", topic) }

// lowerFirst spells a sentence so that it can follow a comma, unless it begins
// with an abbreviation.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[n:])
	if unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
