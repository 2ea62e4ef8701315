package main

import (
	"os"

	"broadsheet/internal/cli"
)

func main() { os.Exit(cli.Main()) }
