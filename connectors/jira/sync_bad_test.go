package jira_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/jira/jiratest"
)

// edited adds an entry to an issue's history, now by the server's clock.
func (r *rig) edited(which backlog.Issue) {
	r.srv.Edit(which.ID, func(iss *backlog.Issue) {
		now := iss.Updated
		jiratest.AddHistory(iss, which.Creator, 0)
		iss.Updated = now
	})
}

func TestRenamedProject(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		r.srv.Rename("PAY", "PAYMENTS") // the configuration still says PAY
		sum := r.sync()
		r.whole()
		if rows := r.rows("SELECT count(*) FROM v_issues WHERE scope = 'acme/PAYMENTS' AND key LIKE 'PAYMENTS-%' AND coalesce(deleted, '') = ''"); rows[0][0] != "45" {
			r.t.Errorf("%s issues are in the renamed project", rows[0][0])
		}
		if !sum.Run.Complete || sum.Saved.NewIssues != 0 {
			r.t.Errorf("%+v, gaps %+v", sum.Saved, sum.Gaps)
		}
		r.srv.Advance(time.Hour)
		if sum := r.sync(); sum.Saved.UpdatedIssues != 0 || sum.Saved.Issues > 45 {
			r.t.Errorf("the run after brought %+v", sum.Saved)
		}
	})
}

func TestArchivedProjectIsNotGone(t *testing.T) {
	for _, all := range []bool{false, true} {
		t.Run(fmt.Sprintf("every project %v", all), func(t *testing.T) {
			flavours(t, small(), jiratest.Options{}, func(r *rig) {
				if all {
					r.opt.Projects = nil
				}
				r.sync()
				r.srv.Advance(time.Hour)
				r.srv.Archive("PAY")
				sum := r.sync()
				if len(sum.Gaps) != 1 || !strings.Contains(sum.Gaps[0].Why, "archived") {
					r.t.Errorf("gaps %+v", sum.Gaps)
				}
				if n := len(r.stored("coalesce(deleted, '') = ''")); n != 90 {
					r.t.Errorf("%d issues are left", n)
				}
				r.srv.Advance(time.Hour)
				if sum := r.sync(); !sum.Run.Complete {
					r.t.Errorf("it is said again: %+v", sum.Gaps)
				}
			})
		})
	}
}

func TestBrokenIndexDeletesNothing(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		for _, iss := range world.Issues[10:40] {
			r.srv.Lose(iss.ID, true)
		}
		sum := r.sync()
		if n := len(r.stored("deleted <> ''")); n != 0 {
			r.t.Errorf("%d issues count as gone", n)
		}
		if dataCenter := r.srv.Encoder.Flavour == jiratest.Server; dataCenter && (len(sum.Gaps) != 1 || sum.Gaps[0].Missing != 30) {
			r.t.Errorf("gaps %+v", sum.Gaps)
		}
	})
}

func TestIssueSecurityHidesOrDeletes(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		r.srv.Hide(world.Issues[6].ID, true)
		r.srv.Break("securitylevel", 0, 9, jiratest.Status(200, `{"levels":[{"id":"1","name":"Internal"}]}`))
		r.sync()
		if n := len(r.stored("deleted = 'gone'")); n != 1 {
			r.t.Errorf("%d issues are marked as gone, deleted or hidden", n)
		}
	})
}

func TestStrangersOnTheWay(t *testing.T) {
	for name, fault := range map[string]jiratest.Fault{
		"a proxy that takes the token away": jiratest.Status(200, `{"issues":[],"total":0}`, "X-AUSERNAME", "anonymous"),
		"a captcha":                         jiratest.Status(403, `{}`, "X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),
		"401":                               jiratest.Refuse(401, "Client must be authenticated to access this resource."),
		"a scope that is missing":           jiratest.Refuse(401, "Unauthorized; scope does not match"),
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, small(), jiratest.Options{}, func(r *rig) {
				r.sync()
				r.srv.Advance(time.Hour)
				r.asked()
				r.srv.Break("/search", 0, 99, fault)
				_, err := r.try(false)
				var refused *connectors.AuthError
				if !errors.As(err, &refused) || refused.Next == "" {
					r.t.Fatalf("got %v", err)
				}
				if strings.Contains(name, "scope") != strings.Contains(refused.Next, "scopes") {
					r.t.Errorf("the next step is %q", refused.Next)
				}
				searches := 0
				for path, n := range r.asked() {
					if strings.Contains(path, "search") {
						searches += n
					}
				}
				if searches != 1 {
					r.t.Errorf("%d searches were sent", searches)
				}
			})
		})
	}
}

func TestNoRightToUseJira(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.srv.Break("myself", 0, 9, jiratest.Page(403, "Forbidden"))
		_, err := r.try(false)
		var refused *connectors.AuthError
		if !errors.As(err, &refused) || !strings.Contains(refused.Next, "allowlist") {
			r.t.Fatalf("got %v", err)
		}
	})
}

func TestOddAnswersAreSurvived(t *testing.T) {
	for name, fault := range map[string]jiratest.Fault{
		"gzip that is none":    jiratest.Status(200, `{"issues":[]}`, "Content-Encoding", "gzip"),
		"a header of 2 MB":     jiratest.Status(200, `{"issues":[]}`, "X-Pad", strings.Repeat("x", 2<<20)),
		"nothing":              jiratest.Status(200, ""),
		"204":                  jiratest.Status(204, ""),
		"a text":               jiratest.Status(200, `"ok"`),
		"XML":                  jiratest.Status(200, `<?xml version="1.0"?><r/>`, "Content-Type", "application/xml"),
		"503 with Retry-After": jiratest.Status(503, "busy", "Retry-After", "30"),
		"a limit used up":      jiratest.Status(429, "{}", "X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "60"),
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, jiratest.World(jiratest.Size{Issues: 12, Histories: 1}), jiratest.Options{}, func(r *rig) {
				r.srv.Break("/search", 0, 2, fault)
				sum := r.sync()
				r.whole()
				if !sum.Run.Complete {
					r.t.Errorf("gaps %+v", sum.Gaps)
				}
			})
		})
	}
}

// TestLimitsAreNeverUndercut looks when the next request of any kind comes.
func TestLimitsAreNeverUndercut(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		var refused, back time.Time
		r.srv.Break("/search", 1, 1, func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			refused = r.srv.Now()
			jiratest.TooMany("90")(w, req, next)
		})
		r.srv.Break("", 0, 1000, func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			if !refused.IsZero() && back.IsZero() {
				back = r.srv.Now()
			}
			next.ServeHTTP(w, req)
		})
		r.sync()
		r.whole()
		if waited := back.Sub(refused); waited < 90*time.Second {
			r.t.Errorf("it waited %s", waited)
		}
	})
}

func TestRedirects(t *testing.T) {
	elsewhere := ""
	other := jiratest.New(jiratest.Cloud, small(), jiratest.Options{})
	defer other.Close()
	for name, to := range map[string]string{
		"another host":            "https://sso.example/login",
		"another port":            other.URL + "/rest/api/2/search",
		"the same host over tls":  "https://HOST/rest/api/2/search",
		"a path on the same host": "/login.jsp",
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, small(), jiratest.Options{}, func(r *rig) {
				elsewhere = strings.ReplaceAll(to, "HOST", strings.TrimPrefix(r.srv.URL, "http://"))
				r.srv.Break("/search", 0, 9, jiratest.Status(302, "", "Location", elsewhere))
				_, err := r.try(false)
				var redirect *connectors.RedirectError
				if !errors.As(err, &redirect) {
					r.t.Errorf("got %v", err)
				}
				if n := len(other.Requests()); n != 0 {
					r.t.Errorf("%d requests followed to another host", n)
				}
			})
		})
	}
}

func TestReservedWordsAsProjectKeys(t *testing.T) {
	world := jiratest.World(jiratest.Size{Projects: []string{"AS", "OR", "NOT", "EMPTY"}, Issues: 6, Histories: 1})
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.whole()
		r.srv.Advance(2 * time.Hour)
		r.srv.Edit(world.Issues[8].ID, func(iss *backlog.Issue) { jiratest.AddHistory(iss, world.Accounts[0].ID, 0) })
		r.sync()
		r.whole()
	})
}

func TestClocksThatDisagree(t *testing.T) {
	world := small()
	for _, skew := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			flavours(t, world, jiratest.Options{Zone: "America/Los_Angeles"}, func(r *rig) {
				r.opt.Now = func() time.Time { return r.srv.Now().Add(skew) }
				r.sync()
				for range 3 {
					r.srv.Advance(30 * time.Minute)
					r.edited(world.Issues[17])
					r.srv.Advance(30 * time.Minute)
					if sum := r.sync(); sum.Saved.NewChanges != 1 {
						r.t.Errorf("an edit brought %+v", sum.Saved)
					}
				}
				r.whole()
			})
		})
	}
}

// TestClocksThatChange edits an issue every twenty minutes through the nights in
// which the zone of the profile changes its clocks, and syncs as often.
func TestClocksThatChange(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 12, Histories: 1})
	for name, night := range map[string]time.Time{
		"spring": time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC),
		"autumn": time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, jiratest.Cloud, world, jiratest.Options{Zone: "Europe/Berlin", Now: night})
			r.sync()
			for i := range 16 {
				r.edited(world.Issues[i%12])
				r.srv.Advance(20 * time.Minute)
				if sum := r.sync(); sum.Saved.NewChanges != 1 {
					r.t.Errorf("%s: an edit brought %+v", r.srv.Now(), sum.Saved)
				}
			}
			r.whole()
		})
	}
}

func TestCommentsEditedAndDeleted(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(2 * time.Hour)
		id := world.Issues[17].ID
		r.srv.Edit(id, func(iss *backlog.Issue) {
			said := append([]backlog.Comment{}, iss.Comments...)
			said[0].Body.Prose, said[0].Edited = "What I meant is something else.", iss.Updated
			iss.Comments = said[:1] // and the second is deleted
		})
		sum := r.sync()
		want := [][]string{{"What I meant is something else."}, {world.Issues[17].Comments[1].Body.Prose}}
		if diff := cmp.Diff(want, r.rows("SELECT body FROM v_comments WHERE issue_key = 'PAY-18' ORDER BY at")); diff != "" {
			r.t.Errorf("what was said stays, as it was said last (-want +got):\n%s", diff)
		}
		if !sum.Run.Complete {
			r.t.Errorf("gaps %+v", sum.Gaps)
		}
	})
}

// TestExpiredUnnoticed is a large project's quiet day to a server that takes the
// caller for a stranger: the mark must not move.
func TestExpiredUnnoticed(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.opt.CensusUpTo, r.opt.Projects = 1, []string{"PAY"}
		r.sync()
		r.srv.Advance(2 * time.Hour)
		r.edited(world.Issues[17])
		r.srv.Break("api/2/search", 0, 1, jiratest.Status(200, `{"issues":[],"total":0}`))
		r.srv.Break("myself", 1, 1, jiratest.Refuse(401, "Client must be authenticated to access this resource."))
		_, err := r.try(false)
		var refused *connectors.AuthError
		if !errors.As(err, &refused) {
			r.t.Fatalf("got %v", err)
		}
		r.srv.Advance(time.Hour)
		if sum := r.sync(); sum.Saved.NewChanges != 1 {
			r.t.Errorf("with a new token: %+v", sum.Saved)
		}
	})
}

func TestNotAJira(t *testing.T) {
	for name, tc := range map[string]struct {
		fault jiratest.Fault
		want  string
	}{
		"a web server":        {jiratest.Page(404, "Not Found"), "context path"},
		"another application": {jiratest.Status(200, `{"name":"Confluence"}`), "not as a Jira"},
		"a login page":        {jiratest.Page(200, "Log in"), "not JSON but text/html"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, jiratest.Server, small(), jiratest.Options{})
			r.srv.Break("serverInfo", 0, 9, tc.fault)
			if _, err := r.try(false); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
