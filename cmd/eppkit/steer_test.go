package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// steered sends a request to the control of a mock, and returns the answer's body.
func steered(t *testing.T, dir, method, path, body string) string {
	t.Helper()
	addr, err := os.ReadFile(filepath.Join(dir, "control"))
	require.NoError(t, err)
	q, err := http.NewRequestWithContext(t.Context(), method, "http://"+strings.TrimSpace(string(addr))+path, strings.NewReader(body))
	require.NoError(t, err)
	q.Header.Set("Content-Type", "application/json")
	r, err := http.DefaultClient.Do(q)
	require.NoError(t, err)
	defer r.Body.Close()
	doc, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Less(t, r.StatusCode, 300, "%s %s: %s", method, path, doc)
	return string(doc)
}

// asMember runs eppkit as the first registrar of a mock.
func asMember(t *testing.T, dir string, args ...string) result {
	t.Helper()
	return eppkit(t, nil, "", append([]string{"--config", filepath.Join(dir, "eppkit.yaml")}, args...)...)
}

func TestMockServeControl(t *testing.T) {
	dir := t.TempDir()
	stop := serveIn(t, dir, "--registry", "gtld", "--control", ":0", "--clock", "2026-03-01", "--seed", "7")
	control, err := os.ReadFile(filepath.Join(dir, "control"))
	require.NoError(t, err)
	require.Regexp(t, `^127\.0\.0\.1:\d+\n$`, string(control))
	require.Contains(t, steered(t, dir, "GET", "/status", ""), `"name":"main","registry":"gtld"`)
	require.Contains(t, steered(t, dir, "GET", "/clock", ""), `"2026-03-01T00:00:00Z","scale":0`)
	steered(t, dir, "POST", "/clock/advance", `{"by": "5d"}`)
	require.Contains(t, asMember(t, dir, "hello", "-o", "json").out, "2026-03-06T00:00:00Z")

	steered(t, dir, "POST", "/seed", `{"domains": [{"name": "sauna.example", "clID": "reg-south", "crDate": "2026-01-01T00:00:00Z", "exDate": "2028-01-01T00:00:00Z", "registrant": "lu-3"}]}`)
	require.Contains(t, asMember(t, dir, "domain", "check", "sauna.example").out, "In use")

	steered(t, dir, "POST", "/faults", `{"kind": "result", "code": 2400, "match": {"verb": "check"}}`)
	require.Contains(t, asMember(t, dir, "domain", "check", "sauna.example").err, "2400")

	for _, row := range []struct{ body, registry string }{
		{`{"name": "blue"}`, "gtld"},
		{`{"name": "green", "registry": "fred", "time": "2027-01-01T00:00:00Z"}`, "fred"},
		{`{"name": "own", "fixtures": "{zones: [shop], registrars: [{clID: reg-shop, password: shop-Gate9}]}"}`, "gtld"},
	} {
		require.Contains(t, steered(t, dir, "POST", "/tenants", row.body), `"registry":"`+row.registry+`"`)
	}
	require.Contains(t, steered(t, dir, "GET", "/tenants/green/clock", ""), "2027-01-01")
	steered(t, dir, "POST", "/acts/change-domain", `{"name": "beta.example", "set": {"status": ["serverHold"]}, "reason": "By order."}`)
	require.Contains(t, asMember(t, dir, "domain", "info", "beta.example").out, "serverHold")
	steered(t, dir, "POST", "/tenants/green/acts/update-domain", `{"name": "mydomain.cz", "set": {"status": ["serverBlocked"]}}`)
	require.Contains(t, steered(t, dir, "GET", "/tenants/own/records/registrar", ""), "reg-shop")
	require.Contains(t, steered(t, dir, "GET", "/tenants/blue/faults", ""), `"faults":[]`)
	stop()
	require.NoFileExists(t, filepath.Join(dir, "control"))
}

func TestMockServeRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := writeFile(t, dir, "bad.yaml", "faults:\n- {kind: hush}\n")
	for _, row := range []struct{ line, says string }{
		{"--control 0.0.0.0:0", "--control-host"},
		{"--control control.example:0", "--control-host"},
		{"--control 8700", "is no address"},
		{"--control-host a.example", "needs --control"},
		{"--control=", "--control is empty"},
		{"--clock yesterday", "it must be a time"},
		{"--clock-scale -1", "from 0 to"},
		{"--hostile=x", "must be a number"},
		{"--keep-sync", "needs --keep"},
		{"--relay 127.0.0.1:25", "must be a URL"},
		{"--relay smtp://192.0.2.1", "not on this machine"},
		{"--relay-anywhere", "needs --relay"},
		{"--policy " + bad, "of a gtld registry"},
		{"--registry gtld --policy " + bad, "bad.yaml:1"},
		{"--faults " + bad, "line 2: faults[0].kind"},
		{"--scripts " + bad, "bad.yaml:1"},
		{"--faults " + filepath.Join(dir, "none"), "none"},
		{"--load " + bad, "not a snapshot"},
		{"--keep " + bad, "not a directory"},
		{"--snapshot-on-exit " + filepath.Join(dir, "none", "x"), "there is no directory"},
	} {
		t.Run(row.line, func(t *testing.T) {
			r := eppkit(t, nil, "", append([]string{"mock", "serve", "--dir", filepath.Join(dir, "files")}, strings.Fields(row.line)...)...)
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	r := eppkit(t, nil, "", "mock", "serve", "--dir", dir, "--control", busy.Addr().String())
	require.Equal(t, exitConnection, r.status, r.err)
}

// TestMockServeSpoiled has files say what goes wrong, and what is answered.
func TestMockServeSpoiled(t *testing.T) {
	dir := t.TempDir()
	faults := writeFile(t, dir, "faults.yaml", "faults: [{kind: result, code: 2400, match: {verb: check, object: a.example}}]\n")
	scripts := writeFile(t, dir, "stubs.yaml", "stubs: [{match: {verb: check, object: b.example}, answer: {code: 2308}}]\n")
	policy := writeFile(t, dir, "tlds.yaml", "tlds: [{name: shop}]\n")
	serveIn(t, dir, "--registry", "gtld", "--faults", faults, "--scripts", scripts, "--policy", policy, "--hostile=7")
	require.Contains(t, asMember(t, dir, "domain", "check", "a.example").err, "2400")
	require.Contains(t, asMember(t, dir, "domain", "check", "b.example").err, "2308")
	require.Contains(t, asMember(t, dir, "domain", "check", "c.shop").out, "available")
}

// TestMockServeTenants has tenants begin as the main registry did, whatever became of it.
func TestMockServeTenants(t *testing.T) {
	dir := t.TempDir()
	faults := writeFile(t, dir, "faults.yaml", "faults: [{kind: result, code: 2400, match: {verb: check, object: a.example}, times: 1}]\n")
	scripts := writeFile(t, dir, "stubs.yaml", "stubs: [{match: {verb: check, object: b.example}, answer: {code: 2308}}]\n")
	serveIn(t, dir, "--registry", "gtld", "--faults", faults, "--scripts", scripts, "--clock", "2026-03-01", "--control", ":0")
	require.Contains(t, asMember(t, dir, "domain", "check", "a.example").err, "2400")
	steered(t, dir, "POST", "/clock/advance", `{"by": "5d"}`)
	require.NoError(t, os.Remove(faults))

	steered(t, dir, "POST", "/tenants", `{"name": "blue"}`)
	require.Contains(t, steered(t, dir, "GET", "/tenants/blue/clock", ""), `"2026-03-01T00:00:00Z","scale":0`)
	require.Contains(t, steered(t, dir, "GET", "/tenants/blue/faults", ""), `"fired":0`)
	require.Contains(t, steered(t, dir, "GET", "/tenants/blue/scripts", ""), "b.example")
	steered(t, dir, "POST", "/tenants", `{"name": "green", "time": "2027-01-01T00:00:00Z"}`)
	require.Contains(t, steered(t, dir, "GET", "/tenants/green/clock", ""), `"2027-01-01T00:00:00Z","scale":0`)
}

// TestMockServeOnDisk is about what a run leaves for the next.
func TestMockServeOnDisk(t *testing.T) {
	const update = "domain update alpha.example --add-status clientHold"
	status := func(dir string) string { return asMember(t, dir, "domain", "info", "alpha.example").out }
	t.Run("--keep", func(t *testing.T) {
		dir, keep := t.TempDir(), t.TempDir()
		args := []string{"--registry", "gtld", "--keep", keep, "--keep-sync", "--clock", "2026-03-01", "--control", ":0"}
		stop := serveIn(t, dir, args...)
		require.Equal(t, exitOK, asMember(t, dir, strings.Fields(update)...).status)
		steered(t, dir, "POST", "/clock/advance", `{"by": "3d"}`)
		fresh := writeFile(t, dir, "fresh", "north-Gate10\n")
		require.Equal(t, exitOK, asMember(t, dir, "login", "--new-password-file", fresh).status)
		require.NoError(t, os.Rename(fresh, filepath.Join(dir, "reg-north.password")))
		stop()
		serveIn(t, dir, args...)
		require.Contains(t, status(dir), "clientHold")
		require.Contains(t, steered(t, dir, "GET", "/clock", ""), "2026-03-04")
	})
	for _, name := range []string{"end.jsonl", "end.jsonl.gz"} {
		t.Run("--snapshot-on-exit "+name, func(t *testing.T) {
			dir, file := t.TempDir(), filepath.Join(t.TempDir(), name)
			stop := serveIn(t, dir, "--registry", "gtld", "--snapshot-on-exit", file)
			require.Equal(t, exitOK, asMember(t, dir, strings.Fields(update)...).status)
			stop()
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			serveIn(t, dir, "--registry", "gtld", "--load", file)
			require.Contains(t, status(dir), "clientHold")

			other := t.TempDir()
			serveIn(t, other, "--registry", "gtld", "--load", file, "--fixtures",
				writeFile(t, other, "own.yaml", "{zones: [shop], registrars: [{clID: reg-shop, password: shop-Gate9}]}"))
			require.NoFileExists(t, filepath.Join(other, "reg-shop.pem"), "it is not in the snapshot")
			require.FileExists(t, filepath.Join(other, "reg-north.pem"))
			require.NoFileExists(t, filepath.Join(other, "reg-north.password"), "only its hash is known")
			require.NoFileExists(t, filepath.Join(other, "eppkit.yaml"), "no password is known")
		})
	}
}

// TestMockServeLoaded has a snapshot with a registrar that no fixtures have, and that comes
// before all others.
func TestMockServeLoaded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "end.jsonl")
	dir := t.TempDir()
	stop := serveIn(t, dir, "--registry", "gtld", "--control", ":0", "--snapshot-on-exit", file)
	steered(t, dir, "POST", "/seed", `{"registrars": [{"clID": "reg-alpha", "password": "alpha-Gate9"}]}`)
	stop()

	fresh := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	out, errs := newLineLog(), newLineLog()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"mock", "serve", "--dir", fresh, "--registry", "gtld", "--load", file},
			stdio{in: strings.NewReader(""), out: out, err: errs, getenv: func(string) string { return "" }})
	}()
	require.Contains(t, out.wait(t, "no profile"), "reg-alpha: only hashes")
	out.wait(t, "Stop it")
	r := asMember(t, fresh, "login")
	require.Equal(t, exitOK, r.status, r.err)
	require.FileExists(t, filepath.Join(fresh, "reg-alpha.key"))
	conf, err := os.ReadFile(filepath.Join(fresh, "eppkit.yaml"))
	require.NoError(t, err)
	require.NotContains(t, string(conf), "reg-alpha")
	cancel()
	require.Equal(t, exitOK, <-done, errs.String())

	// Who has the password of an earlier run has a profile.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "reg-alpha.password"), []byte("alpha-Gate9\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "reg-south.password"), []byte("wrong-Gate9\n"), 0o600))
	serveIn(t, dir, "--registry", "gtld", "--load", file)
	r = asMember(t, dir, "--profile", "reg-alpha", "login")
	require.Equal(t, exitOK, r.status, r.err)
}

func TestMockServeRelay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	mails := make(chan string, 1)
	go func() { // a mail server for one mail
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		p := textproto.NewConn(conn)
		_ = p.PrintfLine("220 here")
		for {
			line, err := p.ReadLine()
			if err != nil {
				return
			}
			if line != "DATA" {
				_ = p.PrintfLine("250 fine")
				continue
			}
			_ = p.PrintfLine("354 go on")
			doc, _ := p.ReadDotBytes()
			mails <- string(doc)
			_ = p.PrintfLine("250 taken")
		}
	}()
	dir := serve(t, "--relay", "smtp://"+l.Addr().String())
	require.Equal(t, exitOK, asMember(t, dir, "contact", "send-authinfo", "CID-MYOWN").status)
	select {
	case m := <-mails:
		require.Contains(t, m, "contact CID-MYOWN")
	case <-time.After(20 * time.Second):
		require.Fail(t, "no mail")
	}
}

func TestMockRecordAndReplay(t *testing.T) {
	real, proxy := t.TempDir(), t.TempDir()
	file := filepath.Join(t.TempDir(), "session.jsonl")
	serveIn(t, real, "--registry", "gtld", "--no-client-certs")
	// client is the configuration of a client that connects to where it is told, with the
	// certificate that it has for the registry.
	client := func(dir string) string {
		addr, err := os.ReadFile(filepath.Join(dir, "addr"))
		require.NoError(t, err)
		pw, err := os.ReadFile(filepath.Join(real, "reg-north.password"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "pw"), pw, 0o600))
		return writeFile(t, dir, "client.yaml", "profiles: {own: {address: \""+strings.TrimSpace(string(addr))+"\", registry: gtld, clID: reg-north, password: {file: pw}, roots: ca.pem, "+
			"certificate: "+filepath.Join(real, "reg-north.pem")+", key: "+filepath.Join(real, "reg-north.key")+"}}\n")
	}
	stop := background(t, "mock", "record", file, "--config", filepath.Join(real, "eppkit.yaml"), "--profile", "reg-north", "--dir", proxy)
	r := eppkit(t, nil, "", "--config", client(proxy), "domain", "info", "alpha.example")
	require.Equal(t, exitOK, r.status, r.err)
	own := asMember(t, proxy, "domain", "info", "alpha.example")
	require.Equal(t, exitOK, own.status, own.err)
	stop()
	require.NoFileExists(t, filepath.Join(proxy, "addr"))
	doc, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NotContains(t, string(doc), "north-Gate9")

	again := t.TempDir()
	background(t, "mock", "replay", file, "--registry", "gtld", "--dir", again)
	said := eppkit(t, nil, "", "--config", client(again), "domain", "info", "alpha.example")
	require.Equal(t, exitOK, said.status, said.err)
	require.Equal(t, strings.Split(r.out, "\n")[0], strings.Split(said.out, "\n")[0])
	require.Contains(t, said.out, "alpha.example")
	said = asMember(t, again, "domain", "info", "alpha.example")
	require.Equal(t, exitOK, said.status, said.err)

	for _, row := range []struct{ line, says string }{
		{"mock record " + file + " --config " + filepath.Join(real, "eppkit.yaml"), "exists"},
		{"mock record " + filepath.Join(again, "new"), "no profile"},
		{"mock replay " + filepath.Join(real, "ca.pem"), "ca.pem:1: this is not a record"},
	} {
		r := eppkit(t, nil, "", strings.Fields(row.line)...)
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, row.says)
	}
}
