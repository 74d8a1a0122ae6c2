package main

import (
	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A job is one piece of work that some of the contenders can do.
type job struct {
	name string
	size int // octets of the documents
	// by is what each contender does; eppkit is the first.
	by []contender
}

type contender struct {
	name string
	do   func() error
}

// jobs makes the table of what is measured. Its functions are not for use by
// several goroutines: each has a buffer that it uses again.
func jobs() []job {
	var (
		check    = sample.Document(sample.Check())
		info     = sample.Document(sample.Info())
		login    = sample.Document(sample.Login())
		done     = sample.Document(sample.Done())
		checked  = sample.Document(sample.Checked())
		informed = sample.Document(sample.Informed())
	)
	return []job{
		{"parse a domain info's answer", len(informed), parseAnswer(informed)},
		{"parse a domain check's answer", len(checked), parseAnswer(checked)},
		{"parse a domain check", len(check), []contender{
			{"eppkit", func() error { _, err := schema.ParseStrict(check); return err }},
			{"etree", func() error { _, err := treeContender{}.parseCommand(check); return err }},
			{"encoding/xml", func() error { _, err := stdContender{}.parseCommand(check); return err }},
		}},
		{"build a domain check", len(check), buildCheck()},
		{"build a domain info's answer", len(informed), buildAnswer()},
		{"domain check there and back, in memory", len(check) + len(checked), checkBoth()},
		{"domain info there and back, in memory", len(info) + len(informed), infoBoth()},
		{"login there and back, in memory", len(login) + len(done), loginBoth()},
	}
}

func parseAnswer(doc []byte) []contender {
	return []contender{
		{"eppkit", func() error { _, err := schema.Parse(doc); return err }},
		{"etree", func() error { _, err := treeContender{}.parseAnswer(doc); return err }},
		{"encoding/xml", func() error { _, err := stdContender{}.parseAnswer(doc); return err }},
	}
}

// building makes a contender that appends to one buffer.
func building(name string, appendTo func(dst []byte) ([]byte, error)) contender {
	var buf []byte
	return contender{name, func() (err error) {
		buf, err = appendTo(buf[:0])
		return err
	}}
}

func buildCheck() []contender {
	cmd := sample.Check()
	q := cmd.Request.(*domain.Check)
	std := &stdCheck{ClTRID: cmd.ClTRID, Check: &stdCheckPayload{Names: q.Names}}
	return []contender{
		building("eppkit", func(dst []byte) ([]byte, error) { return epp.Append(dst, cmd) }),
		building("etree", func(dst []byte) ([]byte, error) { return treeContender{}.buildCheck(dst, q, cmd.ClTRID) }),
		building("encoding/xml", func(dst []byte) ([]byte, error) { return stdContender{}.build(dst, std) }),
	}
}

func buildAnswer() []contender {
	m := sample.Informed()
	std := stdOf(m)
	return []contender{
		building("eppkit", func(dst []byte) ([]byte, error) { return epp.Append(dst, m) }),
		building("etree", func(dst []byte) ([]byte, error) { return treeContender{}.buildInfo(dst, m) }),
		building("encoding/xml", func(dst []byte) ([]byte, error) { return stdContender{}.build(dst, std) }),
	}
}

func checkBoth() []contender {
	answer := sample.Frame(sample.Checked())
	own, peer := newInMemory(answer), newDomainr(answer)
	cmd, names := sample.Check(), sample.Names()
	return []contender{
		{"eppkit", func() error { _, err := own.do(cmd); return err }},
		{"domainr/epp", func() error { _, err := peer.CheckDomain(names...); return err }},
	}
}

func infoBoth() []contender {
	answer := sample.Frame(sample.Informed())
	own, peer := newInMemory(answer), newDomainr(answer)
	cmd := sample.Info()
	return []contender{
		{"eppkit", func() error { _, err := own.do(cmd); return err }},
		{"domainr/epp", func() error { _, err := peer.DomainInfo(sample.Name, nil); return err }},
	}
}

func loginBoth() []contender {
	answer := sample.Frame(sample.Done())
	own, peer := newInMemory(answer), newDomainr(answer)
	peer.Objects = []string{domain.NS}
	cmd := sample.Login()
	q := cmd.Request.(*epp.Login)
	return []contender{
		{"eppkit", func() error { _, err := own.do(cmd); return err }},
		{"domainr/epp", func() error { _, err := peer.Login(q.ClID, string(q.PW), ""); return err }},
	}
}
