package reconcile

import (
	"fmt"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// The objects of FRED. Its handles are in capitals whatever a command says, and it never
// shows an authInfo.

func upper(list ...string) []string {
	var all []string
	for _, s := range list {
		all = append(all, strings.ToUpper(s))
	}
	return all
}

func wishSecret(v values, s *epp.Secret) {
	if s != nil {
		v.put(fieldAuthInfo, string(*s))
	}
}

func fredDomainState(m *freddomain.InfData) *state {
	st := &state{
		there: true, full: m.CrID != "" || !m.CrDate.IsZero(), roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate, exDate: m.ExDate,
		status: statusesOf(m.Status), values: values{},
	}
	if m.Registrant != "" { // it may be hidden
		st.values.put("registrant", upper(m.Registrant)...)
	}
	st.values.put("admin", upper(m.Admins...)...)
	st.values.put("nsset", upper(m.Nsset)...)
	st.values.put("keyset", upper(m.Keyset)...)
	return st
}

// fredDomainCreate leaves out the authInfo, as the others of FRED's creates do: the
// registry takes it and does not use it.
func fredDomainCreate(m *freddomain.Create) *wish {
	w := newWish()
	w.set.put("registrant", upper(m.Registrant)...)
	w.set.put("admin", upper(m.Admins...)...)
	w.set.put("nsset", upper(m.Nsset)...)
	w.set.put("keyset", upper(m.Keyset)...)
	return w
}

func fredDomainUpdate(m *freddomain.Update) *wish {
	w := newWish()
	if m.Add != nil {
		w.add.some("admin", upper(m.Add.Admins...)...)
	}
	if m.Rem != nil {
		w.rem.some("admin", upper(m.Rem.Admins...)...)
		w.set.some("rem tempcontact", upper(m.Rem.TempContacts...)...)
	}
	if c := m.Chg; c != nil {
		if c.Nsset != nil {
			w.set.put("nsset", upper(*c.Nsset)...)
		}
		if c.Keyset != nil {
			w.set.put("keyset", upper(*c.Keyset)...)
		}
		if c.Registrant != "" {
			w.set.put("registrant", upper(c.Registrant)...)
		}
		wishSecret(w.set, c.AuthInfo)
	}
	return w
}

// validation notes an ENUM domain's (enumval-1.2).
func validation(v values, day time.Time, publish *bool) {
	if !day.IsZero() {
		v.put("valExDate", day.Format(time.DateOnly))
	}
	if publish != nil {
		v.put("publish", fmt.Sprint(*publish))
	}
}

func mailing(m *extraaddr.Mailing) string {
	return lines(m.Addr.Street, m.Addr.City, m.Addr.SP, m.Addr.PC, m.Addr.CC)
}

// fredContactState leaves out what is absent, for the contact may hide it from who asks.
func fredContactState(m *fredcontact.InfData) *state {
	st := &state{
		there: true, full: true, roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate,
		status: statusesOf(m.Status), values: values{},
	}
	w := wish{set: st.values}
	w.fredContact(&m.PostalInfo, m.Voice, m.Fax, m.Email, m.VAT, m.Ident, m.NotifyEmail)
	w.set.some("disclose", fredDisclose(m.Disclose)...)
	return st
}

// fredContact notes what states, creates and updates have in common.
func (m *wish) fredContact(p *fredcontact.PostalInfo, voice, fax *string, email []string, vat *string, ident *fredcontact.Ident, notify []string) {
	if p != nil {
		if p.Name != "" {
			m.set.put("name", p.Name)
		}
		m.set.optional("org", p.Org)
		if a := p.Addr; a != nil {
			m.set.put("addr", lines(a.Street, a.City, text(a.SP), text(a.PC), a.CC))
		}
	}
	m.set.optional("voice", voice)
	m.set.optional("fax", fax)
	m.set.some("email", email...)
	m.set.optional("vat", vat)
	if ident != nil {
		m.set.put("ident", strings.TrimSpace(ident.Type+" "+ident.Text))
	}
	if notify != nil {
		m.set.put("notifyEmail", notify...)
	}
}

// fredDisclose is what is hidden or shown against the registry's policy.
func fredDisclose(m *fredcontact.Disclose) []string {
	if m == nil {
		return nil
	}
	v := values{}
	for name, there := range map[string]bool{
		"addr": m.Addr, "voice": m.Voice, "fax": m.Fax, "email": m.Email, "vat": m.VAT, "ident": m.Ident, "notifyEmail": m.NotifyEmail,
	} {
		if there {
			v.put("", append(v[""], fmt.Sprint(m.Flag, " ", name))...)
		}
	}
	return v[""]
}

func fredContactCreate(m *fredcontact.Create) *wish {
	w := newWish()
	w.fredContact(&m.PostalInfo, m.Voice, m.Fax, m.Email, m.VAT, m.Ident, m.NotifyEmail)
	w.set.some("asked disclose", fredDisclose(m.Disclose)...)
	return w
}

func fredContactUpdate(m *fredcontact.Update) *wish {
	w := newWish()
	if c := m.Chg; c != nil {
		w.fredContact(c.PostalInfo, c.Voice, c.Fax, c.Email, c.VAT, c.Ident, c.NotifyEmail)
		// The registry shows what differs from its policy, which need not be all of it.
		w.set.some("asked disclose", fredDisclose(c.Disclose)...)
		wishSecret(w.set, c.AuthInfo)
	}
	return w
}

func nssetState(m *nsset.InfData) *state {
	st := &state{
		there: true, full: true, roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate,
		status: statusesOf(m.Status), values: values{},
	}
	st.values.put("ns", fredNameServers(m.NS)...)
	st.values.put("ns name", fredNames(m.NS)...)
	st.values.put("tech", upper(m.Techs...)...)
	st.values.put("reportlevel", fmt.Sprint(m.ReportLevel))
	return st
}

func fredNames(list []nsset.NameServer) []string {
	var all []string
	for _, s := range list {
		all = append(all, strings.ToLower(s.Name))
	}
	return all
}

func fredNameServers(list []nsset.NameServer) []string {
	var all []string
	for _, s := range list {
		v := values{}
		for _, a := range s.Addrs {
			v.put("", append(v[""], address(a))...)
		}
		all = append(all, strings.Join(append([]string{strings.ToLower(s.Name)}, v[""]...), " "))
	}
	return all
}

func nssetCreate(m *nsset.Create) *wish {
	w := newWish()
	w.set.put("ns", fredNameServers(m.NS)...)
	w.set.put("tech", upper(m.Techs...)...)
	if m.ReportLevel != nil {
		w.set.put("reportlevel", fmt.Sprint(*m.ReportLevel))
	}
	return w
}

func nssetUpdate(m *nsset.Update) *wish {
	w := newWish()
	if m.Add != nil {
		w.add.some("ns", fredNameServers(m.Add.NS)...)
		w.add.some("ns name", fredNames(m.Add.NS)...)
		w.add.some("tech", upper(m.Add.Techs...)...)
	}
	if m.Rem != nil {
		var names []string
		for _, s := range m.Rem.Names {
			names = append(names, strings.ToLower(s))
		}
		w.rem.some("ns name", names...)
		w.rem.some("tech", upper(m.Rem.Techs...)...)
	}
	if c := m.Chg; c != nil {
		wishSecret(w.set, c.AuthInfo)
		if c.ReportLevel != nil {
			w.set.put("reportlevel", fmt.Sprint(*c.ReportLevel))
		}
	}
	return w
}

func keysetState(m *keyset.InfData) *state {
	st := &state{
		there: true, full: true, roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate,
		status: statusesOf(m.Status), values: values{},
	}
	st.values.put("dnskey", keyData(m.DNSKeys)...)
	st.values.put("tech", upper(m.Techs...)...)
	return st
}

func keysetCreate(m *keyset.Create) *wish {
	w := newWish()
	w.set.put("dnskey", keyData(m.DNSKeys)...)
	w.set.put("tech", upper(m.Techs...)...)
	return w
}

func keysetUpdate(m *keyset.Update) *wish {
	w := newWish()
	if m.Add != nil {
		w.add.some("dnskey", keyData(m.Add.DNSKeys)...)
		w.add.some("tech", upper(m.Add.Techs...)...)
	}
	if m.Rem != nil {
		w.rem.some("dnskey", keyData(m.Rem.DNSKeys)...)
		w.rem.some("tech", upper(m.Rem.Techs...)...)
	}
	if m.Chg != nil {
		wishSecret(w.set, m.Chg.AuthInfo)
	}
	return w
}
