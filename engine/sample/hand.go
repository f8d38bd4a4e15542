package sample

// Tally counts how the instances of a rule came out.
type Tally struct{ Pass, Fail, NotApplicable int }

// Judge judges the figures by the rules of the pack, in their order: the code that one would write by hand for these rules
// alone, on aligned integers, without missing figures and decimals to mind. What the engine finds and how long it takes
// are held against it. It knows no rounding: a figure that differs in its last digit is a fail.
func (u *Unit) Judge(tallies *[RuleCount]Tally) {
	*tallies = [RuleCount]Tally{}
	for i := range u.Sections {
		s := &u.Sections[i]
		out := (*[SectionRules]Tally)(tallies[i*SectionRules:])
		count(&out[0], s.Total == s.Basic+s.D+s.E+s.F+s.G+s.H)
		count(&out[1], s.Stated == s.A+s.B+s.C+s.D+s.E+s.F+s.G+s.H)
		count(&out[2], s.Basic == s.A+s.B+s.C)
		count(&out[3], s.Project == s.D+s.E+s.F+s.G+s.H)
		count(&out[4], s.Total == s.A+s.B+s.C+s.Project)
		count(&out[5], s.Change == s.Total-s.Last)
		countRate(&out[6], s.Rate, s.Total, s.Budget)
		countRate(&out[7], s.Growth, s.Change, s.Last)
		countRate(&out[8], s.ShareA, s.A, s.Total)
		countRate(&out[9], s.ShareBasic, s.Basic, s.Total)
		countRate(&out[10], s.ShareProject, s.Project, s.Total)
		count(&out[11], s.Total <= s.Budget)
		count(&out[12], s.A >= 0 && s.B >= 0 && s.C >= 0)
		count(&out[13], s.Change < s.Last)
		countWhen(&out[14], s.Total > s.Last, s.Growth > 0)
		countWhen(&out[15], s.Project > 0, s.ShareProject > 0)
		if s.Basic == 0 {
			count(&out[16], s.Project == s.Total)
		} else {
			count(&out[16], s.Project == s.Total-s.Basic)
		}
		count(&out[17], s.Total == s.Stated)
	}
	out := (*[ListRules]Tally)(tallies[Sections*SectionRules:])
	count(&out[0], u.Sections[0].Total == u.sum(func(p *Project) int64 { return p.Executed }))
	count(&out[1], u.Sections[1].Total == u.sum(func(p *Project) int64 { return p.Budget }))
	count(&out[2], u.Sections[2].Total == u.sum(func(p *Project) int64 { return p.Surplus }))
	count(&out[3], u.Sections[3].Total == u.sum(func(p *Project) int64 { return p.Previous }))
	count(&out[4], u.Sections[4].Total == u.sum(func(p *Project) int64 { return p.Budget - p.Executed }))
	count(&out[5], u.Sections[5].Total == u.sum(func(p *Project) int64 {
		if p.Previous > 0 {
			return p.Executed
		}
		return 0
	}))
	count(&out[6], u.Sections[6].Total >= u.sum(func(p *Project) int64 { return p.Executed }))
	budget := u.sum(func(p *Project) int64 { return p.Budget })
	count(&out[7], budget != 0 &&
		u.Sections[7].Rate == percent(u.sum(func(p *Project) int64 { return p.Executed }), budget))
	over, negative, executed := false, false, false
	for i := range u.Projects {
		p := &u.Projects[i]
		over = over || p.Executed > p.Budget
		negative = negative || p.Surplus < 0
		executed = executed || p.Executed > 0
	}
	count(&out[8], !over)
	count(&out[9], !negative)
	count(&out[10], executed)
	for i := range u.Projects {
		p := &u.Projects[i]
		countRate(&out[11], p.Rate, p.Executed, p.Budget)
		count(&out[12], p.Surplus == p.Budget-p.Executed)
		count(&out[13], p.Executed <= p.Budget)
		countWhen(&out[14], p.Executed == 0, p.Rate == 0)
		if p.Executed == p.Budget {
			count(&out[15], p.Rate == 100_00)
		} else {
			count(&out[15], p.Rate <= 100_00)
		}
		count(&out[16], p.Budget == p.Executed+p.Surplus)
		countWhen(&out[17], p.Previous != 0, p.Budget <= u.Sections[1].Total && p.Executed <= u.Sections[0].Total)
	}
	for i := range u.Sections {
		s := &u.Sections[i]
		count(&out[18], s.Total >= s.Basic)
		countWhen(&out[19], s.Basic != 0, s.ShareBasic <= 100_00 && s.ShareProject <= 100_00)
	}
}

func count(t *Tally, holds bool) {
	if holds {
		t.Pass++
	} else {
		t.Fail++
	}
}

func countWhen(t *Tally, when, holds bool) {
	if when {
		count(t, holds)
	} else {
		t.NotApplicable++
	}
}

func countRate(t *Tally, rate, n, d int64) {
	if d != 0 {
		count(t, rate == percent(n, d))
	} else {
		t.NotApplicable++
	}
}

func (u *Unit) sum(of func(*Project) int64) int64 {
	total := int64(0)
	for i := range u.Projects {
		total += of(&u.Projects[i])
	}
	return total
}
