# Broadsheet needs Go, make and git. `make run` starts the site, `make test` checks all.
#
#   make run [LISTEN=127.0.0.1:8080] [DATA=data]

LISTEN ?= 127.0.0.1:8080
DATA   ?= data
PROGRAM = bin/broadsheet

# The program is plain Go: it needs no C compiler to build and runs anywhere.
build: export CGO_ENABLED = 0

.PHONY: help build run test quick fuzz clean

help:
	@echo 'make run     build, and serve on http://$(LISTEN) with everything kept in $(DATA)/'
	@echo 'make build   build $(PROGRAM)'
	@echo 'make test    install what the tests need where that is allowed, then run all checks'
	@echo 'make quick   the Go tests alone, without the race detector'
	@echo 'make fuzz    let every fuzz test look for new inputs, 10 s each (FUZZTIME=)'
	@echo 'make clean   remove what was built and what the tests installed here'
	@echo
	@echo 'LISTEN=ADDR and DATA=DIR choose where the site is served and kept.'

build:
	@scripts/check-go
	@mkdir -p bin
	@[ -x $(PROGRAM) ] || echo 'building $(PROGRAM): the first time, this compiles everything and takes a minute or two'
	@go build -trimpath -o $(PROGRAM) ./cmd/broadsheet

run: build
	@exec $(PROGRAM) serve --data '$(DATA)' --listen '$(LISTEN)'

test:
	@scripts/check-go
	@scripts/test

quick:
	go test ./...

FUZZTIME ?= 10s
fuzz:
	@scripts/fuzz $(FUZZTIME)

clean:
	rm -rf bin .test e2e/node_modules
