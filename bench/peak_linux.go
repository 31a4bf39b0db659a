package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// peak is the most memory a process that runs has had at once (VmHWM). Its
// rusage would not do: it begins with the memory of the process that started it.
func peak(pid int) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	amount, _, _ := bytes.Cut(after, []byte("kB"))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(amount)), 10, 64)
	if err != nil {
		return 0 // it has ended
	}
	return n << 10
}

// ownCPU is the processor time this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
