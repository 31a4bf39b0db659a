package reports

import (
	"html/template"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/reports/scene"
)

type selfView struct {
	Charts  []figureView
	Periods []selfPeriodView // the newest first
	Trend   *tableView
	Limits  []string
}

type selfPeriodView struct {
	Name, Days, Sentence string
	Weeks                *figureView
	Pulled, Give         *tableView
	Quiet                []quietView
	Shareable            string
	Latest               evidenceList
	More                 int
}

type quietView struct{ Issue, URL, Link, At, Ago string }

// Self writes a person's own page: where the recorded attention went, what
// pulled it to the stories, and what would give it back.
func (p *Pages) Self(s *analysis.Self) (template.HTML, error) {
	m := p.viewer(&analysis.Report{People: s.People})
	var v selfView
	if len(s.Periods) > 1 {
		v.Trend = selfTrend(s.Periods)
	}
	for i := len(s.Periods) - 1; i >= 0; i-- {
		v.Periods = append(v.Periods, m.selfPeriod(&s.Periods[i], "w"+strconv.Itoa(i)))
	}
	for _, l := range s.Limits {
		v.Limits = append(v.Limits, clip(clean(l), longest))
	}
	return p.write("page-self", v)
}

func selfTrend(periods []analysis.SelfPeriod) *tableView {
	t := &tableView{Heads: []string{"Period", "Roadmap touches", "Story touches", "Above story level", "Change", "Customer requests"}}
	for _, p := range periods {
		change := ""
		if p.Change != nil {
			change = pointsMore(*p.Change)
		}
		t.Rows = append(t.Rows, []string{clip(clean(p.Period), 60), strconv.Itoa(p.Roadmap), strconv.Itoa(p.Story), selfIndex(p), change, strconv.Itoa(p.Market)})
	}
	return t
}

func (m viewer) selfPeriod(p *analysis.SelfPeriod, id string) selfPeriodView {
	m.opt.at.period = p.Period
	v := selfPeriodView{Name: clip(clean(p.Period), 60), Days: days(&analysis.PeriodReport{From: p.From, To: p.To})}
	v.Sentence = count(p.Roadmap+p.Story, "touch", "touches") + " recorded: " + strconv.Itoa(p.Roadmap) + " above story level, " + strconv.Itoa(p.Story) + " at story level"
	if p.Index != nil {
		v.Sentence += ". That is " + inWords(*p.Index) + " above story level (" + span(*p.Low, *p.High, "–") + ")"
		if p.Change != nil {
			v.Sentence += ", " + changeWords(*p.Change)
		}
	} else {
		v.Sentence += ", too few to say more"
	}
	v.Sentence += "."
	if f := weekChart(p); f != nil {
		shown := f.view(id)
		v.Weeks = &shown
	}
	v.Pulled = m.pulled(p)
	for _, q := range p.Quiet {
		v.Quiet = append(v.Quiet, quietView{
			Issue: clip(clean(q.Issue), 60), URL: safeURL(q.URL), Link: m.opt.at.issue(q.Issue), At: day(q.Last, m.opt.Zone), Ago: count(q.Weeks, "week", "weeks"),
		})
	}
	if len(p.Give) > 0 {
		v.Shareable = shareable
		v.Give = &tableView{Heads: []string{"Under", "Your touches", "Could be", "Their acts", "Stories"}}
		for _, g := range p.Give {
			epic := clip(clean(g.Epic), 60)
			if epic == "" {
				epic = clip(clean(g.Scope), 120) + ", no epic"
			}
			stories := make([]string, len(g.Stories))
			for i, s := range g.Stories {
				stories[i] = clip(clean(s), 60)
			}
			v.Give.Rows = append(v.Give.Rows, []string{epic, strconv.Itoa(g.Touches), m.people.name(g.Person), strconv.Itoa(g.Theirs), strings.Join(stories, ", ")})
		}
	}
	v.Latest = m.evidence(p.Touched, shownEvidence)
	v.More = len(p.Touched) - len(v.Latest)
	return v
}

// pulled says where the story work came from.
func (m viewer) pulled(p *analysis.SelfPeriod) *tableView {
	if p.Story == 0 {
		return nil
	}
	t := &tableView{Heads: []string{"What", "Story touches", "Roadmap touches"}}
	for _, s := range p.Scopes {
		t.Rows = append(t.Rows, []string{"in " + clip(clean(s.Scope), 120), strconv.Itoa(s.Story), strconv.Itoa(s.Roadmap)})
	}
	for _, d := range p.Duties {
		t.Rows = append(t.Rows, []string{dutyWords(d.Name), strconv.Itoa(d.Touches), ""})
	}
	for _, c := range p.Callers[:min(5, len(p.Callers))] {
		t.Rows = append(t.Rows, []string{"for " + m.people.name(c.Person), strconv.Itoa(c.Touches), ""})
	}
	return t
}

// weekChart draws a bar a week: the forest above the ground, the trees' roots
// below. Nil where nothing was touched.
func weekChart(p *analysis.SelfPeriod) *figure {
	up, down := 0, 0
	for _, w := range p.Weeks {
		up, down = max(up, w.Roadmap), max(down, w.Story)
	}
	if up+down == 0 || len(p.Weeks) < 2 {
		return nil
	}
	const left, right, top, bottom = 6.0, 354.0, 36.0, 172.0
	scale := (bottom - top) / float64(up+down)
	ground := top + float64(up)*scale
	pic := &scene.Scene{Width: chartWidth, Height: 204, Title: "Week by week: roadmap above the line, stories below"}
	pic.Bold(scene.First, scene.Start, scene.Point{X: left, Y: 12}, 11, "↑ roadmap")
	pic.Bold(scene.Second, scene.Start, scene.Point{X: left + 80, Y: 12}, 11, "↓ stories")
	each := (right - left) / float64(len(p.Weeks))
	bar := min(each*.55, 24)
	f := &figure{scene: pic, note: touchMeaning, heads: []string{"Week of", "Roadmap", "Stories"}}
	for i, w := range p.Weeks {
		x := left + each*(float64(i)+.5)
		f.rows = append(f.rows, []string{w.Start.Format("2 Jan"), strconv.Itoa(w.Roadmap), strconv.Itoa(w.Story)})
		rise, fall := float64(w.Roadmap)*scale, float64(w.Story)*scale
		// Bars are strokes as wide as they are.
		if w.Roadmap > 0 {
			pic.Line(scene.Stroke{Ink: scene.First, Width: bar}, scene.Point{X: x, Y: ground}, scene.Point{X: x, Y: ground - rise})
			pic.Text(scene.Word, scene.Middle, scene.Point{X: x, Y: ground - rise - 4}, 10, strconv.Itoa(w.Roadmap))
		}
		if w.Story > 0 {
			pic.Line(scene.Stroke{Ink: scene.Second, Width: bar}, scene.Point{X: x, Y: ground}, scene.Point{X: x, Y: ground + fall})
			pic.Text(scene.Word, scene.Middle, scene.Point{X: x, Y: ground + fall + 11}, 10, strconv.Itoa(w.Story))
		}
		if i%max(1, len(p.Weeks)/4) == 0 {
			pic.Text(scene.Faint, scene.Middle, scene.Point{X: x, Y: 200}, 10, w.Start.Format("2 Jan"))
		}
	}
	pic.Line(scene.Stroke{Ink: scene.Faint, Width: 1}, scene.Point{X: left, Y: ground}, scene.Point{X: right, Y: ground})
	pic.Desc = sentenceOf(f.rows, "Week of %s: %s roadmap, %s stories")
	return f
}
