package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gouji/gouji/engine/report"
)

// Progress is shown of work that takes longer than progressAfter, and not more often than every progressEvery.
const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// progress tells on a terminal how far long work is, in one line that it wipes away at the end.
type progress struct {
	app  *app
	mu   sync.Mutex
	next time.Time
	// width is that of the line that is shown.
	width int
}

// progress is nil where nobody watches: away from terminals, and where CI keeps what they show.
func (a *app) progress() *progress {
	if !isTerminal(a.stderr) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	return &progress{app: a, next: time.Now().Add(progressAfter)}
}

// show tells that n of total files are done.
func (p *progress) show(n, total int) {
	if p == nil || total < 2 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Before(p.next) || n == total {
		return
	}
	p.next = now.Add(progressEvery)
	line := p.app.sayf(textProgress, n, total)
	gap := max(p.width-report.Measure(line), 0)
	p.width = report.Measure(line)
	fmt.Fprintf(p.app.stderr, "\r%s%s", line, strings.Repeat(" ", gap))
}

// done wipes the line away. Nothing is shown afterwards.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.width > 0 {
		fmt.Fprintf(p.app.stderr, "\r%s\r", strings.Repeat(" ", p.width))
	}
	p.next, p.width = time.Now().Add(24*365*time.Hour), 0
}
