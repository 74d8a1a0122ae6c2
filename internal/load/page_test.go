package load

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// hostile is a text that would do harm on a page that does not escape it.
const hostile = `</script></pre><img/onerror=alert(1)>"'&{{.}}`

// report is that of a run in which something of everything happens.
func report(t *testing.T) (r *Report) {
	synctest.Test(t, func(t *testing.T) {
		s := Scenario{
			Name: "rush " + hostile, RunID: "r", Sessions: 2, Waiting: 80, AnswerTime: 2 * time.Second, SLA: "icann",
			Commands: []Step{
				{Run: "check a", Weight: 6}, {Run: "info a", Weight: 3}, {Name: hostile, Run: "create a", Weight: 1},
			},
			Phases: []Phase{
				{WarmUp: true, For: 5 * time.Second, Rate: 20},
				{Name: "ramp", For: 15 * time.Second, Rate: 20, To: new(100.0), Arrival: Even},
				{Name: hostile, For: 5 * time.Second, Callers: 4, Think: 10 * time.Millisecond},
			},
			Thresholds: []string{"check p50<100ms", "errors<0.1%"},
		}
		x := stalls(10*time.Second, 11*time.Second)
		stalled := x.answer
		x.answer = func(at time.Duration, line string) (time.Duration, Outcome) {
			took, o := stalled(at, line)
			if strings.HasPrefix(line, "create") {
				took += 20 * time.Millisecond
				o = Outcome{Code: 2302, Err: errors.New(hostile)}
			}
			if at > 15*time.Second && at < 15*time.Second+40*time.Millisecond {
				took = time.Minute
			}
			return took, o
		}
		r = mustRun(t, t.Context(), s, x)
	})
	r.Environment = []Fact{{"server", "epp.registry.example:700 " + hostile}, {"Go", "go1"}}
	r.Notes = []string{"A note. " + hostile}
	require.NotEmpty(t, r.Total.Failed["outcome unknown"])
	require.NotEmpty(t, r.Total.Failed["not started"])
	return r
}

// TestPage: the page names nothing that is elsewhere, and what others wrote is text on it.
func TestPage(t *testing.T) {
	page, err := Page(report(t))
	require.NoError(t, err)
	require.NotContains(t, string(page), "<img")
	require.NotContains(t, string(page), "</script></pre>")
	require.NotRegexp(t, `(?i)\ssrc=|\shref=|@import|url\(|https?:|\bfetch\(|XMLHttpRequest|javascript:|ZgotmplZ`, string(page))
	require.Contains(t, string(page), `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`)

	plots := regexp.MustCompile(`(?s)<svg viewBox="0 0 960 .*?</svg>`).FindAll(page, -1)
	require.Len(t, plots, 5)
	for _, plot := range plots {
		for d := xml.NewDecoder(bytes.NewReader(plot)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else {
				require.NoError(t, err, string(plot))
			}
		}
		require.NotRegexp(t, `NaN|Inf|d="[^"]*[eE]`, string(plot))
		require.Regexp(t, `d="M[0-9.]+ [0-9.]+L`, string(plot), "something is drawn")
	}
	for _, data := range regexp.MustCompile(`(?s)<script type="application/json">(.*?)</script>`).FindAllSubmatch(page, -1) {
		var h hover
		require.NoError(t, json.Unmarshal(data[1], &h))
		require.NotEmpty(t, h.X)
		require.Len(t, h.Head, len(h.X))
		require.Len(t, h.Rows, len(h.X))
	}
}

// TestPageOfManyCommands says which of many have a curve; a mix for its heading is broken
// between commands.
func TestPageOfManyCommands(t *testing.T) {
	r := &Report{Name: "mix check=9,info=5"}
	for i := range 10 {
		r.Commands = append(r.Commands, Figures{Name: string(rune('a' + i)), Due: 10 - i, Curve: []Point{{0.5, 1}, {0.9, 2}}})
	}
	page, err := Page(r)
	require.NoError(t, err)
	require.Contains(t, string(page), "<h1>mix check=9,<wbr>info=5</h1>")
	require.Contains(t, string(page), "or were too few to tell. Of the 10 commands those 8 of which most were due have a curve.")
	r.Commands = r.Commands[:maxCurves]
	page, err = Page(r)
	require.NoError(t, err)
	require.NotContains(t, string(page), "have a curve")
}

// TestPageOfLittle: a run of which there is nearly nothing to show has a page, too.
func TestPageOfLittle(t *testing.T) {
	for _, r := range []*Report{
		{},
		{Series: []Moment{{}}, Interval: 1},
		{Series: []Moment{{P50: new(1.0), Due: 1}}, Interval: 1, Phases: []PhaseFigures{{Seconds: 0.2}}},
	} {
		page, err := Page(r)
		require.NoError(t, err)
		require.NotRegexp(t, `NaN|Inf[^o]|ZgotmplZ`, string(page))
		require.NoError(t, Text(io.Discard, r))
		_, err = JSON(r)
		require.NoError(t, err)
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Text(&b, report(t)))
	text := b.String()
	require.Regexp(t, `(?m)^ +check +\d+ +\d+ +[0-9.]+% +[0-9.]+ +1\.00 `, text)
	require.Regexp(t, `result codes: 1000 \d+ times, 2302 \d+ times`, text)
	require.Regexp(t, `without an answer: \d+ not started, \d+ outcome unknown`, text)
	require.Contains(t, text, "pass  check p50<100ms: 1 ms\n")
	require.Contains(t, text, "FAIL  errors<0.1%: ")
	require.Contains(t, text, "query within 2s>=90% (ICANN)")
}

// browser is a headless Chromium.
func browser(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium here; the Debian package chromium has it")
	return ""
}

// probe moves the pointer over each plot, and notes what the page then shows.
const probe = `<script>
document.querySelectorAll(".plot > svg").forEach((svg, i) => {
	const box = svg.getBoundingClientRect();
	svg.dispatchEvent(new PointerEvent("pointermove", {clientX: box.left + box.width / 2, clientY: box.top + 50}));
	document.body.setAttribute("data-tip" + i, document.querySelector(".tip").textContent);
	document.body.setAttribute("data-wide" + i, box.width > 300 && box.height > 100);
});
</script>`

// TestBrowser looks at the page with a browser: it asks for nothing else, has no errors,
// and shows plots that answer the pointer.
func TestBrowser(t *testing.T) {
	path := browser(t)
	page, err := Page(report(t))
	require.NoError(t, err)
	page = bytes.Replace(page, []byte("</body>"), []byte(probe+"</body>"), 1)
	asked := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked <- q.URL.Path
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	}))
	defer server.Close()
	home, err := os.MkdirTemp("", "eppkit-load-")
	require.NoError(t, err)
	defer os.RemoveAll(home) // helpers of the browser may still write there: nobody minds what is left
	cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--enable-logging=stderr", "--user-data-dir="+home, "--virtual-time-budget=3000", "--dump-dom", server.URL+"/report.html")
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	cmd.WaitDelay = 10 * time.Second
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	require.NoError(t, cmd.Run(), log.String())
	dom := out.String()
	require.NotContains(t, log.String(), "CONSOLE")
	require.Contains(t, dom, `data-ready="yes"`)
	require.Equal(t, "/report.html", <-asked)
	for len(asked) > 0 {
		require.Equal(t, "/favicon.ico", <-asked, "only the browser itself asks for more")
	}
	for i, says := range []string{`p50: .*p99: `, `answered: .*asked: `, `check: .*info: `, `sessions open: 2`, `commands waiting: `} {
		require.Regexp(t, `data-tip`+string(rune('0'+i))+`="[^"]*`+says, dom)
		require.Contains(t, dom, `data-wide`+string(rune('0'+i))+`="true"`)
	}
}
