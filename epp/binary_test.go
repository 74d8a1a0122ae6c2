package epp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// XML Schema part 2, 3.2.6, 3.2.15 and 3.2.16.
func TestForms(t *testing.T) {
	for form, tt := range map[string]struct {
		of       func(*string) Value
		yes, not []string
	}{
		"xs:duration": {
			Duration,
			[]string{"P1Y", "P1Y2M3DT10H30M", "-P120D", "PT1004199059S", "PT130S", "PT2M10S", "P0Y", "PT0.5S", " P5D\n", "P1347M"},
			[]string{"", "P", "PT", "1Y", "P-1347M", "P1Y2MT", "P1S", "P1D1Y", "PT1.5M", "P1.5D", "PT.5S", "PT5.S", "P1YT", "--P1D", "P1YX", "PT1", "P 1D"},
		},
		"xs:hexBinary":    {Hex, []string{"", "0FB7", "0fb7", " 00 "}, []string{"0", "0g", "00 00"}},
		"xs:base64Binary": {Base64, []string{"", "AA==", "A A = =", "AAA=", "\nAAAA\nAAAA\n"}, []string{"A", "AA=", "AB==", "AAAA=", "A-A="}},
	} {
		t.Run(form, func(t *testing.T) {
			for _, s := range tt.yes {
				var v string
				require.NoError(t, tt.of(&v).parse(s), "%q", s)
				require.Equal(t, Collapse(s), v)
				out, err := tt.of(&s).append(nil, false)
				require.NoError(t, err)
				require.Equal(t, v, string(out))
			}
			for _, s := range tt.not {
				var v string
				var no *ValueError
				require.ErrorAs(t, tt.of(&v).parse(s), &no, "%q", s)
				_, err := tt.of(&s).append(nil, false)
				require.ErrorAs(t, err, &no)
			}
		})
	}
}

func TestExact(t *testing.T) {
	var v string
	require.NoError(t, Exact(&v).parse(" a\n\tb "))
	require.Equal(t, " a\n\tb ", v)
}
