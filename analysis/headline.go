package analysis

import (
	"strings"

	"defacto/backlog"
)

// headline says in a sentence or two who runs the scope.
func (in *Input) headline() string {
	holders, shape := Roles.Result(in), Structure.Result(in)
	po, pm := holders[backlog.ProductOwner], holders[backlog.ProductManager]
	title := in.title()
	switch shape.Structure {
	case "insufficient":
		return sentence("Too little is recorded in %s to say who owns it: %s.", title, po.Why)
	case "delegated":
		return sentence("%s took over the owner's work in %s from %s in the week of %s; %s kept the roadmap.", in.name(shape.To), title, in.name(shape.From), dayOf(shape.Since), in.name(shape.From))
	case "dual":
		return sentence("%s is recorded in both roles in %s: product owner (%s) and product manager (%s).", in.name(po.Person), title, percent(po.Scores[0].Value), percent(pm.Scores[0].Value))
	}
	line := []string{in.says(po, title)}
	if s := in.says(pm, ""); s != "" {
		line = append(line, s)
	}
	if stated := Compare.Result(in); stated[backlog.ProductOwner].Outcome == "differs" {
		line = append(line, sentence("Declared owner: %s.", in.names(stated[backlog.ProductOwner].People)))
	}
	return strings.Join(line, " ")
}

// says is one role's sentence; title is named in the first one.
func (in *Input) says(h *Holder, title string) string {
	where := ""
	if title != "" {
		where = " in " + title
	}
	work := "the " + h.Role.Title() + "'s work"
	switch h.Verdict {
	case "single":
		return sentence("%s is recorded doing %s of %s%s (%s).", in.name(h.Person), most(h.Scores[0].Value), work, where, percent(h.Scores[0].Value))
	case "leaning":
		return sentence("%s%s leans to %s (%s), without a clear lead.", upper(work), where, in.name(h.Person), percent(h.Scores[0].Value))
	case "contested":
		if h.Proxy {
			return sentence("%s and %s split %s%s: one faces the team, the other decides.", in.name(h.Pair[0]), in.name(h.Pair[1]), work, where)
		}
		return sentence("%s and %s share %s%s (%s and %s).", in.name(h.Pair[0]), in.name(h.Pair[1]), work, where, percent(h.Scores[0].Value), percent(h.Scores[1].Value))
	case "committee":
		return sentence("%.0f people share %s%s.", h.effective(), work, where)
	case "vacant":
		return sentence("Nobody is recorded for %s of %s%s.", percent(h.Nobody), work, where)
	}
	return sentence("About %s nothing can be said: %s.", work, h.Why)
}

// most says what a share is: most is more than half.
func most(share float64) string {
	if share >= .5 {
		return "most"
	}
	return "the largest part"
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
