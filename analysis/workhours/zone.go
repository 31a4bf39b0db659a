package workhours

import (
	"fmt"
	"math"
	"time"
)

// Guess is a time zone guessed from when somebody is active.
type Guess struct {
	Offset     time.Duration // from UTC, whole hours from −11 to +12; of the season the activity is from
	Confidence float64       // that the offset is right within an hour, 0 … 1
}

// Location is the guess as a zone without daylight saving time, named like "UTC+2".
func (g Guess) Location() *time.Location {
	return time.FixedZone(fmt.Sprintf("UTC%+d", int(g.Offset.Hours())), int(g.Offset.Seconds()))
}

// Sparse traces come in bursts: acts count as one in four, and no more than
// this many speak for a person.
const (
	actsPerWitness = 4
	mostWitnesses  = 60
)

// GuessZone finds the offset from UTC at which somebody's acts, counted by hour of
// the day in UTC on working days, look most like a day at work: little by night,
// the most from nine to five. That is the quietest eight hours put at night, with
// the edges of the day to settle what a long quiet stretch leaves open. The
// confidence is the share of the likelihood within an hour of the best offset; a
// person who works at night is guessed wrong with confidence, so a zone from a
// profile or a team always goes first. Without acts the confidence is 0. (4)
func GuessZone(acts [24]int) Guess {
	total := 0
	for _, n := range acts {
		total += max(0, n)
	}
	if total == 0 {
		return Guess{}
	}
	day := officeDay()
	witnesses := min(float64(total)/actsPerWitness, mostWitnesses)
	var fit [24]float64
	best := 0
	for shift := range fit {
		for hour, n := range acts {
			fit[shift] += float64(max(0, n)) * math.Log(day[(hour+shift)%24])
		}
		fit[shift] *= witnesses / float64(total)
		if fit[shift] > fit[best] {
			best = shift
		}
	}
	all := 0.0
	for shift := range fit {
		fit[shift] = math.Exp(fit[shift] - fit[best])
		all += fit[shift]
	}
	near := fit[(best+23)%24] + fit[best] + fit[(best+1)%24]
	offset := best
	if offset > 12 {
		offset -= 24
	}
	return Guess{Offset: time.Duration(offset) * time.Hour, Confidence: near / all}
}

// officeDay is how likely an act is in each local hour: a rough shape, wide
// enough for early and late risers.
func officeDay() [24]float64 {
	day := [24]float64{.4, .3, .2, .2, .2, .3, .8, 2.5, 6.5, 10, 11, 11, 8.5, 9, 10.5, 10.5, 10, 7.5, 4, 2.2, 1.6, 1.4, 1, .6}
	sum := 0.0
	for _, v := range day {
		sum += v
	}
	for i := range day {
		day[i] /= sum
	}
	return day
}
