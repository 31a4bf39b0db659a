package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// TestSmallDisk fills a real file system, of four megabytes, and then takes the right to
// write to it away.
func TestSmallDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	defer func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) }() // else its folder could not be removed
	path := filepath.Join(disk, "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}})
	before := dump(t, s)
	big := story(2, day(6))
	big.Comments[0].Body.Prose = strings.Repeat("word ", 1_000_000)
	batch := backlog.Batch{Issues: []backlog.Issue{story(3, day(6)), big}}
	if _, err := s.Save(t.Context(), "acme", batch); !IsFull(err) {
		t.Fatalf("saving on a full disk: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(disk, "b.db")); !IsFull(err) && err != nil {
		t.Errorf("a backup on a full disk: %v", err)
	}
	out := filepath.Join(disk, "out")
	filler := filepath.Join(disk, "filler")
	_ = os.WriteFile(filler, make([]byte, 5<<20), 0o600) // fails where the disk ends, as it shall
	if _, err := s.Export(t.Context(), ExportOptions{Dir: out, Format: Parquet, Views: []string{"v_issues"}}); !IsFull(err) {
		t.Errorf("an export on a full disk: %v", err)
	}
	for _, left := range []string{out, out + ".part"} {
		if _, err := os.Stat(left); err == nil {
			t.Errorf("%s is left", left)
		}
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	sound(t, s)
	if err := syscall.Mount("none", disk, "", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	save(t, s, "acme", batch)
	sound(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	if err := syscall.Mount("none", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{Now: now}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("to write where nobody may: %v", err)
	}
	if n := len(snapshot(t, open(t, path, Options{ReadOnly: true}), "acme/PAY", Query{}).Items); n != 3 {
		t.Errorf("%d issues where nobody may write", n)
	}
}
