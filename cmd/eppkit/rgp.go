package main

import (
	"errors"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/rgp"
)

// rgpAddition is RFC 3915.
func rgpAddition() addition {
	return addition{"gtld", []string{rgp.NS}, map[string]func(*fields) extender{"domain update": rgpUpdate}}
}

func rgpUpdate(x *fields) extender {
	m := &rgp.Update{}
	var report rgp.Report
	choice(x, "restore", "bring back a deleted domain, by this `STEP`", &m.Restore.Op, rgp.OpRequest, rgp.OpReport)
	file(x, "pre-data", "of a report: `FILE` with the registration as it was before the deletion", &report.PreData, mixed)
	file(x, "post-data", "of a report: `FILE` with the registration as it is now", &report.PostData, mixed)
	one(x, "del-time", "of a report: the `TIME` of the deletion", &report.DelTime, moment)
	one(x, "res-time", "of a report: the `TIME` of the restore request", &report.ResTime, moment)
	one(x, "res-reason", "of a report: the `REASON` of the restore", &report.ResReason, message)
	each(x, "statement", "of a report: a `STATEMENT` of two that the registry asks for", &report.Statement, message)
	opt(x, "other", "of a report: `TEXT` that supports it", &report.Other, func(s string) (epp.Mixed, error) {
		return epp.Mixed{Text: s}, nil
	})
	parts := []string{"pre-data", "post-data", "del-time", "res-time", "res-reason", "statement"}
	x.must(func() error {
		switch {
		case x.value("restore") == rgp.OpReport:
			return x.need(parts...)
		case x.given(parts...), x.given("other"):
			return usage("a report is sent with --restore report")
		}
		return nil
	})
	return func(args []string) (maker, error) {
		if m.Restore.Op == rgp.OpReport {
			m.Restore.Report = &report
		}
		return ifGiven(x, m, "restore")(args)
	}
}

func mixed(b []byte) (epp.Mixed, error) {
	if len(b) == 0 {
		return epp.Mixed{}, errors.New("is empty")
	}
	return epp.Mixed{Text: string(b)}, nil
}

func message(s string) (epp.Msg, error) { return epp.Msg{Mixed: epp.Mixed{Text: s}}, nil }
