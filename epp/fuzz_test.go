package epp_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/epptest"
)

// FuzzDecodeEncode reads whatever it can, and requires that what is written of it is
// stable, and that a strict reader accepts nothing that a tolerant one refuses.
func FuzzDecodeEncode(f *testing.F) {
	for _, c := range messages() {
		f.Add([]byte(head + c.xml + tail))
	}
	for _, xml := range []string{
		command(`<frob a="1">x<y/></frob>`), response(`<result code="2005"><msg>no</msg><value a="1">x<y xmlns=""/>z</value></result>` + trIDXML),
		response(okXML + `<msgQ count="1" id="1"><msg>x <y xmlns="u">z</y><!-- --> &#13;</msg></msgQ>` + trIDXML),
		response(okXML + `<resData xmlns:x="urn:x" xmlns:y="urn:y"><x:a y:b="y:c"/>` + typesXML("<t:date>soon</t:date>") + `</resData>` + trIDXML),
		`<extension xmlns:x="urn:x"><x:a/><b xmlns=""/></extension>`, `<hello>x</hello>`,
	} {
		f.Add([]byte(head + xml + tail))
	}
	f.Add([]byte("\ufeff<e:epp xmlns:e='urn:ietf:params:xml:ns:epp-1.0' xmlns='urn:d'><e:extension><x:a xmlns:x='urn:x'><b/></x:a></e:extension></e:epp>"))
	s := ownSchema(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		_, err := s.Parse(frame)
		if err != nil {
			var syntax *epp.SyntaxError
			var field *epp.FieldError
			require.True(t, errors.As(err, &syntax) || errors.As(err, &field), "%T", err)
			_, err = s.ParseStrict(frame)
			require.Error(t, err)
			return
		}
		epptest.Stable(t, s, frame)
		epptest.Stable(t, nil, frame)
	})
}
