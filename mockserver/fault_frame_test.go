package mockserver_test

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// framed tests what comes in place of an answer's frame and of the greeting's: wire
// gets the document, and what came in one write.
func framed(f fault.Fault, check func(t *testing.T, doc string, came []byte)) func(*testing.T) {
	return func(t *testing.T) {
		f := f
		f.Match = onCheck
		p, s, _, _ := struckPipe(t, f)
		p.send(checkDoc("a.example"))
		came := p.oneWrite()
		check(t, sent(t, s), came)
		p.send(helloDoc) // the session goes on
		came = p.oneWrite()
		require.Equal(t, string(frame(sent(t, s))), string(came))

		s = newServer(t, mockserver.Options{Registry: newLedger()})
		f.Match = onGreeting
		add(t, s, f)
		p, _ = rawPipe(t, s)
		came = p.oneWrite()
		check(t, sent(t, s), came)
		p.login("REG-A")
	}
}

// claims tests a header that says something else.
func claims(kind fault.Kind, want func(octets int) uint32) func(*testing.T) {
	return framed(fault.Fault{Kind: kind}, func(t *testing.T, doc string, came []byte) {
		require.Equal(t, want(len(doc)+4), header(came))
		require.Equal(t, doc, string(came[4:]))
	})
}

// cut tests a connection that ends inside a frame, of which so much comes.
func cut(kind fault.Kind, part func(whole []byte) []byte) func(*testing.T) {
	return func(t *testing.T) {
		p, s, reg, ended := struckPipe(t, fault.Fault{Kind: kind, Match: onAny})
		p.send(gateDoc)
		came, err := io.ReadAll(p.c)
		require.NoError(t, err)
		require.Equal(t, part(frame(sent(t, s))), came)
		require.ErrorContains(t, <-ended, string(kind))
		require.EqualValues(t, 1, reg.commits.Load())
		require.Zero(t, s.Sessions("REG-A"))
	}
}

var frameFaults = map[fault.Kind]func(*testing.T){
	fault.Length0:       claims(fault.Length0, func(int) uint32 { return 0 }),
	fault.Length3:       claims(fault.Length3, func(int) uint32 { return 3 }),
	fault.Length4:       claims(fault.Length4, func(int) uint32 { return 4 }),
	fault.LengthMax:     claims(fault.LengthMax, func(int) uint32 { return math.MaxUint32 }),
	fault.LengthTooLong: claims(fault.LengthTooLong, func(n int) uint32 { return uint32(n + 1) }),
	fault.LengthShort:   claims(fault.LengthShort, func(n int) uint32 { return uint32(n - 1) }),
	fault.CutHeader:     cut(fault.CutHeader, func(whole []byte) []byte { return whole[:2] }),
	fault.CutBody:       cut(fault.CutBody, func(whole []byte) []byte { return whole[:4+(len(whole)-4)/2] }),
	fault.TwoFrames: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.TwoFrames, Match: onCheck})
			p.send(checkDoc("a.example"))
			synctest.Wait()
			p.send(gateDoc)
			came := p.oneWrite()
			first := came[:header(came)]
			require.Contains(t, string(first), "CHK-1")
			require.EqualValues(t, len(came)-len(first), header(came[len(first):]))

			began := time.Now()
			p.send(checkDoc("a.example"))
			came = p.oneWrite()
			require.EqualValues(t, len(came), header(came), "alone")
			require.Equal(t, time.Second, time.Since(began))
		})
	},
	fault.Garbage: func(t *testing.T) {
		framed(fault.Fault{Kind: fault.Garbage}, func(t *testing.T, _ string, came []byte) {
			require.Len(t, came, 64)
			require.Greater(t, header(came), uint32(1<<31), "not a length")
		})(t)
		framed(fault.Fault{Kind: fault.Garbage, Text: "\x01\x02", Framed: true}, func(t *testing.T, _ string, came []byte) {
			require.Equal(t, []byte{0, 0, 0, 6, 1, 2}, came)
		})(t)
	},
	fault.HTML: func(t *testing.T) {
		framed(fault.Fault{Kind: fault.HTML}, func(t *testing.T, _ string, came []byte) {
			require.True(t, bytes.HasPrefix(came, []byte("HTTP/1.1 502 ")))
			require.Contains(t, string(came), "<html>")
		})(t)
		framed(fault.Fault{Kind: fault.HTML, Framed: true}, func(t *testing.T, _ string, came []byte) {
			require.EqualValues(t, len(came), header(came))
			require.Contains(t, string(came[4:]), "<!DOCTYPE html>")
		})(t)
	},
	fault.WrongEncoding: framed(fault.Fault{Kind: fault.WrongEncoding}, func(t *testing.T, doc string, came []byte) {
		require.EqualValues(t, len(came), header(came))
		_, body, _ := strings.Cut(doc, "?>")
		_, got, ok := strings.Cut(string(came[4:]), `<?xml version="1.0" encoding="UTF-16"?>`)
		require.True(t, ok)
		require.Equal(t, strings.TrimSpace(body), got, "UTF-8")
	}),
	fault.Latin1: func(t *testing.T) {
		framed(fault.Fault{Kind: fault.Latin1}, func(t *testing.T, _ string, came []byte) {
			require.EqualValues(t, len(came), header(came))
			require.Contains(t, string(came), `encoding="UTF-8"`)
			require.Contains(t, string(came), "\xE9</")
			_, err := toySchema.Parse(came[4:])
			require.ErrorContains(t, err, "UTF-8")
		})(t)
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.Latin1, Match: onCheck})
		p.send(strings.Replace(checkDoc("a.example"), "a.example", "šé.example", 1))
		require.Contains(t, string(p.oneWrite()), ">?\xE9.example<")
	},
}

// The verb of the greeting at the beginning is not that of a greeting for a hello.
func TestFaultOfHello(t *testing.T) {
	p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.Length0, Match: onGreeting})
	p.send(helloDoc)
	require.IsType(t, new(epp.Greeting), p.recv())
}
