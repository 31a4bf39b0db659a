package sample

// importOld brings an older tracker's issues in: created within minutes by one
// account, those that were done without any history.
func (t *team) importOld() {
	d := roll(t.seed, 7)
	at := t.imported + 8*hour
	by := t.cast.clerk
	for range d.between(60, 110) {
		s := t.number(story, at, by)
		s.title, s.topic = t.titles.story()
		s.text = t.words.body(s.hand, t.domain, s.title, true)
		s.reporter = pick(d, t.cast.developers)
		if d.chance(.6) {
			s.reporter = t.cast.owner
		}
		s.writer, s.ended = s.reporter, d.chance(.8)
		if !s.ended {
			t.ready = append(t.ready, s)
		}
		at += int64(d.between(0, 3))
	}
}
