package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gouji/gouji/engine"
	"github.com/gouji/gouji/engine/report"
)

// Progress is shown of work that takes longer than progressAfter, and not more often than every progressEvery.
const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// progress tells on a terminal how far long work is, in one line that it wipes away at the end.
type progress struct {
	app         *app
	mu          sync.Mutex
	start, next time.Time
	// width is that of the line that is shown.
	width int
}

// progress is nil where nobody watches: away from terminals, and where CI keeps what they show.
func (a *app) progress() *progress {
	if !isTerminal(a.stderr) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	now := time.Now()
	return &progress{app: a, start: now, next: now.Add(progressAfter)}
}

// show tells how far the work is: how many datasets were read, how many a second, and how much time is left.
func (p *progress) show(now engine.Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := time.Now()
	if at.Before(p.next) || now.Datasets < 2 {
		return
	}
	p.next = at.Add(progressEvery)
	passed := at.Sub(p.start)
	rate := float64(now.Datasets) / passed.Seconds()
	line := p.app.sayf(textProgress, now.Datasets, rate)
	if share := now.Done / max(now.Total, 1); share > 0 && share < 1 {
		left := time.Duration(float64(passed) * (1 - share) / share)
		line += p.app.sayf(textProgressLeft, int(100*share), left.Round(time.Second))
	}
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
