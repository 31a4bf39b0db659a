//go:build !race

package linear_test

const raced = false // the race detector is off
