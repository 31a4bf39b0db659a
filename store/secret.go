package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
)

// Secret returns a random text that belongs to this store alone and never
// changes: what pseudonyms are derived with. It is made when it is first asked
// for; a store opened to read that has none yet gives ErrReadOnly.
func (s *Store) Secret(ctx context.Context) (string, error) {
	secret, err := s.secret(ctx)
	if err != nil || secret != "" {
		return secret, err
	}
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		return w.exec(firm, `INSERT INTO meta (key, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING`, rand.Text())
	})
	if err != nil {
		return "", fmt.Errorf("make the store's secret: %w", err)
	}
	return s.secret(ctx)
}

func (s *Store) secret(ctx context.Context) (string, error) {
	var secret string
	err := s.views.QueryRowContext(ctx, `SELECT CAST(value AS TEXT) FROM meta WHERE key = 'secret'`).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the store's secret: %w", err)
	}
	return secret, nil
}
