package client_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A logbook is a log at debug level that goroutines share.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestLogIsRedacted(t *testing.T) {
	var log logbook
	const secret = "hunter22"
	s := session(t, client.Options{Log: log.logger()},
		expect("login"), reply(0, epp.Success),
		expect("info"), func(p *peer) error {
			r := result(epp.Success, p.asked[0].ClTRID)
			r.ResData = []epp.Element{&domain.InfData{
				Name: "a.example", ROID: "D1-EX", ClID: "REG-A", AuthInfo: &epp.AuthInfo{PW: secret + "answer", ROID: "C1-EX"},
			}}
			return send(r)(p)
		})
	require.NoError(t, s.Login(t.Context(), client.Credentials{ClID: "REG-A", PW: secret, NewPW: secret + "new"}))
	inf, err := client.Do(t.Context(), s, &domain.Info{Name: "a.example", AuthInfo: &epp.AuthInfo{PW: secret + "ask"}})
	require.NoError(t, err)
	require.Equal(t, secret+"answer", string(inf.AuthInfo.PW))
	s.Close()
	out := log.String()
	require.NotContains(t, out, "hunter")
	require.Contains(t, out, epp.Redacted)
	require.Contains(t, out, "REG-A")
	require.Contains(t, out, "C1-EX")
	require.Contains(t, out, "direction=sent")
	require.Contains(t, out, "direction=received")
	require.Equal(t, 5, strings.Count(out, "EPP frame"))
}

// An extension of one's own says what is secret in it.
func TestLogHidesSecretsOfExtensions(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), epp.Extension{URI: "urn:example:premium-1.0", Level: epp.CommandLevel, Secrets: []string{"pin"}})
	require.NoError(t, err)
	var log logbook
	s := session(t, client.Options{Log: log.logger(), Schema: set}, expect("check"), reply(0, epp.Success))
	pin, err := epp.NewRaw([]byte(`<pin xmlns="urn:example:premium-1.0">hunter22</pin>`))
	require.NoError(t, err)
	_, err = client.Do(t.Context(), s, &domain.Check{Names: []string{"a.example"}}, pin)
	require.NoError(t, err)
	s.Close()
	require.Contains(t, log.String(), "pin xmlns")
	require.NotContains(t, log.String(), "hunter22")
}

// Whatever is asked or answered, and however it fails, a secret that stands where
// secrets stand is in no line of the log and in no error.
func TestSecretsNeverShow(t *testing.T) {
	const secret = "pl4nt3d"
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(s ...string) string { return s[random.IntN(len(s))] }
	for round := range 300 {
		doc := secretDocument(random, secret)
		answer := document(strings.ReplaceAll(doc, "<command>", pick("<command>", "<response>", "<greeting>")))
		var log logbook
		s := session(t, client.Options{Log: log.logger()}, func(p *peer) error {
			_, err := p.in.Next()
			return err
		}, answer, hangUp)
		_, err := s.SendRaw(t.Context(), []byte(doc))
		if err != nil {
			require.NotContains(t, err.Error(), secret, doc)
		}
		<-s.Done()
		require.NotContains(t, s.Err().Error(), secret, doc)
		require.Equal(t, 3, strings.Count(log.String(), "EPP frame"), round)
		require.NotContains(t, log.String(), secret, doc)
		s.Close()
	}
}

// secretDocument makes a frame that holds a secret in an element or attribute that
// is named as one, in some namespace, somewhere, in one of the ways in which XML
// can write it. Some frames are cut or broken.
func secretDocument(random *rand.Rand, secret string) string {
	pick := func(s ...string) string { return s[random.IntN(len(s))] }
	name := pick("pw", "newPW", "authInfo", "PW", "password")
	in := pick("", "x:", "q:")
	content := pick(secret, "<![CDATA["+secret+"]]>", "\n"+secret+"\n", "a&amp;"+secret, secret+"&#x41;",
		"<v>"+secret+"</v>", "<x:v a='1'><v>"+secret+"</v></x:v>", "<v a='"+secret+"'/>", secret+"<v/>", "<v/>"+secret, "<v>1</v>"+secret+"<v>2</v>",
		"<!-- "+secret+" -->", "<?p "+secret+"?><v/>")
	el := fmt.Sprintf("<%[1]s%[2]s>%[3]s</%[1]s%[2]s>", in, name, content)
	if random.IntN(4) == 0 {
		quote := pick("'", `"`)
		el = fmt.Sprintf("<v %s%s = %s%s%s b='2'/>", strings.Replace(in, "q:", "x:", 1), name, quote, secret, quote)
	}
	for range random.IntN(4) {
		around := pick("<info>%s</info>", "<x:a b='>'>%s<c/></x:a>", "<extension>text%s</extension>", "<resData>%s</resData>", "<msg>%s</msg>")
		el = strings.Replace(around, "%s", el, 1)
	}
	doc := `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:x="urn:example:x" xmlns:q="urn:example:q"><command>` + el + `<clTRID>ABC-1</clTRID></command></epp>`
	switch random.IntN(8) {
	case 0:
		doc = doc[:len(doc)-1-random.IntN(30)]
	case 1:
		doc = strings.Replace(doc, "<clTRID>", "<clTRID", 1)
	case 2:
		doc = "<!DOCTYPE epp [<!ENTITY e '" + secret + "'>]>" + doc
	case 3:
		doc = strings.Replace(doc, el, el+"&"+secret+";", 1)
	}
	return doc
}
