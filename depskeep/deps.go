// Package depskeep pins modules until their users stand; removed before the first release.
package depskeep

import (
	_ "github.com/emersion/go-smtp"
	_ "github.com/parquet-go/parquet-go"
	_ "github.com/spf13/cobra/doc"
	_ "github.com/wneessen/go-mail"
)
