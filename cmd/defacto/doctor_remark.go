package main

// grade says how much a remark matters.
type grade string

const (
	fine    grade = "fine"
	note    grade = "note"    // nothing is wrong, but it is good to know
	warning grade = "warning" // it works, but something stays unseen
	problem grade = "problem" // it does not work
)

// remark is one thing that was looked at: what was found, and the next step.
type remark struct {
	grade             grade
	about, what, next string
}

type remarks []remark

func (l *remarks) add(g grade, about, what, next string) {
	*l = append(*l, remark{g, about, what, next})
}

func (l remarks) rows() [][]string {
	var rows [][]string
	for _, r := range l {
		rows = append(rows, []string{string(r.grade), r.about, r.what, r.next})
	}
	return rows
}

func (l remarks) count(g grade) int {
	n := 0
	for _, r := range l {
		if r.grade == g {
			n++
		}
	}
	return n
}
