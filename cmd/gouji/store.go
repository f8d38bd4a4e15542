package main

import (
	"context"
	"encoding/json"

	"github.com/gouji/gouji/engine/store"
)

// stored are the options of a check that bear on its results, as stores keep them.
type stored struct {
	Rules    string   `json:"rules,omitempty"`
	Only     []string `json:"only,omitempty"`
	Skip     []string `json:"skip,omitempty"`
	Entity   string   `json:"entity,omitempty"`
	Period   string   `json:"period,omitempty"`
	Since    string   `json:"since,omitempty"`
	Accepted []string `json:"accepted,omitempty"`
	Baseline string   `json:"baseline,omitempty"`
	AsOf     string   `json:"as_of,omitempty"`
	All      bool     `json:"all,omitempty"`
	Strict   bool     `json:"strict,omitempty"`
	Join     bool     `json:"join,omitempty"`
}

// store begins to store what a check finds. The target is opened at once, so that what cannot be written is told before
// the work.
func (a *app) store(ctx context.Context, out output, o *checkFlags) (*feed, error) {
	options, err := json.Marshal(stored{
		o.rules, ids(o.only), ids(o.skip), o.entity, o.period, o.since, o.accepted, o.baseline, o.asOf, o.all, o.strict, o.join,
	})
	if err != nil {
		return nil, err
	}
	s, err := out.store.Open(ctx, out.path, store.Run{Version: buildVersion(), Options: string(options), All: o.all})
	if err != nil {
		return nil, err
	}
	f := newFeed(out, a.guard(""))
	go func() {
		defer close(f.done)
		// An interruption ends it, but not before it has cleaned up.
		_, f.err = interruptible(context.WithoutCancel(ctx), func() (struct{}, error) { return struct{}{}, f.keep(s) })
		if f.err != nil && ctx.Err() != nil {
			f.err = errInterrupted
		}
	}()
	return f, nil
}

// keep stores what comes.
func (f *feed) keep(s *store.Store) error {
	defer s.Close()
	for o := f.next(); o != nil; o = f.next() {
		if err := give(s, o); err != nil {
			return err
		}
	}
	if f.counted == nil {
		return errUnfinished
	}
	var err error
	f.stored, err = s.End(f.counted, f.bad)
	return err
}
