# make demo     build scan and run all of it on a made-up exam with simulated scans
# make test     what must pass before a commit
# make lint     golangci-lint, built from source where it is not installed
# make bench    how fast the parts are (how well they read: scan bench)
# make accuracy rewrite the committed accuracy files; look at the diff before committing
# make weights  train the networks again; needs the data sets, see docs

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DATA ?= ../shared/data

.PHONY: demo build install install-browser test lint accuracy bench weights clean

demo: build
	bin/scan demo demo/

build: install
	go build -o bin/scan ./cmd/scan

install:
	@scripts/install.sh

# Chromium and Node, for the tests of the page editor and of the review page alone.
install-browser:
	@scripts/install-browser.sh

# The tests of web pages and of the report wait for a browser: they run when nothing else does.
test: install install-browser
	@test -z "$$(gofmt -l .)" || { gofmt -l . ; echo "run gofmt -w on these files" >&2; exit 1; }
	go vet ./...
	go test $$(go list ./... | grep -Ev 'internal/(editor|review|report)$$')
	SCAN_NEEDS_BROWSER=$$(command -v apt-get) go test -p 1 ./internal/editor ./internal/review ./internal/report
	@echo "make test: all packages passed"

# On two cores the first run compiles the linter for some minutes; later ones do not.
lint: install
	@if command -v golangci-lint >/dev/null; then golangci-lint run; else go run $(GOLANGCI_LINT) run; fi

accuracy: install
	go test ./cmd/scan -count=1 -run 'TestBlackBoxSets|TestPracticeExam' -update-accuracy
	go test ./internal/bench/sets -count=1 -run Golden -update
	git diff --stat -- fixtures/blackbox internal/bench/sets/testdata

bench: install
	go test -run '^$$' -bench . -benchmem ./...

# Both write the same bytes again where neither data nor code changed.
weights: install
	go run ./internal/train/marks -seed 1 -o detect/weights/marks.bin
	go run ./internal/train/signs -o detect/weights/signs.bin
	go run ./internal/train/digits -data $(DATA) -o ocr/weights/digits.bin

clean:
	rm -rf bin demo
