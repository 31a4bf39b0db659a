// Package statistics holds the arithmetic of the method: effective samples of
// clustered shares, Dirichlet posteriors and who of several is ahead, survival
// curves with competing answers, intervals, trends and change-points.
//
// Everything here is a pure function of its arguments: no clock, no random
// numbers, no package state. Values may be used by several goroutines as long
// as nobody changes them. Section numbers in comments are those of docs/method.md.
package statistics
