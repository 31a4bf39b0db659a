package store_test

import (
	"defacto/connectors"
	"defacto/store"
)

// The store is what connectors.Sync copies into, though neither imports the other.
var _ connectors.Sink = (*store.Store)(nil)
