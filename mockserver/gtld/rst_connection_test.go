package gtld_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// rstConnection are the cases about ports and their greetings.
func rstConnection() []rstCase {
	return []rstCase{
		{
			id: "epp-01", check: (*rstRun).handshakes,
			wrong: []rstWrong{
				{codes: "_PROTOCOL_", deviate: faulty(fault.Fault{Kind: fault.OldTLS})},
				{codes: "FORBIDDEN_PROTOCOL", deviate: lined(line{tune: func(c *tls.Config) { c.MinVersion = tls.VersionTLS10 }})},
				{codes: "UNTRUSTED", deviate: faulty(fault.Fault{Kind: fault.UntrustedCertificate})},
				{codes: "EXPIRED", deviate: faulty(fault.Fault{Kind: fault.ExpiredCertificate})},
				{codes: "CHAIN_MISSING", deviate: faulty(fault.Fault{Kind: fault.IncompleteCertificate})},
				{codes: "HOSTNAME", deviate: faulty(fault.Fault{Kind: fault.WrongNameCertificate})},
				{codes: "BAD_CIPHER", deviate: lined(line{tune: func(c *tls.Config) {
					c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}
				}})},
				{codes: rstTLS, deviate: faulty(fault.Fault{Kind: fault.Refuse})},
			},
			unseen: map[string]string{
				"EPP_MISSING_A_RECORDS":    rstNoDNS,
				"EPP_MISSING_AAAA_RECORDS": rstNoDNS,
			},
		},
		{
			id: "epp-02", check: (*rstRun).greeting,
			wrong: []rstWrong{
				{codes: "NO_GREETING", deviate: faulty(fault.Fault{Kind: fault.CutHeader, Match: fault.Match{Match: match.Match{Verb: fault.VerbGreeting}}})},
				{codes: "SVID|SCHEMA", deviate: rewriteTo("^$", "<svID>[^<]*", "<svID> ")},
				{codes: "SVDATE", deviate: rewriteTo("^$", "T12:00:00Z</svDate>", "T11:59:00Z</svDate>")},
				{codes: "SVDATE", deviate: rewriteTo("^$", "Z</svDate>", "+00:00</svDate>")},
				{codes: "VERSION|SCHEMA", deviate: rewriteTo("^$", "<version>", "<version>1.1</version><version>")},
				{codes: "INVALID_LANG", deviate: rewriteTo("^$", "</lang>", "</lang><lang>english-british</lang>")},
				{codes: "MISSING_EN", deviate: rewriteTo("^$", "<lang>en", "<lang>fi")},
				{codes: "UNEXPECTED_OBJURI", deviate: rewriteTo("^$", "</version><lang>en</lang>", "</version><lang>en</lang><objURI>urn:example:yacht-1.0</objURI>")},
				{codes: "UNEXPECTED_OBJURI", model: "thin attributes", deviate: rewriteTo("^$", "<objURI>"+domainNS, "<objURI>"+hostNS+"</objURI><objURI>"+domainNS)},
				{codes: "MISSING_OBJURI", deviate: rewriteTo("^$", "<objURI>"+domainNS+"</objURI>", "")},
				{codes: "MISSING_OBJURI", deviate: rewriteTo("^$", "<objURI>"+contactNS+"</objURI>", "")},
				{codes: "UNEXPECTED_EXTURI", deviate: rewriteTo("^$", "<svcExtension>", "<svcExtension><extURI>urn:example:rigging-1.0</extURI>")},
				{codes: "MISSING_EXTURI", deviate: rewriteTo("^$", "<extURI>"+rgpNS+"</extURI>", "")},
				{codes: "RECOMMENDED", model: "thin objects", deviate: rewriteTo("^$", "<extURI>urn:ietf:params:xml:ns:changePoll-1.0</extURI>", "")},
			},
		},
		{
			id: "epp-17", check: (*rstRun).ports,
			wrong: []rstWrong{
				{codes: "CONSISTENT", deviate: result(func(m *domain.InfData) { m.ExDate = m.ExDate.AddDate(1, 0, 0) })},
				{codes: "CONSISTENT", deviate: answering("<info><c:info", epp.ObjectDoesNotExist)},
			},
		},
	}
}

// recommended are the ciphers of RFC 9325, section 4.2.
var recommended = []uint16{
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
}

// handshakes is epp-01. Certificates are looked at one property at a time.
func (r *rstRun) handshakes() {
	everything := slices.Clone(recommended)
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		everything = append(everything, s.ID)
	}
	state, err := r.shake(tls.VersionTLS12, tls.VersionTLS12, everything)
	if err != nil && !strings.Contains(err.Error(), "protocol version") {
		r.report(rstTLS, "%v", err)
		return
	}
	r.want("EPP_TLS_REQUIRED_PROTOCOL_NOT_SUPPORTED", err == nil, "TLS 1.2: %v", err)
	_, old := r.shake(tls.VersionTLS10, tls.VersionTLS11, everything)
	r.want("EPP_TLS_FORBIDDEN_PROTOCOL_SUPPORTED", old != nil, "TLS 1.0 or 1.1")
	if err != nil {
		return
	}
	_, err = r.shake(tls.VersionTLS12, tls.VersionTLS12, recommended)
	r.want("EPP_TLS_BAD_CIPHER", err == nil && slices.Contains(recommended, state.CipherSuite), "%s: %v", tls.CipherSuiteName(state.CipherSuite), err)

	leaf, between := state.PeerCertificates[0], x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	now := time.Now()
	r.want("EPP_TLS_EXPIRED_CERTIFICATE", now.After(leaf.NotBefore) && now.Before(leaf.NotAfter), "until %v", leaf.NotAfter)
	err = leaf.VerifyHostname("localhost")
	r.want("EPP_TLS_CERTIFICATE_HOSTNAME_MISMATCH", err == nil, "%v", err)
	_, err = leaf.Verify(x509.VerifyOptions{Roots: r.tls("").RootCAs, Intermediates: between, CurrentTime: leaf.NotBefore.Add(time.Hour)})
	// A chain to a root that nobody trusts ends at one that is called as the mock's own.
	missing := err != nil && !strings.Contains(err.Error(), "candidate authority")
	r.want("EPP_TLS_CERTIFICATE_CHAIN_MISSING", !missing, "%v", err)
	r.want("EPP_TLS_UNTRUSTED_CERTIFICATE", err == nil || missing, "%v", err)
}

// shake makes a connection, whatever the certificate.
func (r *rstRun) shake(least, most uint16, ciphers []uint16) (tls.ConnectionState, error) {
	d := &tls.Dialer{Config: &tls.Config{MinVersion: least, MaxVersion: most, CipherSuites: ciphers, InsecureSkipVerify: true}}
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", r.addr)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer c.Close()
	return c.(*tls.Conn).ConnectionState(), nil
}

// registered are the namespaces that a greeting may name, of the standards of the IETF and
// of what else is in IANA's registry of EPP extensions.
var registered = regexp.MustCompile(`^urn:ietf:params:xml:ns:(` + strings.Join([]string{
	"domain-1.0", "host-1.0", "contact-1.0", "epp:maintenance-1.0",
	"secDNS-1.1", "rgp-1.0", "launch-1.0", "idn-1.0", "allocationToken-1.0", "changePoll-1.0",
	"epp:loginSec-1.0", "epp:ttl-1.0", "epp:unhandled-namespaces-1.0", "epp:fee-1.0", "epp:secure-authinfo-transfer-1.0",
}, "|") + `)$`)

// greeting is epp-02.
func (r *rstRun) greeting() {
	const none = "EPP_NO_GREETING_RECEIVED"
	g := r.dial(rstOne, none).Greeting
	r.want(none, first(g) == "greeting", "%s", g.XML)
	r.want("EPP_GREETING_SVID_INVALID", len(strings.TrimSpace(g.Text("svID"))) >= 3, "%q", g.Text("svID"))
	at, err := time.Parse("2006-01-02T15:04:05.999999999Z", g.Text("svDate"))
	r.want("EPP_GREETING_SVDATE_INVALID", err == nil && at.Sub(r.reg.Now()).Abs() <= 30*time.Second, "%q", g.Text("svDate"))
	r.shows("EPP_GREETING_VERSION_INVALID", g, "version", "1.0")
	language := regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$`) // RFC 5646, section 2.1, in short
	r.want("EPP_GREETING_INVALID_LANG", !slices.ContainsFunc(g.All("lang"), func(l string) bool { return !language.MatchString(l) }), "%s", g.XML)
	r.want("EPP_GREETING_MISSING_EN_LANG", slices.Contains(g.All("lang"), "en"), "%s", g.XML)

	must, mustNot := []string{domainNS}, []string(nil)
	for uri, has := range map[string]bool{hostNS: withoutHosts(r.rstModel) == "", contactNS: withoutContacts(r.rstModel) == ""} {
		if has {
			must = append(must, uri)
		} else {
			mustNot = append(mustNot, uri)
		}
	}
	for _, uri := range g.All("objURI") {
		r.want("EPP_GREETING_UNEXPECTED_OBJURI", registered.MatchString(uri) && !slices.Contains(mustNot, uri), "%s", uri)
	}
	for _, uri := range must {
		r.want("EPP_GREETING_MISSING_OBJURI", slices.Contains(g.All("objURI"), uri), "%s", uri)
	}
	for _, uri := range g.All("extURI") {
		r.want("EPP_GREETING_UNEXPECTED_EXTURI", registered.MatchString(uri), "%s", uri)
	}
	for _, local := range []string{"secDNS-1.1", "rgp-1.0", "launch-1.0"} {
		r.want("EPP_GREETING_MISSING_EXTURI", slices.Contains(g.All("extURI"), "urn:ietf:params:xml:ns:"+local), "%s", local)
	}
	should := []string{"epp:unhandled-namespaces-1.0", "epp:loginSec-1.0", "changePoll-1.0"}
	if r.secure { // without it the registry deserves the warning
		should = append(should, "epp:secure-authinfo-transfer-1.0")
	}
	for _, local := range should {
		r.want("EPP_GREETING_RECOMMENDED_EXTENSION_MISSING", slices.Contains(g.All("extURI"), "urn:ietf:params:xml:ns:"+local), "%s", local)
	}
}

// ports is epp-17: a registry may be on the wire at several ports.
func (r *rstRun) ports() {
	s := r.one()
	second := mockserver.StartTest(r, mockserver.Options{Registry: r.reg})
	other := &rstSession{Client: wiretest.Dial(r, second, "", ""), r: r, clID: rstOne}
	require.True(r, succeeds(other.do(other.LoginXML(rstOne, rstPW, ""))))

	name := s.newDomain("example")
	infos := []string{infoDomain(name, "", "")}
	if withoutContacts(r.rstModel) == "" {
		s.contact("port-1")
		infos = append(infos, infoContact("port-1", ""))
	}
	if withoutHosts(r.rstModel) == "" {
		s.must(hostCommand("create", "<name>ns1."+name+"</name>"+addrElements("192.0.2.1", "2001:db8::1")))
		infos = append(infos, hostCommand("info", "<name>ns1."+name+"</name>"))
	}
	for _, info := range infos {
		here, there := s.do(info), other.do(info)
		r.want("EPP_SERVICE_PORT_NOT_CONSISTENT", resultOf(here) == "1000" && resultOf(there) == "1000" && resData(here) == resData(there),
			"%s\n%s", here.XML, there.XML)
	}
}

func resData(a *wiretest.Answer) string {
	_, rest, _ := strings.Cut(a.XML, "<resData>")
	data, _, _ := strings.Cut(rest, "</resData>")
	return data
}

// rstLogin is the case about logins.
func rstLogin() []rstCase {
	certificates := func(of ...string) deviation {
		return func(p *plan) {
			for i := range p.fixtures.Registrars {
				p.fixtures.Registrars[i].Certificates = of
			}
		}
	}
	return []rstCase{{
		id: "epp-03", given: certificates(registry.CertIssued), check: (*rstRun).logins,
		wrong: []rstWrong{
			{codes: "SUCCEEDED", deviate: certificates()},
			{codes: "SUCCEEDED", deviate: func(p *plan) {
				p.deviant.login = func(x *mockserver.Exchange, q *epp.Login, next loginFunc) error {
					if err := next(x, q); !errors.Is(err, epp.AuthenticationError) {
						return err
					}
					return nil
				}
			}},
			{codes: "LOGIN_UNEXPECTEDLY_FAILED", deviate: func(p *plan) {
				p.deviant.login = func(*mockserver.Exchange, *epp.Login, loginFunc) error { return epp.Refuse(epp.AuthenticationError) }
			}},
		},
	}}
}

// logins is epp-03, both with and without RFC 8807.
func (r *rstRun) logins() {
	for _, secured := range []bool{false, true} {
		try := func(certOf, clID, pw string) bool {
			c := r.dialAs(certOf)
			q := c.LoginXML(clID, pw, "")
			if secured {
				q = c.LoginXML(clID, elsewhere, "") + loginSec(pw, "")
			}
			if !succeeds(c.Do(q)) {
				return false
			}
			c.Do(logout)
			return true
		}
		for _, login := range []struct{ what, certOf, clID, pw string }{
			{"1: an unknown registrar", rstOne, "rst-1f8c27", rstPW},
			{"2: a wrong password", rstOne, rstOne, "Kota-and-8"},
			{"3: a certificate of nobody", "rst-nobody", rstOne, rstPW},
			{"4: a certificate of another registrar", rstTwo, rstOne, rstPW},
			{"5: no certificate", "", rstOne, rstPW},
		} {
			r.want("EPP_LOGIN_UNEXPECTEDLY_SUCCEEDED", !try(login.certOf, login.clID, login.pw), "%s", login.what)
		}
		for _, clID := range []string{rstOne, rstTwo} {
			r.want("EPP_LOGIN_UNEXPECTEDLY_FAILED", try(clID, clID, rstPW), "6: %s", clID)
		}
	}
}
