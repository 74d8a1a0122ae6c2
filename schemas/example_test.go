package schemas_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/eppkit/eppkit/schemas"
)

func ExampleValidator_Validate() {
	v, err := schemas.New(schemas.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	err = v.Validate(context.Background(), []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
  <command>
    <renew>
      <domain:renew xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">
        <domain:name>sauna.example</domain:name>
        <domain:period unit="y">100</domain:period>
      </domain:renew>
    </renew>
  </command>
</epp>`))
	var invalid *schemas.Error
	if errors.As(err, &invalid) {
		for _, violation := range invalid.Violations {
			fmt.Println(violation)
		}
	}
	// Output:
	// line 6, column 9: /epp/command/renew/domain:renew/domain:period: must not stand here: domain:curExpDate is expected
	// line 4, column 7: /epp/command/renew/domain:renew: is not complete: domain:curExpDate is expected
}
