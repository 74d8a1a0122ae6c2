package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Delete removes a domain.
type Delete struct{ Name string }

// XMLName is domain:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <domain:delete>.
func (m *Delete) Fields(x *epp.Codec) { name(x, &m.Name) }

// DelData is the poll message that the registry removed a domain.
type DelData struct {
	Name   string
	ExDate time.Time // the day it expired
}

// XMLName is domain:delData.
func (*DelData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delData"} }

// Fields walks the content of <domain:delData>.
func (m *DelData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ExDate) }
