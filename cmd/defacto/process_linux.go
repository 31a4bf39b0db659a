package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// process names this process so that others on the machine can tell whether it is
// still there: the boot, the namespace its number counts in, the number, and when it
// began, as numbers are used again. "" where the kernel does not say.
func process() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	began := begin("self")
	if began == "" {
		return ""
	}
	return strings.Join([]string{strings.TrimSpace(string(boot)), space, strconv.Itoa(os.Getpid()), began}, " ")
}

// gone reports whether a process is known to have ended. Of one on another
// machine, or in a container whose processes are not seen from here, nothing is
// known.
func gone(named string) bool {
	theirs, ours := strings.Fields(named), strings.Fields(process())
	if len(theirs) != 4 || len(ours) != 4 || theirs[0] != ours[0] || theirs[1] != ours[1] {
		return false
	}
	number, err := strconv.Atoi(theirs[2])
	if err != nil || number <= 0 {
		return false
	}
	if errors.Is(syscall.Kill(number, 0), syscall.ESRCH) {
		return true
	}
	now := begin(theirs[2])
	return now != "" && now != theirs[3] // the number is another's by now
}

// begin is when a process began, in the kernel's ticks, "" where it is not told.
func begin(of string) string {
	stat, err := os.ReadFile("/proc/" + of + "/stat")
	if err != nil {
		return ""
	}
	// The second field is a name in brackets that may hold anything.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const startTime = 22 - 3
	if len(fields) <= startTime {
		return ""
	}
	return fields[startTime]
}
