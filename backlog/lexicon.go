package backlog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marks are what a comment's words and form say, computed once when it is stored
// so that no audit reads bodies, and none need be kept.
type Marks uint16

// The marks. Structure comes first and holds in any script; phrases are a help.
const (
	MarkQuestion     Marks = 1 << iota // a question mark of some script in the prose
	MarkAsks                           // a phrase that asks without a question mark
	MarkApproves                       // a phrase that accepts
	MarkRejects                        // a phrase that refuses
	MarkElsewhere                      // says it was settled outside the tracker
	MarkAcknowledges                   // nothing but an acknowledgement: an emoji, "ok", "will check"
	MarkCustomerLink                   // carries a link to a customer or support system
	MarkMentions                       // mentions somebody
	MarkQuotes                         // quotes somebody
	MarkAddressed                      // opens with a mention
)

// Has reports whether all of the wanted marks are set.
func (m Marks) Has(want Marks) bool { return m&want == want }

// Lexicon holds the phrase lists, lower case. The zero value knows structure only.
type Lexicon struct {
	Asks, Approves, Rejects, Elsewhere, Acknowledges []string
	CustomerHosts                                    []string // parts of a URL that mark a customer or support system
	Criteria                                         []string // headings that open acceptance criteria
	StoryOpenings                                    []string // "as a ", "als ", …
}

// DefaultLexicon returns the phrases the program ships with; configuration adds to them.
func DefaultLexicon() Lexicon {
	return Lexicon{
		Asks: []string{
			"please clarify", "please advise", "need clarification", "not sure whether", "not sure if", "can you confirm", "could you confirm", "please confirm", "unclear to me", "let me know which", "waiting for your decision", "need a decision",
			"bitte klären", "bitte um klärung", "unklar ist", "bitte bestätigen", "merci de confirmer", "merci de préciser", "pas clair", "por favor confirma", "no está claro", "necesito saber",
			"per favore conferma", "non è chiaro", "por favor confirme", "não está claro", "请确认", "请问", "不清楚", "確認してください", "確認お願いします", "教えてください", "확인 부탁", "уточните", "подскажите", "непонятно",
		},
		Approves: []string{
			"accepted", "approved", "looks good", "lgtm", "signed off", "sign-off", "works as expected", "works for me", "good to go", "ship it", "happy with this", "passes acceptance", "verified",
			"abgenommen", "freigegeben", "passt so", "sieht gut aus", "accepté", "validé", "c'est bon pour moi", "ça marche", "aceptado", "aprobado", "se ve bien", "conforme", "accettato", "approvato", "va bene così",
			"aceito", "aprovado", "parece bom", "验收通过", "通过了", "已验收", "可以上线", "没问题", "承認", "問題ありません", "受け入れます", "승인", "принято", "одобрено", "goedgekeurd", "akkoord", "godkänd", "zaakceptowane",
		},
		Rejects: []string{
			"not accepted", "not approved", "rejected", "does not work", "doesn't work", "not working", "still broken", "reopening", "re-opening", "nicht abgenommen", "funktioniert nicht", "geht nicht", "refusé", "ne marche pas", "rechazado", "no funciona", "não funciona", "non funziona", "不通过", "未通过", "有问题", "動きません", "не работает", "не принято",
		},
		Elsewhere: []string{
			"as discussed", "as agreed", "per our call", "per our chat", "as per call", "discussed offline", "talked to", "spoke with", "spoke to", "in the standup", "in the meeting", "on slack", "via slack", "in slack", "on teams", "via teams", "over the phone", "by phone", "in person", "in the call", "on the call", "told me", "had a call", "in chat", "via chat", "by chat",
			"wie besprochen", "am telefon", "im call", "im meeting", "im daily", "mündlich", "telefoniert", "telefonisch", "rücksprache", "abgesprochen", "im chat", "per chat", "teams-chat", "besprochen mit", "geklärt mit", "besprochen:", "besprochen,", "geklärt:", "geklärt,", "comme discuté", "vu avec", "en réunion", "par téléphone", "como hablamos", "por teléfono", "en la reunión", "conforme falamos", "como discusso", "ne abbiamo parlato", "当面沟通", "电话沟通", "会上", "已沟通", "口頭で", "会議で", "созвонились", "обсудили", "zoals besproken",
		},
		Acknowledges: []string{
			"ok", "okay", "thanks", "thank you", "thx", "will check", "will look", "will do", "looking into it", "checking", "noted", "got it", "sure", "on it", "let me check", "i'll check", "i will check", "i'll look", "+1",
			"danke", "schaue ich mir an", "schaue nach", "kläre ich", "mache ich", "alles klar", "merci", "je regarde", "je vérifie", "bien reçu", "gracias", "lo reviso", "lo miro", "grazie", "controllo", "obrigado", "vou verificar", "好的", "收到", "我看看", "我看一下", "谢谢", "了解", "確認します", "承知しました", "확인하겠습니다", "хорошо", "посмотрю", "спасибо", "уточню",
		},
		CustomerHosts: []string{"zendesk.com", "intercom.com", "helpscout.net", "freshdesk.com", "salesforce.com", "productboard.com", "canny.io", "uservoice.com", "servicedesk/customer", "hubspot.com", "gong.io"},
		Criteria: []string{
			"acceptance criteria", "acceptance criterion", "definition of done", "akzeptanzkriterien", "abnahmekriterien", "critères d'acceptation", "criterios de aceptación", "critérios de aceitação", "criteri di accettazione", "acceptatiecriteria", "kryteria akceptacji", "acceptanskriterier", "критерии приемки", "критерии приёмки", "验收标准", "验收条件", "受け入れ条件", "受入条件", "인수 조건",
		},
		StoryOpenings: []string{"as a ", "as an ", "as the ", "als ", "en tant que ", "en tant qu'", "como ", "come ", "in qualità di ", "jako ", "som ", "как ", "作为", "として", "로서"},
	}
}

// Read computes the marks of a comment's text. It looks at the prose only: code
// and quotes are somebody else's words.
func (l *Lexicon) Read(t Text) Marks {
	var m Marks
	if hasQuestionMark(t.Prose) {
		m |= MarkQuestion
	}
	low := strings.ToLower(t.Prose)
	g := gramsOf(low)
	if contains(low, g, l.Asks) {
		m |= MarkAsks
	}
	if contains(low, g, l.Rejects) {
		m |= MarkRejects
	} else if contains(low, g, l.Approves) {
		m |= MarkApproves
	}
	if contains(low, g, l.Elsewhere) {
		m |= MarkElsewhere
	}
	if m&(MarkQuestion|MarkApproves|MarkRejects|MarkElsewhere) == 0 && l.acknowledges(low) {
		m |= MarkAcknowledges
	}
	for _, u := range t.Links {
		if low := strings.ToLower(u); contains(low, gramsOf(low), l.CustomerHosts) {
			m |= MarkCustomerLink
		}
	}
	if len(t.Mentions) > 0 {
		m |= MarkMentions
	}
	if len(t.Quotes) > 0 {
		m |= MarkQuotes
	}
	if len(t.Mentions) > 0 && (t.Addressed || strings.HasPrefix(strings.TrimSpace(t.Prose), "@")) {
		m |= MarkAddressed
	}
	return m
}

// HasCriteria reports whether a description carries acceptance criteria: a
// heading that opens them, or given/when/then from the start of a line.
func (l *Lexicon) HasCriteria(t Text) bool {
	low := strings.ToLower(t.Prose)
	if contains(low, gramsOf(low), l.Criteria) {
		return true
	}
	for at := 0; ; {
		g := strings.Index(low[at:], "given ")
		if g < 0 {
			return false
		}
		line := low[strings.LastIndexByte(low[:at+g], '\n')+1 : at+g]
		at += g + len("given ")
		if strings.TrimLeft(line, opening) != "" {
			continue // "for a given order, when … then …" is plain English
		}
		if _, then, ok := strings.Cut(low[at:], "when "); ok && strings.Contains(then, "then ") {
			return true
		}
	}
}

// opening is what may stand before a line's first word.
const opening = " \t*_#\"“„«-•"

// IsStory reports whether a title or a description's first lines open like a user story.
func (l *Lexicon) IsStory(title string, t Text) bool {
	for _, s := range []string{title, t.Prose} {
		low := strings.ToLower(firstRunes(s, 300))
		for _, line := range strings.Split(low, "\n") {
			line = strings.TrimLeft(line, opening)
			for _, o := range l.StoryOpenings {
				if strings.HasPrefix(line, o) && (strings.Contains(line, ",") || strings.Contains(line, "，") || strings.Contains(line, "、") || strings.Contains(line, " want") || strings.Contains(line, "我")) {
					return true
				}
			}
		}
	}
	return false
}

// Lead returns the name a comment opens with ("Kavya, could you …", "@Kavya: …"),
// or "". It recognises form only: one to three capitalised (or uncased) words
// before a comma or a colon; whether anybody is called so is for others to say.
func Lead(t Text) string {
	line := strings.TrimSpace(t.Prose)
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = firstRunes(line, 60)
	low := strings.ToLower(line)
	for _, g := range []string{"hi ", "hello ", "hey ", "dear ", "hallo ", "liebe ", "lieber ", "bonjour ", "salut ", "hola ", "ciao ", "olá ", "oi ", "привет "} {
		if strings.HasPrefix(low, g) {
			line = line[len(g):]
			break
		}
	}
	line = strings.TrimPrefix(line, "@")
	i := strings.IndexAny(line, ",:，：、–—")
	if i <= 0 {
		return ""
	}
	name := strings.TrimSpace(line[:i])
	words := strings.Fields(name)
	if len(words) == 0 || len(words) > 3 || utf8.RuneCountInString(name) > 40 {
		return ""
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(r) || unicode.IsLower(r) {
			return ""
		}
	}
	return name
}

// Changed returns how much of a text changed, in percent of the longer version
// (0–100), or 101 where there was none before: the measure of a [Change] to a
// text. It compares what stands between the common start and the common end,
// which is exact for one edit and an upper bound for several.
func Changed(from, to string) int {
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	if from == "" {
		if to == "" {
			return 0
		}
		return 101
	}
	p := 0
	for p < len(from) && p < len(to) && from[p] == to[p] {
		p++
	}
	f, t := from[p:], to[p:]
	for len(f) > 0 && len(t) > 0 && f[len(f)-1] == t[len(t)-1] {
		f, t = f[:len(f)-1], t[:len(t)-1]
	}
	return max(len(f), len(t)) * 100 / max(len(from), len(to))
}

func (l *Lexicon) acknowledges(low string) bool {
	s := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' })
	if s == "" {
		return true // an emoji, a thumb, nothing
	}
	if utf8.RuneCountInString(s) > 48 {
		return false
	}
	for _, a := range l.Acknowledges {
		if s == a || strings.HasPrefix(s, a) && len(s)-len(a) < 24 && !letterAt(s, len(a)) {
			return true
		}
	}
	return false
}

// letterAt reports whether a cased letter stands at byte i: then a phrase that
// ends there ended inside a word.
func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLower(r) || unicode.IsUpper(r)
}

// hasQuestionMark knows the marks of Latin, full-width, Arabic, Armenian,
// Ethiopic and inverted Spanish script, and Greek's ";" where the text is Greek.
func hasQuestionMark(s string) bool {
	greek := false
	for i, r := range s {
		switch r {
		case '?', '？', '؟', '¿', '՞', '፧', '⁇', '⁈', '\u037e':
			return true
		case ';':
			if greek {
				return true
			}
			_ = i
		}
		if !greek && unicode.Is(unicode.Greek, r) && unicode.IsLetter(r) {
			greek = true
		}
	}
	return false
}

// grams is the set of three-byte sequences of a text, by hash. It rules out most
// phrases without searching for them.
type grams [64]uint64

func gramsOf(s string) *grams {
	var g grams
	for i := 0; i+3 <= len(s); i++ {
		h := gram(s[i:])
		g[h>>6] |= 1 << (h & 63)
	}
	return &g
}

// gram hashes the first three bytes of s to twelve bits.
func gram(s string) uint32 {
	return (uint32(s[0])<<16 | uint32(s[1])<<8 | uint32(s[2])) * 0x9e3779b1 >> 20
}

// may reports whether the text may contain p: false is certain.
func (g *grams) may(p string) bool {
	if len(p) < 3 {
		return true
	}
	return g.has(gram(p)) && g.has(gram(p[len(p)-3:]))
}

func (g *grams) has(h uint32) bool { return g[h>>6]&(1<<(h&63)) != 0 }

func contains(low string, g *grams, phrases []string) bool {
	for _, p := range phrases {
		if !g.may(p) {
			continue
		}
		from := 0
		for {
			i := strings.Index(low[from:], p)
			if i < 0 {
				break
			}
			i += from
			if wordStart(low, i) && !letterAtEnd(low, i+len(p)) {
				return true
			}
			from = i + len(p)
		}
	}
	return false
}

func wordStart(s string, i int) bool {
	if i == 0 {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	cur, _ := utf8.DecodeRuneInString(s[i:])
	return !unicode.IsLower(r) || !unicode.IsLower(cur)
}

func letterAtEnd(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	prev, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLower(prev) && letterAt(s, i)
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func itoa(n int64) string {
	if n == 0 {
		return "0"
	}
	var b [20]byte
	i := len(b)
	for ; n > 0; n /= 10 {
		i--
		b[i] = byte('0' + n%10)
	}
	return string(b[i:])
}
