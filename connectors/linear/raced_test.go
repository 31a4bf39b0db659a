//go:build race

package linear_test

const raced = true // the race detector is on
