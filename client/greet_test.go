package client_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// RFC 5730, section 2.4: a server begins with a greeting. Whatever else comes is an
// error that says what it was, and the end of the session.
func TestGreeting(t *testing.T) {
	whole := frameOf(t, greeting())
	for name, tt := range map[string]struct {
		script  []step
		want    string // in the error; "" is success
		invalid bool   // the answer was not what the protocol has here
	}{
		"a greeting":             {script: []step{greet}},
		"one octet at a time":    {script: []step{trickle(greeting())}},
		"HTML":                   {[]step{document("<html/>")}, "root element", true},
		"garbage":                {[]step{document("220 ready\r\n")}, "xml: line 1", true},
		"a response":             {[]step{send(result(epp.Success, "ABC-1"))}, "a response where the greeting is due", true},
		"a command":              {[]step{send(&epp.Command{Request: &epp.Logout{}})}, "a command where the greeting is due", true},
		"a hello":                {[]step{send(&epp.Hello{})}, "a hello where the greeting is due", true},
		"header 0":               {[]step{octets(header(0))}, "claims too little", true},
		"header 3":               {[]step{octets(header(3))}, "claims too little", true},
		"header 4":               {[]step{octets(header(4))}, "claims too little", true},
		"header 2^32-1":          {[]step{octets(header(1<<32 - 1))}, "claims more than the limit", true},
		"header of the text HTT": {[]step{octets([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))}, "claims more than the limit", true},
		"one octet over limit":   {[]step{octets(header(epp.DefaultMaxFrame + 1))}, "claims more than the limit", true},
		"nothing":                {[]step{deaf}, "deadline exceeded", false},
		"half a header, silence": {[]step{octets(whole[:2]), deaf}, "deadline exceeded", false},
		"half a body, silence":   {[]step{octets(whole[:99]), deaf}, "deadline exceeded", false},
		"closed":                 {[]step{hangUp}, "the server closed the connection", false},
		"cut in the header":      {[]step{octets(whole[:3]), hangUp}, "ended inside a frame's header", false},
		"cut after the header":   {[]step{octets(whole[:4]), hangUp}, "ended inside a frame of", false},
		"cut in the body":        {[]step{octets(whole[:99]), hangUp}, "ended inside a frame of", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := client.New(play(t, tt.script...), client.Options{Schema: schema(t), Timeout: 5 * time.Second})
				defer s.Close()
				start := time.Now()
				g, err := s.Greet(t.Context())
				if tt.want == "" {
					require.NoError(t, err)
					require.Equal(t, "Example registry", g.SvID)
					require.Same(t, g, s.Greeting())
					require.NoError(t, s.Err())
					return
				}
				requireFate(t, client.NotSent, err)
				require.ErrorContains(t, err, "client: greeting: ")
				require.ErrorContains(t, err, tt.want)
				if tt.invalid {
					require.ErrorIs(t, err, client.ErrInvalidAnswer)
				} else {
					require.NotErrorIs(t, err, client.ErrInvalidAnswer)
				}
				if tt.want == "deadline exceeded" {
					require.ErrorIs(t, err, context.DeadlineExceeded)
					require.Equal(t, 5*time.Second, time.Since(start))
				} else {
					require.Zero(t, time.Since(start))
				}
				require.Nil(t, s.Greeting())
				<-s.Done()

				_, err = client.Do(t.Context(), s, check("a.example"))
				requireFate(t, client.NotSent, err)
				require.ErrorContains(t, err, "no greeting: ")
				require.ErrorContains(t, err, tt.want)
				_, again := s.Greet(t.Context())
				requireFate(t, client.NotSent, again)
			})
		})
	}
}

func TestGreetingContext(t *testing.T) {
	t.Run("its deadline comes before the default", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			_, err := client.New(play(t, deaf), client.Options{}).Greet(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, time.Second, time.Since(start))
		})
	})
	t.Run("cancelled while it waits, with a cause", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(context.DeadlineExceeded) })
			_, err := client.New(play(t, deaf), client.Options{}).Greet(ctx)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
	t.Run("cancelled before", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := client.New(play(t, greet), client.Options{}).Greet(ctx)
			require.ErrorIs(t, err, context.Canceled)
		})
	})
	t.Run("a deadline that passes later does no harm", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := client.New(play(t, greet, expect("check"), reply(0, epp.Success)), client.Options{Schema: schema(t)})
			defer s.Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := s.Greet(ctx)
			require.NoError(t, err)
			<-ctx.Done()
			chk, err := client.Do(t.Context(), s, check("a.example"))
			requireName(t, "a.example", chk, err)
		})
	})
}

func TestGreetTwice(t *testing.T) {
	s := session(t, client.Options{})
	_, err := s.Greet(t.Context())
	require.ErrorContains(t, err, "received already")
	require.NoError(t, s.Err(), "the session goes on")
}

func TestCloseDuringGreet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := client.New(play(t, deaf), client.Options{})
		done := make(chan error)
		go func() {
			_, err := s.Greet(t.Context())
			done <- err
		}()
		synctest.Wait()
		require.NoError(t, s.Close())
		err := <-done
		requireFate(t, client.NotSent, err)
		require.ErrorIs(t, err, client.ErrClosed)
		require.ErrorIs(t, s.Err(), client.ErrClosed)
	})
}

func TestBeforeGreet(t *testing.T) {
	s := client.New(play(t), client.Options{})
	defer s.Close()
	for _, err := range []error{
		func() error { _, err := client.Do(t.Context(), s, check("a.example")); return err }(),
		func() error { _, err := s.Hello(t.Context()); return err }(),
		s.Login(t.Context(), client.Credentials{ClID: "REG-A", PW: "example1"}),
	} {
		requireFate(t, client.NotSent, err)
		require.ErrorContains(t, err, "call Greet first")
	}
	require.NoError(t, s.Err())
}

func TestCloseBeforeGreet(t *testing.T) {
	s := client.New(play(t), client.Options{})
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Greet(t.Context())
	require.ErrorIs(t, err, client.ErrClosed)
}

func TestMaxFrame(t *testing.T) {
	size := len(frameOf(t, greeting()))
	for limit, ok := range map[int]bool{size - 1: false, size: true, -1: true, 0: true} {
		s := client.New(play(t, greet), client.Options{MaxFrame: limit})
		_, err := s.Greet(t.Context())
		if ok {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, epp.ErrFrameTooLong)
		}
		s.Close()
	}
	s := client.New(play(t, octets(header(1<<32-1))), client.Options{MaxFrame: -1})
	_, err := s.Greet(t.Context())
	require.ErrorIs(t, err, epp.ErrFrameTooLong, "a negative limit is not the absence of one")
}

func frameOf(t *testing.T, m epp.Message) []byte {
	frame, err := epp.AppendFrame(nil, m)
	require.NoError(t, err)
	return frame
}
