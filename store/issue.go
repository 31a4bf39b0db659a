package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"defacto/backlog"
)

// knownIssue is what the store has of an issue that arrives again.
type knownIssue struct {
	no               int64
	key              string
	updated          int64
	digest           int64
	history          backlog.History
	historyAt        int64
	promisedChanges  int
	promisedComments int
	commentsRead     bool
	lastAt           int64
}

var issueColumns = []string{
	"no", "source", "scope", "type", "status", "level", "history", "flags", "creator", "reporter", "assignee",
	"parent", "epic", "above", "created", "updated", "resolved", "due", "target_start", "target_end",
	"promised_changes", "promised_comments", "comments_read", "last_at", "ext", "key", "history_at", "digest",
	"priority", "resolution", "estimate", "rank", "flagged",
}

// greet stores an issue the store has never seen: nothing is looked up, all rows
// go into the writer's pending tables.
func (in *intake) greet(ctx context.Context, is *backlog.Issue) error {
	sc, err := in.scope(ctx, is.Scope)
	if err != nil {
		return err
	}
	k := &knownIssue{no: in.w.number(sc), promisedChanges: -1, promisedComments: -1}
	if in.history, err = in.changeRows(ctx, is, in.history[:0]); err != nil {
		return err
	}
	in.history = orderChanges(in.history)
	in.saved.Entries += entries(in.history)
	if in.talk, err = in.commentRows(ctx, is, in.talk[:0]); err != nil {
		return err
	}
	in.talk = orderComments(in.talk)
	k.learn(is)
	newest := unix(is.Updated)
	if n := len(in.history); n > 0 {
		newest = max(newest, in.history[n-1].at)
	}
	if n := len(in.talk); n > 0 {
		newest = max(newest, in.talk[n-1].at)
	}
	k.lastAt = newest
	row, err := in.issueRow(ctx, is, k)
	if err != nil {
		return err
	}
	if err := in.w.issues.add(ctx, row...); err != nil {
		return err
	}
	if err := in.sideRows(ctx, is, k.no); err != nil {
		return err
	}
	in.src.arrived(k.no, cmp.Or(is.ID, is.Key), is.Key, is.OldKeys)
	if err := in.addChanges(ctx, k.no, 0, in.history); err != nil {
		return err
	}
	if err := in.addComments(ctx, k.no, 0, in.talk); err != nil {
		return err
	}
	in.saved.NewIssues++
	in.saved.NewChanges += len(in.history)
	in.saved.NewComments += len(in.talk)
	return nil
}

// meet stores another copy of a known issue. A copy as new as the stored one, or
// newer, replaces the issue's own fields; changes and comments are joined.
func (in *intake) meet(ctx context.Context, is *backlog.Issue, k *knownIssue) error {
	newer := unix(is.Updated) >= k.updated
	news := false
	newChanges, last, err := in.mergeChanges(ctx, is, k.no, newer, &news)
	if err != nil {
		return err
	}
	k.lastAt = max(k.lastAt, last, unix(is.Updated))
	newComments, last, err := in.mergeComments(ctx, is, k.no, newer, &news)
	if err != nil {
		return err
	}
	k.lastAt = max(k.lastAt, last)
	in.saved.NewChanges += newChanges
	in.saved.NewComments += newComments
	k.learn(is)
	oldKeys := is.OldKeys
	if is.Key != k.key {
		if newer {
			oldKeys = append(slices.Clip(oldKeys), k.key)
		} else {
			oldKeys = append(slices.Clip(oldKeys), is.Key)
		}
	}
	if err := in.saveOldKeys(ctx, k.no, oldKeys); err != nil {
		return err
	}
	in.src.arrived(k.no, cmp.Or(is.ID, is.Key), "", oldKeys)
	if !newer || in.digest(is) == k.digest {
		if _, err := in.acquaint(ctx, is); err != nil { // it may name what the stored copy does not
			return err
		}
		if err := in.w.exec(ctx, `UPDATE issue SET updated = max(updated, ?1), history = ?2, history_at = ?3, promised_changes = ?4, promised_comments = ?5, comments_read = ?6, last_at = ?7
			WHERE no = ?8 AND (updated < ?1 OR history <> ?2 OR history_at <> ?3 OR promised_changes <> ?4 OR promised_comments <> ?5 OR comments_read <> ?6 OR last_at <> ?7)`,
			unix(is.Updated), int64(k.history), k.historyAt, k.promisedChanges, k.promisedComments, bit(k.commentsRead), k.lastAt, k.no); err != nil {
			return err
		}
		if news {
			in.saved.UpdatedIssues++
		}
		return nil
	}
	in.saved.UpdatedIssues++
	row, err := in.issueRow(ctx, is, k)
	if err != nil {
		return err
	}
	if err := in.w.exec(ctx, updateIssue, append(row[1:], k.no)...); err != nil {
		return err
	}
	for _, q := range forgetSides {
		if err := in.w.exec(ctx, q, k.no); err != nil {
			return err
		}
	}
	in.src.arrived(k.no, cmp.Or(is.ID, is.Key), is.Key, nil)
	return in.sideRows(ctx, is, k.no)
}

// updateIssue sets all columns but the first.
var updateIssue = "UPDATE issue SET " + strings.Join(issueColumns[1:], " = ?, ") + " = ? WHERE no = ?"

var forgetSides = []string{
	`DELETE FROM issue_text WHERE issue = ?`, `DELETE FROM issue_label WHERE issue = ?`, `DELETE FROM issue_component WHERE issue = ?`,
	`DELETE FROM issue_version WHERE issue = ?`, `DELETE FROM issue_sprint WHERE issue = ?`, `DELETE FROM issue_above WHERE issue = ?`,
	`DELETE FROM issue_span WHERE issue = ?`, `DELETE FROM link WHERE issue = ?`,
}

// learn joins what the copies of an issue say about how much of it was obtained.
// The newest copy that had a history speaks for the history; what was promised
// only grows, for nothing stored is ever deleted.
func (k *knownIssue) learn(is *backlog.Issue) {
	at := unix(is.Updated)
	if is.History != backlog.HistoryNone && (k.history == backlog.HistoryNone || at > k.historyAt || at == k.historyAt && is.History > k.history) {
		k.history, k.historyAt = is.History, at
	}
	k.promisedChanges = max(k.promisedChanges, is.PromisedChanges)
	k.promisedComments = max(k.promisedComments, is.PromisedComments)
	k.commentsRead = k.commentsRead || is.CommentsRead
}

func (in *intake) scope(ctx context.Context, key string) (*scope, error) {
	if sc, ok := in.src.scopes[key]; ok {
		return sc, nil
	}
	return in.w.saveScope(ctx, in.src, backlog.Scope{Key: key})
}

// company is what an issue refers to, by stored ids.
type company struct {
	scope, typ, status                     int64
	creator, reporter, assignee            int64
	parent, epic, priority, resolution, up int64
}

// acquaint stores what an issue refers to. It is done for every copy, also for
// one that is older than what is stored, so that arrival order does not matter.
func (in *intake) acquaint(ctx context.Context, is *backlog.Issue) (c company, err error) {
	w, src := in.w, in.src
	seen := unix(is.Updated)
	sc, err := in.scope(ctx, is.Scope)
	if err != nil {
		return c, fmt.Errorf("scope: %w", err)
	}
	c.scope = sc.id
	if c.typ, err = w.saveType(ctx, src, backlog.Type{ID: is.Type, Name: is.TypeName, Level: is.Level}, seen); err != nil {
		return c, fmt.Errorf("type: %w", err)
	}
	if c.status, err = w.saveStatus(ctx, src, backlog.Status{ID: is.Status, Name: is.StatusName, Category: is.Category}, seen); err != nil {
		return c, fmt.Errorf("status: %w", err)
	}
	if c.creator, err = w.actor(ctx, src, is.Creator, unix(is.Created)); err != nil {
		return c, fmt.Errorf("creator: %w", err)
	}
	if c.reporter, err = w.accountID(ctx, src, is.Reporter); err != nil {
		return c, fmt.Errorf("reporter: %w", err)
	}
	if c.assignee, err = w.accountID(ctx, src, is.Assignee); err != nil {
		return c, fmt.Errorf("assignee: %w", err)
	}
	parent, err := w.ref(ctx, src, is.Parent)
	if err != nil {
		return c, fmt.Errorf("parent: %w", err)
	}
	epic, err := w.ref(ctx, src, is.Epic)
	if err != nil {
		return c, fmt.Errorf("epic: %w", err)
	}
	src.markEpic(epic)
	c.parent, c.epic, c.up = parent.id, epic.id, epic.id
	if c.up == 0 && is.Level >= backlog.Story {
		c.up = parent.id
	}
	if c.priority, err = w.value(ctx, src, backlog.FieldPriority, "", is.Priority); err != nil {
		return c, fmt.Errorf("priority: %w", err)
	}
	if c.resolution, err = w.value(ctx, src, backlog.FieldResolution, "", is.Resolution); err != nil {
		return c, fmt.Errorf("resolution: %w", err)
	}
	widen(&src.firstAt, &src.lastAt, unix(is.Created))
	return c, nil
}

// issueRow returns the values of issueColumns.
func (in *intake) issueRow(ctx context.Context, is *backlog.Issue, k *knownIssue) ([]any, error) {
	c, err := in.acquaint(ctx, is)
	if err != nil {
		return nil, err
	}
	var estimate any
	if is.Estimate != nil {
		estimate = *is.Estimate
	}
	return []any{
		k.no, in.src.id, c.scope, c.typ, c.status, int64(is.Level), int64(k.history), int64(in.flags(is)), c.creator, c.reporter, c.assignee,
		c.parent, c.epic, c.up, unix(is.Created), unix(is.Updated), unix(is.Resolved), unix(is.Due), unix(is.TargetStart), unix(is.TargetEnd),
		k.promisedChanges, k.promisedComments, bit(k.commentsRead), k.lastAt, ident(cmp.Or(is.ID, is.Key)), is.Key, k.historyAt, in.digest(is),
		c.priority, c.resolution, estimate, is.Rank, bit(is.Flagged),
	}, nil
}

// flags computes what of an issue the analysis asks for as yes or no.
func (in *intake) flags(is *backlog.Issue) backlog.ItemFlags {
	f := in.textFlags(is.Title, is.Description, is.Criteria)
	set := func(on bool, flag backlog.ItemFlags) {
		if on {
			f |= flag
		}
	}
	for _, l := range is.Links {
		set(l.Kind == backlog.LinkClones, backlog.ItemCloned)
		set(l.Kind == backlog.LinkSplitFrom, backlog.ItemSplit)
		set(l.Kind == backlog.LinkMarket, backlog.ItemMarket)
	}
	set(is.Machine, backlog.ItemMachine)
	set(is.Imported, backlog.ItemImported)
	set(len(is.Versions) > 0, backlog.ItemVersioned)
	return f
}

// textFlags are the flags that rest on the lexicon.
func (in *intake) textFlags(title string, description, criteria backlog.Text) (f backlog.ItemFlags) {
	if in.lexicon.HasCriteria(description) || !criteria.Empty() {
		f |= backlog.ItemHasCriteria
	}
	if in.lexicon.IsStory(title, description) {
		f |= backlog.ItemAsA
	}
	if !description.Empty() {
		f |= backlog.ItemDescribed
	}
	return f
}

// sideRows adds the rows of all tables that hang on an issue.
func (in *intake) sideRows(ctx context.Context, is *backlog.Issue, no int64) error {
	w, src := in.w, in.src
	if err := in.textRow(ctx, is, no); err != nil {
		return err
	}
	if err := in.saveOldKeys(ctx, no, is.OldKeys); err != nil {
		return err
	}
	for _, l := range unique(is.Labels) {
		id, err := w.value(ctx, src, backlog.FieldLabels, "", l)
		if err != nil {
			return err
		}
		if err := w.labels.add(ctx, no, id); err != nil {
			return err
		}
	}
	for _, c := range unique(is.Components) {
		id, err := w.value(ctx, src, backlog.FieldComponent, "", c)
		if err != nil {
			return err
		}
		if err := w.components.add(ctx, no, id); err != nil {
			return err
		}
	}
	for _, v := range unique(is.Versions) {
		id, err := w.versionID(ctx, src, v)
		if err != nil {
			return err
		}
		if err := w.versions.add(ctx, no, id); err != nil {
			return err
		}
	}
	for pos, v := range unique(is.Sprints) {
		id, err := w.sprintID(ctx, src, v)
		if err != nil {
			return err
		}
		if err := w.sprints.add(ctx, no, pos, id); err != nil {
			return err
		}
	}
	for pos, to := range is.Roadmaps {
		r, err := w.ref(ctx, src, to)
		if err != nil {
			return err
		}
		if err := w.aboves.add(ctx, no, pos, r.id); err != nil {
			return err
		}
	}
	for _, key := range unique(is.Teams) {
		if err := w.spans.add(ctx, no, key); err != nil {
			return err
		}
	}
	for pos, l := range is.Links {
		if err := w.links.add(ctx, no, pos, int64(l.Kind), l.Name, l.Other.ID, l.Other.Key); err != nil {
			return err
		}
	}
	return nil
}

// versionID and sprintID make room for ones no list has named yet.
func (w *writer) versionID(ctx context.Context, src *source, ext string) (int64, error) {
	if v, ok := src.versions[ext]; ok {
		return v.id, nil
	}
	return w.saveVersion(ctx, src, backlog.Version{ID: ext})
}

func (w *writer) sprintID(ctx context.Context, src *source, ext string) (int64, error) {
	if sp, ok := src.sprints[ext]; ok {
		return sp.id, nil
	}
	return w.saveSprint(ctx, src, backlog.Sprint{ID: ext})
}

func (in *intake) saveOldKeys(ctx context.Context, no int64, keys []string) error {
	for _, key := range keys {
		if key == "" {
			continue
		}
		if err := in.w.oldKeys.add(ctx, in.src.id, key, no); err != nil {
			return err
		}
	}
	return nil
}

// textMore is what is stored beside a text's prose, so that nothing is lost.
type textMore struct {
	Mentions []string `json:"mentions,omitempty"`
	Code     []string `json:"code,omitempty"`
	Quotes   []string `json:"quotes,omitempty"`
	Links    []string `json:"links,omitempty"`
}

// apart returns a text's prose and the JSON of the rest, each nil where there is
// none or, but for mentions, where texts are not kept.
func apart(t backlog.Text, mentions, keepText bool) (prose, more any, err error) {
	var m textMore
	if mentions {
		m.Mentions = t.Mentions
	}
	if keepText {
		m.Code, m.Quotes, m.Links = t.Code, t.Quotes, t.Links
		if t.Prose != "" {
			prose = t.Prose
		}
	}
	if len(m.Mentions)+len(m.Code)+len(m.Quotes)+len(m.Links) == 0 {
		return prose, nil, nil
	}
	b, err := json.Marshal(m)
	return prose, string(b), err
}

func (in *intake) textRow(ctx context.Context, is *backlog.Issue, no int64) error {
	prose, more, err := apart(is.Description, true, in.keepText && !in.unsaid.description)
	if err != nil {
		return err
	}
	criteria, criteriaMore, err := apart(is.Criteria, true, in.keepText && !in.unsaid.criteria)
	if err != nil {
		return err
	}
	title := is.Title
	if in.unsaid.title {
		title = ""
	}
	return in.w.texts.add(ctx, no, title, utf8.RuneCountInString(is.Description.Prose), prose, more, criteria, criteriaMore)
}

// unique drops blanks and repeats, keeping the order.
func unique(list []string) []string {
	if len(list) < 2 {
		if len(list) == 1 && list[0] == "" {
			return nil
		}
		return list
	}
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// digest stands for a copy's own fields, so that the same copy is recognised
// without comparing every column.
func (in *intake) digest(is *backlog.Issue) int64 {
	b := in.scratch[:0]
	text := func(list ...string) {
		for _, s := range list {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	texts := func(list []string) {
		b = binary.AppendUvarint(b, uint64(len(list)))
		text(list...)
	}
	number := func(list ...int64) {
		for _, n := range list {
			b = binary.AppendVarint(b, n)
		}
	}
	moment := func(list ...time.Time) {
		for _, t := range list {
			number(unix(t))
		}
	}
	prose := func(t backlog.Text) {
		text(t.Prose)
		texts(t.Mentions)
		texts(t.Code)
		texts(t.Quotes)
		texts(t.Links)
	}
	refs := func(list ...backlog.Ref) {
		number(int64(len(list)))
		for _, r := range list {
			text(r.ID, r.Key)
		}
	}
	text(is.ID, is.Key, is.Scope, is.Type, is.TypeName, is.Title, is.Status, is.StatusName, is.Resolution, is.Priority, is.Creator, is.Reporter, is.Assignee, is.Rank)
	number(int64(is.Level), int64(is.Category), bit(is.Flagged), bit(is.Machine), bit(is.Imported), bit(in.keepText))
	moment(is.Created, is.Resolved, is.Due, is.TargetStart, is.TargetEnd)
	prose(is.Description)
	prose(is.Criteria)
	refs(is.Parent, is.Epic)
	refs(is.Roadmaps...)
	for _, list := range [][]string{is.OldKeys, is.Teams, is.Labels, is.Components, is.Versions, is.Sprints} {
		texts(list)
	}
	number(int64(len(is.Links)))
	for _, l := range is.Links {
		number(int64(l.Kind))
		text(l.Name, l.Other.ID, l.Other.Key)
	}
	if is.Estimate != nil {
		text(fmt.Sprint(*is.Estimate))
	}
	in.scratch = b
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}
