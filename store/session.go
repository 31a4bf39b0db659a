package store

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"sync"
	"weak"

	"defacto/backlog"
	"defacto/store/fastscan"
)

var errClosed = errors.New("the site was not read from this store, or the store is closed")

// session is what stands behind a Site: read connections that all see the store
// as it was when the Site was read, however it is written to meanwhile, and what
// turns stored ids into the Site's.
type session struct {
	idle   chan *fastscan.Conn
	done   chan struct{}
	mu     sync.Mutex
	closed bool

	persons   []backlog.PersonID // by account id
	sources   []int32            // index into Site.Sources by source id
	refs      []int64            // issue number by issue_ref id
	epics     map[int64]struct{} // issues some story named as its epic
	mentioned []backlog.PersonID // by mention id
	gone      map[int64]string   // issues a census no longer found, with the state
	scopeKeys map[scopeKey]int32 // scope number by source and key

	planning sync.Mutex
	planned  map[int64]struct{} // issues on the roadmap; nil: not read yet
}

type scopeKey struct {
	source int64
	key    string
}

// openSession opens the connections and lets each begin to read the same state.
func (s *Store) openSession() (*session, error) {
	n := min(max(runtime.GOMAXPROCS(0), 2), 8)
	for range 100 {
		ses := &session{idle: make(chan *fastscan.Conn, n), done: make(chan struct{})}
		same, err := ses.begin(s, n)
		if err != nil {
			ses.close()
			return nil, err
		}
		if same {
			return ses, nil
		}
		ses.close() // somebody wrote in between
	}
	return nil, errors.New("the store is written to too fast to be read; try again")
}

// begin reports whether all connections see the same generation of the store.
func (ses *session) begin(s *Store, n int) (same bool, err error) {
	generation := int64(-1)
	for range n {
		c, err := fastscan.Open(s.path, busyTimeout, s.immutable)
		if err != nil {
			return false, err
		}
		ses.idle <- c
		if err := c.Exec(`BEGIN`); err != nil {
			return false, err
		}
		// A deferred transaction sees the state of its first read.
		st, err := c.Prepare(`SELECT value FROM meta WHERE key = 'generation'`)
		if err != nil {
			return false, err
		}
		if _, err := st.Step(); err != nil {
			return false, err
		}
		g := st.Int(0)
		st.Close()
		if generation >= 0 && g != generation {
			return false, nil
		}
		generation = g
	}
	return true, nil
}

// borrow hands a connection out, waiting for one where all are in use; the
// caller gives it back.
func (ses *session) borrow(ctx context.Context) (*fastscan.Conn, error) {
	select {
	case c := <-ses.idle:
		return c, nil
	case <-ses.done:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (ses *session) giveBack(c *fastscan.Conn) {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	if ses.closed {
		c.Close()
		return
	}
	ses.idle <- c
}

// roadmap returns the numbers of all issues that are on the roadmap. The first call reads them.
func (ses *session) roadmap(ctx context.Context, c *fastscan.Conn) (map[int64]struct{}, error) {
	ses.planning.Lock()
	defer ses.planning.Unlock()
	if ses.planned != nil {
		return ses.planned, nil
	}
	planned := maps.Clone(ses.epics)
	if planned == nil {
		planned = map[int64]struct{}{}
	}
	err := scan(ctx, c, `SELECT no FROM issue INDEXED BY issue_roadmap WHERE level >= 1`, func(st *fastscan.Stmt) error {
		planned[st.Int(0)] = struct{}{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ses.planned = planned
	return planned, nil
}

// close frees the connections: those at rest now, those lent out when they return.
func (ses *session) close() {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	if ses.closed {
		return
	}
	ses.closed = true
	close(ses.done)
	for {
		select {
		case c := <-ses.idle:
			c.Close()
		default:
			return
		}
	}
}

// tie binds a session to its Site: when nobody holds the Site any more, its
// connections go, and with them the old state they keep alive in the WAL.
func (s *Store) tie(site *backlog.Site, ses *session) {
	p := weak.Make(site)
	s.viewing.Lock()
	s.sessions[p] = ses
	s.viewing.Unlock()
	runtime.AddCleanup(site, func(p weak.Pointer[backlog.Site]) {
		s.viewing.Lock()
		defer s.viewing.Unlock()
		if ses, ok := s.sessions[p]; ok {
			delete(s.sessions, p)
			ses.close()
		}
	}, p)
}

func (s *Store) sessionOf(site *backlog.Site) (*session, error) {
	s.viewing.Lock()
	defer s.viewing.Unlock()
	ses, ok := s.sessions[weak.Make(site)]
	if !ok {
		return nil, errClosed
	}
	return ses, nil
}
