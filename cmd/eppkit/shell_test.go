package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/shell"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/namespaces"
)

// aRegistry is a mock registry with a profile, named "cz".
type aRegistry struct {
	*startedMock
	config string
}

func newRegistry(t *testing.T, more string) *aRegistry {
	t.Helper()
	m, err := new(app).startMock("fred", "")
	require.NoError(t, err)
	return registryOf(t, m, more)
}

// registryOf is a mock with a profile for its first registrar.
func registryOf(t *testing.T, m *startedMock, more string) *aRegistry {
	t.Helper()
	t.Cleanup(func() { m.Close() })
	dir, me := t.TempDir(), m.reg.registrars[0]
	cert, key, err := m.ClientPEM(me.ClID)
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"c.pem": cert, "c.key": key, "ca.pem": m.CAPEM(), "pw": []byte(me.PW.Reveal() + "\n"),
		"config.yaml": []byte("profiles: {cz: {address: '" + m.Addr() + "', registry: fred, clID: " + me.ClID +
			", password: {file: pw}, certificate: c.pem, key: c.key, roots: ca.pem" + more + "}}\n"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return &aRegistry{m, filepath.Join(dir, "config.yaml")}
}

func hasVerb(verb string) mockserver.Query {
	return mockserver.Query{Match: match.Match{Verb: verb}, Direction: mockserver.DirReceived}
}

// shellRun has the shell read lines from a pipe.
func shellRun(t *testing.T, lines string, args ...string) result {
	t.Helper()
	return eppkit(t, nil, lines, append([]string{"shell"}, args...)...)
}

func TestShellSharesOneSession(t *testing.T) {
	reg := newRegistry(t, "")
	r := shellRun(t, "domain check sauna.cz # one\n\n# nothing\ncredit_info\neppkit poll\nhello\n", "--config", reg.config)
	require.Equal(t, exitOK, r.status, r.err)
	require.Regexp(t, `(?s)sauna\.cz  available.*cz  41375\.50.*1301 .*svID`, r.out)
	require.Empty(t, r.err, "no prompt, no notice")
	require.NoError(t, reg.Journal().Expect(1, hasVerb("login")))
	require.NoError(t, reg.Journal().Expect(1, hasVerb("logout")))
}

func TestShellPiped(t *testing.T) {
	const lines = "domain check a.cz\ncheck_domain\ninfo_contact CID-NOBODY\ndomain check b.cz\n"
	for name, row := range map[string]struct {
		lines  string
		args   []string
		status int
		out    string // a regular expression
		err    string
	}{
		"stops at the first error": {lines, nil, exitUsage, `^1000 .*\na\.cz  available\n$`, "standard input, line 2: requires at least 1 arg"},
		"keeps going":              {lines, []string{"-k"}, exitUsage, `a\.cz(?s).*b\.cz  available\n$`, "standard input, line 3: epp: 2303"},
		"a refusal":                {"info_contact CID-NOBODY\n", nil, exitRefused, `^$`, "line 1: epp: 2303"},
		"an unknown command":       {"frobnicate\n", nil, exitUsage, `^$`, `line 1: there is no command "frobnicate"; help lists`},
		"an open quote":            {"domain check 'a.cz\n", nil, exitUsage, `^$`, "line 1: a quotation mark is not closed"},
		"exit":                     {"version\nexit\nfrobnicate\n", nil, exitOK, `^eppkit `, ""},
		"a shell in a shell":       {"shell\n", nil, exitUsage, `^$`, "this is a shell already"},
		"another registry":         {"domain check a.cz --registry gtld\n", nil, exitUsage, `^$`, "another registry is for another shell"},
		"after a logout":           {"logout\ncredit\n", nil, exitUsage, `^$`, "line 2: you have logged out; login opens a session again"},
		"after a login":            {"credit\nlogout\nlogin\ncredit_info\n", nil, exitOK, `(?s)logged out.*REG-MORAVA is logged in at mock fred.*41375`, ""},
		"a wrong login":            {"login REG-MORAVA wrong-pw-77\ncredit\n", []string{"-k"}, exitAuthentication, `^$`, "line 2: nothing is tried again before you say login"},
		"JSON":                     {"set output json\ncredit_info\n", nil, exitOK, `^{\n  "code": 1000`, ""},
		"JSON, but frames":         {"set output json\ncheck_domain a.cz --dry-run\n", nil, exitOK, `<domain:name>a\.cz</domain:name>`, ""},
		"quoting":                  {`domain check "sau na.cz" lö\'yly.cz` + "\n", []string{"-o", "xml"}, exitOK, `(?s)sau na\.cz.*lö&apos;yly\.cz`, ""},
		"steps of a list":          {"prep_domains\nget_results\nget_results\n", nil, exitOK, `(?s)3 prepared.*\nmydomain\.cz\n.*There is no more\.\n$`, ""},
		"a frame":                  {"<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'>\n\n<hello/>\n</epp>\nversion\n", nil, exitOK, `(?s)svID.*\neppkit `, ""},
		"half a frame":             {"<epp xmlns='urn:ietf:params:xml:ns:epp-1.0'>\n<hello/>\n", nil, exitUsage, `^$`, "the frame is not whole"},
		"no frame of EPP":          {"<name>x</name>\n", nil, exitUsage, `^$`, "<name> is no frame of EPP, and was not sent"},
		"a broken frame":           {"<epp><a></b></epp>\n", nil, exitUsage, `^$`, "not well-formed, and was not sent"},
		"crossed tags":             {"<epp><command>\n</epp>\nversion\n", []string{"-k"}, exitUsage, `^eppkit `, "line 1: the frame is not well-formed, and was not sent"},
		"an encoding":              {"<?xml version='1.0' encoding='x-odd'?><epp/>\nversion\n", []string{"-k"}, exitUsage, `^eppkit `, "line 1: the frame is not well-formed, and was not sent"},
		"help on what is its own":  {"last --help\nexit -h\nversion\n", nil, exitOK, `(?s)^last \[raw\]: show .*\nexit: log out.*\neppkit `, ""},
		"a transfer at a gtld":     {"transfer_domain a.example pw-One12345 --dry-run\n", []string{"--registry", "gtld"}, exitOK, `<transfer op="request">(?s).*a\.example`, ""},
		"a transfer at FRED":       {"transfer_domain a.cz pw-One12345 --dry-run\n", nil, exitOK, `<transfer op="request">(?s).*a\.cz`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := shellRun(t, row.lines, row.args...)
			require.Equal(t, row.status, r.status, r.out+r.err)
			require.Regexp(t, row.out, r.out)
			require.Contains(t, r.err, row.err)
			require.NotContains(t, r.out+r.err, "wrong-pw-77")
		})
	}
}

func TestShellRunAndRecord(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lines")
	r := shellRun(t, "record "+file+`
check_domain first.cz # a comment
info_domain mydomain.cz
info_contact CID-NOBODY
domain info mydomain.cz --authinfo canary-One1
transfer_contact CID-MYOWN canary-Two2
<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
  <hello/>
</epp>
record off
version
`, "-k")
	require.Equal(t, exitRefused, r.status, r.err)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "check_domain first.cz\ninfo_domain mydomain.cz\n"+
		"<epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\">\n  <hello/>\n</epp>\n", string(b))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	r = shellRun(t, "run "+file+"\nversion\n")
	require.Equal(t, exitOK, r.status, r.err)
	require.Regexp(t, `(?s)first\.cz  available.*mydomain\.cz.*svID.*\neppkit `, r.out)

	bad := writeFile(t, dir, "bad", "version\ninfo_contact CID-NOBODY\nversion\n")
	r = shellRun(t, "run "+bad+"\nversion\n", "-k")
	require.Equal(t, exitRefused, r.status, r.err)
	require.Contains(t, r.err, "standard input, line 1: "+bad+", line 2: epp: 2303")
	require.Equal(t, 2, strings.Count(r.out, "eppkit "), "the rest of the file is not run, the rest of the input is")

	// A file that is there is added to, also where its last line has no end.
	require.NoError(t, os.WriteFile(file, []byte("# mine"), 0o600))
	r = shellRun(t, "record "+file+"\nversion\nrecord off\nrecord "+file+"\nversion\n")
	require.Equal(t, exitOK, r.status, r.err)
	b, err = os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "# mine\nversion\nversion\n", string(b))

	forever := writeFile(t, dir, "forever", "run "+filepath.Join(dir, "forever")+"\n")
	require.Contains(t, shellRun(t, "run "+forever+"\n").err, "files run each other")
}

// A line with a secret that goes well is what a record has to leave out.
func TestShellRecordLeavesOutSecrets(t *testing.T) {
	reg := newRegistry(t, "")
	file := filepath.Join(t.TempDir(), "lines")
	r := shellRun(t, "record "+file+"\nlogin "+reg.reg.registrars[0].ClID+" "+reg.reg.registrars[0].PW.Reveal()+"\nversion\n", "--config", reg.config)
	require.Equal(t, exitOK, r.status, r.err)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "# a line with a secret is left out here\nversion\n", string(b))
	require.Contains(t, r.err, "the record leaves this line out")
}

func TestShellLast(t *testing.T) {
	r := shellRun(t, "info_domain mydomain.cz canary-One1\nlast\nlast raw\n", "-k")
	require.Equal(t, exitRefused, r.status)
	require.Regexp(t, `(?s)C: <\?xml.*\n +<domain:authInfo>\[redacted\].*S: <\?xml.*code="2202"`, r.out)
	require.NotContains(t, r.out+r.err, "canary-One1")
	require.NotContains(t, r.out, "<login>")
	require.Contains(t, shellRun(t, "last\n").err, "no frames have been sent yet")
}

// TestShellSecrets says where lines may be kept.
func TestShellSecrets(t *testing.T) {
	c := &console{app: &app{stdio: stdio{getenv: func(string) string { return "" }}, flags: flags{output: "text", registry: "fred", mock: true}}}
	for line, keep := range map[string]keeping{
		"domain check sauna.cz":                            inFile,
		"domain check sauna.cz # canary":                   inFile, // without the comment
		"check_domain sauna.cz kiuas.cz":                   inFile,
		"info_domain sauna.cz":                             inFile,
		"info_domain sauna.cz -o json":                     inFile,
		"info_domain sauna.cz -":                           inFile, // is asked for
		"info_domain sauna.cz canary":                      nowhere,
		"info_contact CID-A 'canary two'":                  nowhere,
		"transfer_nsset NID-A canary":                      nowhere,
		"transfer_nsset NID-A --authinfo-file f.txt":       inFile,
		"domain info sauna.cz --authinfo canary":           nowhere,
		"domain info sauna.cz --authinfo=canary":           nowhere,
		"eppkit domain info --authinfo canary sauna.cz":    nowhere,
		"domain info sauna.cz --authinfo-file f.txt":       inFile,
		"domain info sauna.cz canary":                      inMemory, // more than it takes
		"domain info sauna.cz --authinf canary":            inMemory,
		"info_domian sauna.cz canary":                      inMemory,
		"canary":                                           inMemory,
		"domain canary":                                    inMemory,
		"domain check 'canary":                             inMemory,
		"domain create x.cz --allocation-token canary":     nowhere,
		"create_domain x.cz CID-A canary":                  inMemory,
		"login":                                            inFile,
		"login REG-A":                                      inFile,
		"login REG-A canary":                               nowhere,
		"login REG-A canary new-canary":                    nowhere,
		"login canary canary canary --new-password-file x": inMemory,
		"logout canary":                                    inMemory,
		"last canary":                                      inMemory,
		"last raw":                                         inFile,
		"set output json":                                  inFile,
		"set canary":                                       inMemory,
		"help canary":                                      inMemory,
		"help info_domain":                                 inFile,
		"run file.txt":                                     inFile,
		"poll ack 1":                                       inFile,
		"prep_domains_by_contact CID-A":                    inFile,
		"get_results":                                      inFile,
		"contact create C --name N --authinfo-file -":      inFile,
		"domain update x.example --null-authinfo":          inFile,
		`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>`:                                                        inFile,
		`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login><clID>a</clID><pw>canary</pw></login></command></epp>`: nowhere,
		`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><!-- canary --><hello/></epp>`:                                         nowhere,
		`<epp><pw>canary`: nowhere,
		"":                inMemory,
	} {
		require.Equal(t, keep, c.keepable(line), line)
	}
}

// TestShellKnowsFREDsNames holds the names of FRED's client to what that client sends.
func TestShellKnowsFREDsNames(t *testing.T) {
	const dir = "../../../shared/corpus/fred-commands/"
	commands, err := os.ReadFile(dir + "COMMANDS.txt")
	if err != nil {
		t.Skip("no corpus: ", err)
	}
	set, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	clTRID := regexp.MustCompile(`<((?:fred:)?clTRID)>[^<]*</`)
	read := func(frame []byte) epp.Message {
		m, err := set.Parse(clTRID.ReplaceAll(frame, []byte("<$1>SAME</")))
		require.NoError(t, err, string(frame))
		return m
	}
	for i, line := range strings.Split(strings.TrimSpace(string(commands)), "\n") {
		name := strings.Fields(line)[0]
		switch verb, _, _ := strings.Cut(name, "_"); verb {
		case "login", "logout", "create", "update": // of the shell itself; by flags
			continue
		}
		t.Run(line, func(t *testing.T) {
			file, err := filepath.Glob(dir + string([]byte{'0' + byte((i+1)/10), '0' + byte((i+1)%10)}) + "-*.xml")
			require.NoError(t, err)
			require.Len(t, file, 1)
			want, err := os.ReadFile(file[0])
			require.NoError(t, err)
			r := shellRun(t, line+" --dry-run -o raw\n")
			require.Equal(t, exitOK, r.status, r.err)
			got, _, _ := strings.Cut(strings.TrimPrefix(r.out, "<?xml"), "<?xml")
			w, g := read(want), read([]byte("<?xml"+got))
			wc, isCommand := w.(*epp.Command)
			if !isCommand {
				require.IsType(t, w, g)
				return
			}
			require.Equal(t, wc.Request, g.(*epp.Command).Request)
		})
	}
}

func TestShellCompletes(t *testing.T) {
	c := &console{app: &app{stdio: stdio{getenv: func(string) string { return "" }}, flags: flags{output: "text", registry: "fred", mock: true}}}
	c.seen = shell.NewSeen(10)
	for kind, names := range map[string]string{
		"domain": "sauna.cz kiuas.cz", "contact": "CID-ANNA CID-BEN", "nsset": "NSS-A", "host": "ns1.sauna.cz", "message": "4711",
	} {
		for _, name := range strings.Fields(names) {
			c.seen.Add(kind, name)
		}
	}
	for _, row := range []struct{ line, rest string }{
		{"dom", "ain "},
		{"domain che", "ck "},
		{"info_do", "main "},
		{"sendauthinfo_c", "ontact "},
		{"prep_domains_by_n", "sset "},
		{"tech", "nical_test "},
		{"domain check sa", "una.cz "},
		{"check_domain kiuas.cz sa", "una.cz "},
		{"info_contact CID-", "ANNA |BEN "},
		{"eppkit contact info CID-A", "NNA "},
		{"poll ack ", "4711 "},
		{"poll ", "ack |req |watch "},
		{"prep_nssets_by_ns n", "s1.sauna.cz "},
		{"domain create x.cz --registrant CID-A", "NNA "},
		{"domain create x.cz --registrant=CID-A", "NNA "},
		{"domain create x.cz --nsset ", "NSS-A "},
		{"domain create x.cz --regis", "trant "},
		{"domain create x.cz --mo", ""},
		{"domain create x.cz --pro", ""},
		{"domain create x.cz --conf", ""},
		{"credit -o j", "son "},
		{"credit --output=j", "son "},
		{"domain transfer q", "uery "},
		{"set output j", "son "},
		{"verbose o", "ff |n "},
		{"help renew_", "domain "},
		{"domain check 'sa", "una.cz' "},
		{"# dom", ""},
		{"domain check a # sa", ""},
		{"<ep", ""},
		{"frobnicate x", ""},
	} {
		require.Equal(t, row.rest, strings.Join(c.complete(row.line), "|"), row.line)
	}
	c.complete("set output ")
	require.Equal(t, "text", outputs[0], "what is offered stays as it is")
}

func TestShellSees(t *testing.T) {
	r := &console{seen: shell.NewSeen(10)}
	r.see(0, []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:f="http://www.nic.cz/xml/epp/fred-1.5"><extension><f:extcommand><f:nssetsByContact><f:id>C</f:id></f:nssetsByContact></f:extcommand></extension></epp>`))
	r.see(1, []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><msgQ id="17" count="1"/><resData>
		<d:infData xmlns:d="http://www.nic.cz/xml/epp/domain-1.4"><d:name>sauna.cz</d:name><d:registrant>CID-ANNA</d:registrant><d:nsset>NSS-B</d:nsset></d:infData>
		<f:resultsList xmlns:f="http://www.nic.cz/xml/epp/fred-1.5"><f:item>NSS-A</f:item></f:resultsList></resData></response></epp>`))
	r.see(1, []byte(`<h:infData xmlns:h="urn:ietf:params:xml:ns:host-1.0"><h:name>ns1.sauna.cz</h:name`))
	for kind, names := range map[string][]string{
		"domain": {"sauna.cz"}, "contact": {"CID-ANNA"}, "nsset": {"NSS-A", "NSS-B"}, "message": {"17"}, "host": {"ns1.sauna.cz"},
	} {
		require.Equal(t, names, r.seen.Of(kind), kind)
	}
}

func TestStayAwake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var at []time.Duration
		start := time.Now()
		go stayAwake(ctx, time.Minute, func(ctx context.Context) error {
			_, bounded := ctx.Deadline()
			require.True(t, bounded)
			at = append(at, time.Since(start))
			if len(at) == 3 {
				return errors.New("the session is over")
			}
			return nil
		})
		time.Sleep(10 * time.Minute)
		cancel()
		synctest.Wait()
		require.Equal(t, []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute}, at)
	})
}

func TestBackOff(t *testing.T) {
	for failures, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		require.Equal(t, want*time.Second, backOff(failures))
	}
	require.Equal(t, 30*time.Second, backOff(1000))
}

func TestShellJSONOfAll(t *testing.T) {
	r := shellRun(t, "check_domain a.cz\nhello\n", "-o", "json")
	require.Equal(t, exitOK, r.status, r.err)
	d := json.NewDecoder(strings.NewReader(r.out))
	for range 2 {
		var v map[string]any
		require.NoError(t, d.Decode(&v))
	}
}
