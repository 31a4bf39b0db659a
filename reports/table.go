package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
	"defacto/backlog"
)

// table is the audit on a terminal: an index where there are several scopes,
// then each scope's audit, then the limits.
type table struct{ Options }

// manyScopes is where an audit on a terminal shows each scope in brief.
const manyScopes = 12

// Render writes the audit, fitted to Options.Width.
func (f table) Render(w io.Writer, r *analysis.Report) error {
	t := &audit{terminal: &terminal{width: f.Width, color: f.Color}, report: r, people: peopleOf(r), options: f.normal()}
	if err := t.render(); err != nil {
		return err
	}
	if _, err := w.Write(t.Bytes()); err != nil {
		return fmt.Errorf("reports: table: %w", err)
	}
	return nil
}

type audit struct {
	*terminal
	report  *analysis.Report
	people  people
	options Options
}

func (t *audit) render() error {
	t.line(t.paint("Who really runs this backlog", color.Bold))
	t.text(foreword(t.report, t.options), 0, color.Faint)
	if len(t.report.Scopes) == 0 {
		t.line("")
		t.line("No scope was audited.")
	}
	if len(t.report.Scopes) > 1 {
		if err := t.index(); err != nil {
			return err
		}
	}
	for i := range t.report.Scopes {
		if err := t.scope(&t.report.Scopes[i], len(t.report.Scopes) > manyScopes); err != nil {
			return err
		}
	}
	t.limits()
	return nil
}

// foreword says what the reader holds in one line.
func foreword(r *analysis.Report, o Options) string {
	words := []string{count(len(r.Scopes), "scope", "scopes")}
	if n := periodsIn(r); n > 1 {
		words[0] += " over " + strconv.Itoa(n) + " periods"
	}
	if !r.AsOf.IsZero() {
		words = append(words, "as of "+when(r.AsOf, o.Zone)+" "+zoneName(r, o))
	}
	words = append(words, "waits in "+clockWords(r.Clock))
	if r.Rules.Evaluated > 0 {
		words = append(words, fmt.Sprintf("%s tried, %d raised a finding", count(r.Rules.Evaluated, "rule", "rules"), r.Rules.Raised))
	}
	return strings.Join(words, ", ") + "."
}

// periodsIn is how many periods the scope with most of them has.
func periodsIn(r *analysis.Report) int {
	n := 0
	for i := range r.Scopes {
		n = max(n, len(r.Scopes[i].Periods))
	}
	return n
}

func zoneName(r *analysis.Report, o Options) string {
	name, _ := r.AsOf.In(o.Zone).Zone()
	return name
}

// index is one line a scope.
func (t *audit) index() error {
	t.head("scopes")
	scope, count := 16, 8
	switch {
	case t.width >= 160:
		scope = 40
	case t.width >= 100:
		scope = 26
	case t.width < 60:
		scope, count = 10, 3
	}
	who := (t.width - scope - count - 6) / 2
	cols := []column{
		{head: "Scope", width: scope, tight: true},
		{head: "Product owner", width: who, tight: true},
		{head: "Product manager", width: who, tight: true},
		{head: "Findings", width: count, right: true, tight: true},
	}
	if t.width < 60 {
		cols[1].head, cols[2].head, cols[3].head = "Owner", "Manager", "n"
	}
	var rows [][]string
	for i := range t.report.Scopes {
		s := &t.report.Scopes[i]
		row := []string{clip(clean(s.Scope), 80), "no period", "", ""}
		if p := latest(s); p != nil {
			row[1] = t.people.holder(p.Roles[backlog.ProductOwner.String()])
			row[2] = t.people.holder(p.Roles[backlog.ProductManager.String()])
			row[3] = strconv.Itoa(len(p.Findings))
		}
		rows = append(rows, row)
	}
	return t.grid(cols, rows)
}

func (t *audit) scope(s *analysis.ScopeReport, brief bool) error {
	p := latest(s)
	t.line("")
	t.rule("=", "━")
	title := scopeTitle(s)
	if p != nil {
		title += ", " + clean(p.Period)
		if d := days(p); d != "" {
			title += " (" + d + ")"
		}
	}
	t.text(title, 0, color.Bold)
	if p == nil {
		t.line("No period was audited.")
		return nil
	}
	t.line("")
	t.text(clip(clean(p.Headline), longest), 0)
	if len(s.Periods) > 1 && (t.options.Trend || !brief) {
		if err := t.trend(s); err != nil {
			return err
		}
	}
	if t.options.Trend {
		return nil
	}
	if brief {
		t.briefly(s, p)
		return nil
	}
	for _, part := range []func(*analysis.PeriodReport) error{t.matrix, t.roles, t.waits, t.forest} {
		if err := part(p); err != nil {
			return err
		}
	}
	t.findings(p)
	t.coverage(p)
	return nil
}

// briefly names a scope's findings where there are too many scopes to show all.
func (t *audit) briefly(s *analysis.ScopeReport, p *analysis.PeriodReport) {
	for _, f := range inOrder(p.Findings) {
		t.hanging("- ", 2, label(f)+": "+clip(clean(f.Statement), longest))
	}
	t.text("The whole audit: defacto audit --scope "+clean(s.Scope), 0, color.Faint)
}

// matrix shows who does what: with the verdicts beside the shares where the
// terminal is wide enough, below them where it is not, and as a list where not
// even two people fit side by side.
func (t *audit) matrix(p *analysis.PeriodReport) error {
	t.head("who does what")
	t.text("Share of what is recorded, with its 90 % interval; n counts the units, in brackets what they are worth as evidence.", 0, color.Faint)
	const duty, each, nobody, verdict, gap = 10, 11, 6, 24, 2
	sample := len("n")
	for _, d := range p.Duties {
		sample = max(sample, len(sampleCell(d)))
	}
	who := cast(p)
	room := t.width - duty - nobody - sample - 2*gap
	beside := room-gap-verdict >= 3*(each+gap)
	if beside {
		room -= gap + verdict
	}
	fits := room / (each + gap)
	if fits < 3 {
		t.list(p)
		return nil
	}
	shown := who[:min(fits, len(who), 10)]
	cols := []column{{head: "Duty", width: duty, tight: true}}
	for _, id := range shown {
		cols = append(cols, column{head: t.people.name(id), width: each, tight: true})
	}
	cols = append(cols, column{head: "nobody", width: nobody, right: true}, column{head: "n", width: sample, right: true})
	if beside {
		cols = append(cols, column{head: "Verdict", width: min(verdict+room-len(shown)*(each+gap), 60)})
	}
	var rows [][]string
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			d = &analysis.DutyReport{}
		}
		row := []string{name.String()}
		for _, id := range shown {
			row = append(row, shareCell(d, id))
		}
		row = append(row, nobodyCell(d), sampleCell(d))
		if beside {
			row = append(row, t.people.verdict(d))
		}
		rows = append(rows, row)
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	if rest := len(who) - len(shown); rest > 0 {
		t.text("And "+count(rest, "more person", "more people")+": "+clip(strings.Join(t.people.all(who[len(shown):]), ", "), 300)+".", 0, color.Faint)
	}
	if beside {
		return nil
	}
	t.line("")
	for _, name := range backlog.Duties() {
		if d := p.Duties[name.String()]; d != nil {
			t.hanging(fmt.Sprintf("%-*s  ", duty, name), duty+gap, t.people.verdict(d))
		}
	}
	return nil
}

// verdict is a duty's verdict in words, with what it rests on.
func (p people) verdict(d *analysis.DutyReport) string {
	words := p.whoLeads(d)
	if d.Words != "" && d.Verdict != "insufficient" {
		words += ", " + clean(d.Words)
	}
	if d.Why != "" {
		words += ": " + strings.TrimSuffix(clip(clean(d.Why), 120), ": too few to say")
	}
	return words
}

func shareCell(d *analysis.DutyReport, id string) string {
	s := shareOf(d, id)
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%3s %s", percent(s.Share), span(s.Low, s.High, "-"))
}

// nobodyCell is the share nobody is recorded for, where there is enough to say.
func nobodyCell(d *analysis.DutyReport) string {
	if len(d.Shares) == 0 && d.Nobody == 0 {
		return ""
	}
	return percent(d.Nobody)
}

// sampleCell is how many units there were and what they are worth as evidence.
func sampleCell(d *analysis.DutyReport) string {
	if d == nil || d.Units == 0 {
		return ""
	}
	worth := number(d.NEff)
	if d.NEff >= 10 {
		worth = strconv.FormatFloat(d.NEff, 'f', 0, 64)
	}
	return strconv.Itoa(d.Units) + " (" + worth + ")"
}

// list is the matrix for a narrow terminal.
func (t *audit) list(p *analysis.PeriodReport) {
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			continue
		}
		t.hanging(t.paint(name.String(), color.Bold)+": ", len(name.String())+2, t.people.verdict(d))
		for _, s := range d.Shares[:min(5, len(d.Shares))] {
			t.line(fmt.Sprintf("  %4s %-6s  %s", percent(s.Share), span(s.Low, s.High, "-"), fit(t.people.name(s.Person), t.width-15)))
		}
		if rest := len(d.Shares) - 5; rest > 0 {
			t.line("               and " + strconv.Itoa(rest) + " more")
		}
		if n := nobodyCell(d); n != "" {
			t.line(fmt.Sprintf("  %4s         nobody", n))
		}
		if n := sampleCell(d); n != "" {
			t.line("     n " + n)
		}
	}
}

// roles sets the declared beside the de facto.
func (t *audit) roles(p *analysis.PeriodReport) error {
	t.head("declared and de facto")
	if t.width < 72 {
		for _, role := range roles() {
			t.line(t.paint(role.Title(), color.Bold))
			t.hanging("  declared  ", 12, t.people.declared(p, role.String()))
			t.hanging("  de facto  ", 12, t.people.deFacto(p.Roles[role.String()]))
			t.hanging("  compared  ", 12, comparison(p.Match[role.String()], "-"))
		}
	} else {
		const label = 15
		each := min((t.width-label-6)/3, 50)
		var rows [][]string
		for _, role := range roles() {
			rows = append(rows, []string{role.Title(), t.people.declared(p, role.String()), t.people.deFacto(p.Roles[role.String()]), comparison(p.Match[role.String()], "-")})
		}
		cols := []column{{head: "Role", width: label}, {head: "Declared", width: each}, {head: "De facto", width: each}, {head: "Comparison", width: each}}
		if err := t.grid(cols, rows); err != nil {
			return err
		}
	}
	if p.Structure != "" {
		t.text("Structure: "+structureWords(p.Structure)+".", 0)
	}
	return nil
}

// declared names the declared holders of a role and who says so.
func (p people) declared(period *analysis.PeriodReport, role string) string {
	ids := period.Declared[role]
	if len(ids) == 0 {
		return "nobody"
	}
	var words []string
	for _, id := range ids {
		name := p.name(id)
		var origins []string
		for _, o := range period.Origins[role] {
			if o.Person == id {
				origins = append(origins, clean(o.Origin))
			}
		}
		if len(origins) > 0 {
			name += " (" + strings.Join(origins, ", ") + ")"
		}
		words = append(words, name)
	}
	return strings.Join(words, ", ")
}

// deFacto is a role's verdict with its probability and its reservations.
func (p people) deFacto(r *analysis.RoleReport) string {
	words := p.holder(r)
	if r == nil {
		return words
	}
	if r.P > 0 && r.Person != "" {
		words += ", probability " + odds(r.P)
	}
	if r.Words != "" {
		words += ", " + clean(r.Words)
	}
	if r.Proxy {
		words += ", by proxy"
	}
	if r.Sensitive {
		words += ", depends on the weights"
	}
	if r.Why != "" {
		words += ": " + clip(clean(r.Why), 160)
	}
	return words
}

// comparison is a match in words with the share recorded for somebody else.
func comparison(m *analysis.Match, dash string) string {
	words := matchWords(m)
	if d := distance(m, dash); d != "" {
		words += "; " + d + " recorded for others"
	}
	return words
}

// distance is that share with its interval, "" where there is none.
func distance(m *analysis.Match, dash string) string {
	if m == nil || m.Distance == nil {
		return ""
	}
	words := inWords(*m.Distance)
	if s := between(m.Low, m.High, "share", dash); s != "" {
		words += " (" + s + ")"
	}
	return words
}

func (t *audit) waits(p *analysis.PeriodReport) error {
	w := p.Waits
	if w == nil {
		return nil
	}
	t.head("how long questions wait")
	t.text(waitSentence(w, t.report.Clock, "-"), 0)
	if len(w.ByPerson) == 0 {
		return nil
	}
	cols := []column{
		{head: "Asked", width: max(t.width/4, 12), tight: true},
		{head: "questions", right: true},
		{head: "open", right: true},
		{head: "by others", right: true},
		{head: "median", right: true},
	}
	if t.width < 60 {
		cols[1].head, cols[3].head = "n", "others"
	}
	var rows [][]string
	for _, b := range w.ByPerson[:min(8, len(w.ByPerson))] {
		rows = append(rows, []string{
			t.people.name(b.Person), strconv.Itoa(b.Questions), strconv.Itoa(b.Open),
			strconv.Itoa(b.ByOthers), personMedian(b),
		})
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	if rest := len(w.ByPerson) - 8; rest > 0 {
		t.line("and " + strconv.Itoa(rest) + " more")
	}
	for _, words := range t.people.zoneSentences(w) {
		t.hanging("  ", 2, words)
	}
	return nil
}

// waitSentence says how long questions waited, the unanswered included.
func waitSentence(w *analysis.Waits, clock, dash string) string {
	if w.Outcome != analysis.Measured {
		s := capital(outcomeWords(w.Outcome))
		if w.Why != "" {
			s += ": " + clip(clean(w.Why), 300)
		}
		if w.Questions > 0 {
			s += fmt.Sprintf(" (%s, %d answered, %d open)", count(w.Questions, "question", "questions"), w.Answered, w.Open)
		}
		return strings.TrimRight(s, ".") + "."
	}
	s := fmt.Sprintf("%s timed, %d answered, %d open.", count(w.Questions, "question", "questions"), w.Answered, w.Open)
	if w.MedianHours != nil {
		s += " Half are answered within " + number(*w.MedianHours) + " " + clockWords(clock)
		if i := between(w.LowHours, w.HighHours, "hours", dash); i != "" {
			s += " (" + i + ")"
		}
	} else {
		s += " More than half had no recorded answer"
	}
	if w.P90Hours != nil {
		s += ", nine in ten within " + hours(*w.P90Hours)
	}
	s += "."
	if w.FirstResponse != nil {
		s += " Median first response " + hours(*w.FirstResponse) + "."
	}
	if w.WallMedian != nil {
		s += " On the wall clock the median is " + hours(*w.WallMedian) + "."
	}
	if b := boundsSentence(w); b != "" {
		s += " " + b
	}
	if w.Possible > 0 {
		s += " " + count(w.Possible, "possible question asks", "possible questions ask") + " nobody in particular and is not timed."
		if w.Possible > 1 {
			s = strings.Replace(s, "particular and is not timed.", "particular and are not timed.", 1)
		}
	}
	return s
}

// boundsSentence says between what the median lies, as questions closed without an answer
// were perhaps answered elsewhere, perhaps given up; "" where that makes no difference.
func boundsSentence(w *analysis.Waits) string {
	if w.Closed == 0 || w.IfAnswered != nil && w.IfNever != nil && hours(*w.IfAnswered) == hours(*w.IfNever) {
		return ""
	}
	return fmt.Sprintf("%s closed without an answer: had all of them been answered then, the median would be %s; had none ever been, %s.",
		count(w.Closed, "question's issue was", "questions' issues were"), hoursOr(w.IfAnswered, "not reached"), hoursOr(w.IfNever, "never reached"))
}

// zoneSentences say whose hours were counted in a zone that their profile does not tell.
func (p people) zoneSentences(w *analysis.Waits) []string {
	var list []string
	for _, from := range []struct {
		origin analysis.ZoneOrigin
		words  string
	}{
		{analysis.ZoneOfActivity, "No time zone in the profile, so it is inferred from the hours they act at: "},
		{analysis.ZoneOfTeam, "No time zone in the profile, so the team's is taken: "},
	} {
		var who []string
		for _, b := range w.ByPerson {
			if b.ZoneFrom == from.origin {
				name := p.name(b.Person)
				if b.Zone != "" {
					name += " (" + clean(b.Zone) + ")"
				}
				who = append(who, name)
			}
		}
		if len(who) > 0 {
			list = append(list, from.words+strings.Join(who, ", ")+".")
		}
	}
	return list
}

func (t *audit) forest(p *analysis.PeriodReport) error {
	if len(p.Forest) == 0 {
		return nil
	}
	t.head("forest and trees")
	t.text("Of what somebody touched, the share above story level.", 0, color.Faint)
	cols := []column{{head: "Person", width: max(t.width/4, 12), tight: true}, {head: "roadmap", right: true}, {head: "stories", right: true}, {head: "index"}}
	if t.width < 60 {
		cols[1].head, cols[2].head = "road", "story"
	}
	var rows [][]string
	for _, f := range p.Forest[:min(10, len(p.Forest))] {
		rows = append(rows, []string{t.people.name(f.Person), strconv.Itoa(f.Roadmap), strconv.Itoa(f.Story), index(&f, "-")})
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	for _, f := range p.Forest[:min(10, len(p.Forest))] {
		if f.Note != "" {
			t.hanging("  ", 2, t.people.name(f.Person)+": "+clip(clean(f.Note), 200))
		}
	}
	if rest := len(p.Forest) - 10; rest > 0 {
		t.line("and " + strconv.Itoa(rest) + " more")
	}
	return nil
}

// index spells a forest index with its interval.
func index(f *analysis.Forest, dash string) string {
	if f.Index == nil {
		return "too few"
	}
	s := percent(*f.Index)
	if i := between(f.Low, f.High, "share", dash); i != "" {
		s += "  " + i
	}
	return s
}

func (t *audit) findings(p *analysis.PeriodReport) {
	t.head(fmt.Sprintf("findings (%d)", len(p.Findings)))
	if len(p.Findings) == 0 {
		t.line("None was raised.")
	}
	for i, f := range inOrder(p.Findings) {
		if i > 0 {
			t.line("")
		}
		lead := strconv.Itoa(i+1) + ". "
		t.hanging(lead, len(lead), clip(clean(f.Statement), longest), color.Bold)
		indent := len(lead)
		t.text(label(f)+"; "+measureSentence(f.Measure, "-"), indent, severity(f)...)
		if e := keys(f.Evidence, 6); e != "" {
			t.text("Evidence: "+e, indent)
		}
		if e := keys(f.Against, 3); e != "" {
			t.text("Against: "+e, indent)
		}
		if f.Advice != "" {
			t.text("Next: "+clip(clean(f.Advice), 400), indent)
		}
		if f.Note != nil {
			t.text(noteSentence(f.Note, t.people, t.options), indent)
		}
		t.text("defacto explain "+clean(f.ID), indent, color.Faint)
	}
}

func severity(f *analysis.Finding) []color.Attribute {
	switch f.Severity {
	case "act":
		return []color.Attribute{color.FgRed}
	case "notice":
		return []color.Attribute{color.FgYellow}
	}
	return nil
}

// label says what kind of finding it is and how far to trust it.
func label(f *analysis.Finding) string {
	words := []string{clean(f.Code)}
	if f.Outcome != analysis.Measured {
		words = append(words, outcomeWords(f.Outcome))
	}
	if f.Confidence != "" {
		words = append(words, clean(f.Confidence))
	}
	switch {
	case f.Worth:
		words = append(words, "worth a look")
	case f.Severity == "act" || f.Severity == "notice":
		words = append(words, f.Severity)
	}
	if f.Sensitive {
		words = append(words, "depends on the weights")
	}
	return strings.Join(words, ", ")
}

// measureSentence is the number behind a finding with its interval, threshold
// and sample.
func measureSentence(m analysis.Measure, dash string) string {
	if m.Name == "" {
		return "no number behind it"
	}
	s := measureName(m) + ": " + amount(m.Value, m.Unit)
	if i := between(m.Low, m.High, m.Unit, dash); i != "" {
		s += " (" + i + ")"
	}
	if m.Threshold != nil {
		s += ", threshold " + amount(m.Threshold, m.Unit)
	}
	s += ", n " + strconv.Itoa(m.N)
	if m.NEff > 0 {
		s += " (worth " + number(m.NEff) + ")"
	}
	return s
}

// keys names a few of the issues a finding rests on, each once.
func keys(evidence []analysis.Evidence, few int) string {
	var names []string
	seen := map[string]bool{}
	for _, e := range evidence {
		if !seen[e.Issue] {
			seen[e.Issue] = true
			names = append(names, clip(clean(e.Issue), 40))
		}
	}
	if rest := len(names) - few; rest > 0 {
		return strings.Join(names[:few], ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	return strings.Join(names, ", ")
}

// noteSentence is the team's answer to a finding.
func noteSentence(n *analysis.Note, p people, o Options) string {
	s := "Answered"
	switch n.Answer {
	case "accept":
		s = "Accepted"
	case "dispute":
		s = "Disputed"
	}
	if n.By != "" {
		s += " by " + p.name(n.By)
	}
	if !n.At.IsZero() {
		s += " on " + day(n.At, o.Zone)
	}
	if !n.Until.IsZero() {
		s += ", until " + day(n.Until, o.Zone)
	}
	if n.Expired {
		s += " (this has run out: is it still so?)"
	}
	if n.Why != "" {
		s += ": " + clip(clean(n.Why), 500)
	}
	return s
}

func (t *audit) coverage(p *analysis.PeriodReport) {
	t.head("what this rests on")
	for _, s := range coverageSentences(&p.Coverage) {
		t.text(s, 0)
	}
}

// manyTechnical is the share of technical stories worth saying (METHOD 2.4 rule 8).
const manyTechnical = .3

// coverageSentences says what was read, what is missing and what was left out.
func coverageSentences(c *analysis.Coverage) []string {
	read := count(c.Issues, "issue", "issues") + ", " + count(c.Changes, "change", "changes") + ", " + count(c.Comments, "comment", "comments")
	if c.ActivePeople > 0 {
		read += ", " + count(c.ActivePeople, "active person", "active people")
	}
	if c.Complete {
		read += "; complete as far as the tracker tells."
	} else {
		read += "; not complete."
	}
	out := []string{read}
	if s := named([]part{{c.Missing.Issues, "issue", "issues"}, {c.Missing.Changes, "change", "changes"}, {c.Missing.Comments, "comment", "comments"}}); s != "" {
		out = append(out, "Missing: "+s+".")
	}
	if c.NoHistory > 0 {
		out = append(out, "Without a history: "+count(c.NoHistory, "issue", "issues")+".")
	}
	left := named([]part{
		{c.Excluded.Apps, "act of a machine", "acts of machines"},
		{c.Excluded.RuleActors, "act of a rule under a person's name", "acts of rules under a person's name"},
		{c.Excluded.Imported, "act of an import", "acts of an import"},
		{c.Excluded.RollOver, "sprint roll-over", "sprint roll-overs"},
		{c.Excluded.NoAuthor, "act nobody signs", "acts nobody signs"},
	})
	if left != "" {
		out = append(out, "Left out: "+left+".")
	}
	if c.Excluded.BulkSessions > 0 {
		out = append(out, "Weighed down: "+count(c.Excluded.BulkSessions, "bulk edit", "bulk edits")+".")
	}
	if c.MachineShare > 0 {
		out = append(out, "Machines made "+inWords(c.MachineShare)+" of the acts.")
	}
	if c.ImportShare > 0 {
		out = append(out, "Of the stories created, "+inWords(c.ImportShare)+" came with an import.")
	}
	if c.Technical > manyTechnical {
		out = append(out, "Technical stories: "+inWords(c.Technical)+" of those created are tasks without a word about the product; they hardly count.")
	}
	if c.Unresolved > 0 {
		out = append(out, "Of the people here, "+count(c.Unresolved, "pair", "pairs")+" may be one person: defacto people duplicates.")
	}
	for _, n := range c.Notes {
		out = append(out, clip(clean(n), 600))
	}
	return out
}

type part struct {
	n         int
	one, many string
}

func named(parts []part) string {
	var words []string
	for _, p := range parts {
		if p.n > 0 {
			words = append(words, count(p.n, p.one, p.many))
		}
	}
	return strings.Join(words, ", ")
}

// limits closes the audit: what a tracker cannot see, and the settings that are
// not the method's own.
func (t *audit) limits() {
	if len(t.report.Limits) > 0 {
		t.line("")
		t.rule("=", "━")
		t.line(t.paint("WHAT A TRACKER CANNOT SEE", color.Bold))
		for _, l := range t.report.Limits {
			t.hanging("- ", 2, clip(clean(l), longest))
		}
	}
	if len(t.report.Settings) > 0 {
		t.head("settings that differ from the defaults")
		for _, s := range t.report.Settings {
			t.hanging("- ", 2, settingSentence(s))
		}
	}
}

func settingSentence(s analysis.Setting) string {
	return clip(clean(s.Key), 80) + ": " + clip(clean(s.Value), 200) + " (default " + clip(clean(s.Default), 200) + ")"
}
