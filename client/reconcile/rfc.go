package reconcile

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/secdns"
)

// The objects of RFC 5731 to 5733, and the extension of RFC 5910.

func domainState(m *domain.InfData) *state {
	st := &state{
		there: true, full: m.CrID != "" || !m.CrDate.IsZero(), roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate, exDate: m.ExDate,
		status: statusesOf(m.Status), values: values{},
	}
	v := st.values
	v.put("status", st.status...)
	v.put("registrant", m.Registrant)
	v.put("contact", contacts(m.Contacts)...)
	v.put("ns", nameServers(m.NS)...)
	v.put("ns name", hostNames(m.NS)...)
	putAuthInfo(v, m.AuthInfo)
	return st
}

// putAuthInfo notes an authInfo that is shown. An empty one may stand for one that is not
// (RFC 9154, section 5.3).
func putAuthInfo(v values, m *epp.AuthInfo) {
	if m != nil && m.Ext == nil && m.PW != "" {
		v.put(fieldAuthInfo, string(m.PW))
	}
}

// wishAuthInfo notes an authInfo that a command sets.
func wishAuthInfo(v values, m *epp.AuthInfo) {
	if m != nil {
		v.put(fieldAuthInfo, string(m.PW))
	}
}

func contacts(list []domain.Contact) []string {
	var all []string
	for _, c := range list {
		all = append(all, strings.TrimSpace(c.Type+" "+c.ID))
	}
	return all
}

// nameServers are the names, with those addresses that were given with them.
func nameServers(m *domain.NameServers) []string {
	if m == nil {
		return nil
	}
	var all []string
	for _, name := range m.HostObj {
		all = append(all, strings.ToLower(name))
	}
	for _, h := range m.HostAttr {
		s := strings.ToLower(h.HostName)
		v := values{}
		for _, a := range h.HostAddr {
			v.put("", append(v[""], address(a.Addr))...)
		}
		if len(v[""]) > 0 {
			s += " " + strings.Join(v[""], " ")
		}
		all = append(all, s)
	}
	return all
}

// hostNames are those of name servers that are parts of the domain.
func hostNames(m *domain.NameServers) []string {
	if m == nil {
		return nil
	}
	var all []string
	for _, h := range m.HostAttr {
		all = append(all, strings.ToLower(h.HostName))
	}
	return all
}

// address writes an IP address in its shortest form.
func address(s string) string {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.String()
	}
	return s
}

func domainCreate(m *domain.Create) *wish {
	w := newWish()
	if m.NS != nil {
		w.set.put("ns", nameServers(m.NS)...)
	}
	if m.Registrant != "" {
		w.set.put("registrant", m.Registrant)
	}
	w.set.some("contact", contacts(m.Contacts)...)
	wishAuthInfo(w.set, m.AuthInfo)
	return w
}

func domainUpdate(m *domain.Update) *wish {
	w := newWish()
	each := func(v values, a *domain.AddRem) {
		if a != nil {
			v.some("ns", nameServers(a.NS)...)
			v.some("contact", contacts(a.Contacts)...)
			v.some("status", statusesOf(a.Status)...)
		}
	}
	each(w.add, m.Add)
	each(w.rem, m.Rem)
	if m.Rem != nil && m.Rem.NS != nil && len(m.Rem.NS.HostAttr) > 0 { // the name is enough to remove one
		delete(w.rem, "ns")
		w.rem.put("ns name", hostNames(m.Rem.NS)...)
	}
	if m.Chg != nil {
		w.set.optional("registrant", m.Chg.Registrant)
		if a := m.Chg.AuthInfo; a != nil {
			w.set.put(fieldAuthInfo, string(a.PW))
		}
	}
	return w
}

func contactState(m *contact.InfData) *state {
	st := &state{
		there: true, full: true, roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate,
		status: statusesOf(m.Status), values: values{},
	}
	v := st.values
	v.put("status", st.status...)
	for _, form := range []string{contact.Int, contact.Loc} {
		for _, part := range []string{"name", "org", "addr"} {
			v.put(form + " " + part)
		}
	}
	for _, p := range m.PostalInfo {
		v.put(p.Type+" name", p.Name)
		v.put(p.Type+" org", text(p.Org))
		v.put(p.Type+" addr", postal(&p.Addr))
	}
	v.put("voice", phone(m.Voice))
	v.put("fax", phone(m.Fax))
	v.put("email", m.Email)
	putAuthInfo(v, m.AuthInfo)
	if m.Disclose != nil {
		v.put("disclose", disclose(m.Disclose))
	}
	return st
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func phone(m *epp.E164) string {
	if m == nil {
		return ""
	}
	if x := text(m.X); x != "" {
		return m.Number + "x" + x
	}
	return m.Number
}

func postal(m *epp.Addr) string { return lines(m.Street, m.City, text(m.SP), text(m.PC), m.CC) }

// lines joins the parts of an address. Empty ones say nothing.
func lines(street []string, more ...string) string {
	var all []string
	for _, s := range append(append([]string(nil), street...), more...) {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, "; ")
}

func disclose(m *contact.Disclose) string {
	v := values{}
	for name, forms := range map[string][]contact.IntLoc{"name": m.Name, "org": m.Org, "addr": m.Addr} {
		for _, f := range forms {
			v.put("", append(v[""], string(f)+" "+name)...)
		}
	}
	for name, there := range map[string]bool{"voice": m.Voice, "fax": m.Fax, "email": m.Email} {
		if there {
			v.put("", append(v[""], name)...)
		}
	}
	return fmt.Sprint(m.Flag, " ", strings.Join(v[""], ", "))
}

func contactCreate(m *contact.Create) *wish {
	w := newWish()
	for _, p := range m.PostalInfo {
		w.set.put(p.Type+" name", p.Name)
		w.set.put(p.Type+" org", text(p.Org))
		w.set.put(p.Type+" addr", postal(&p.Addr))
	}
	if m.Voice != nil {
		w.set.put("voice", phone(m.Voice))
	}
	if m.Fax != nil {
		w.set.put("fax", phone(m.Fax))
	}
	w.set.put("email", m.Email)
	wishAuthInfo(w.set, m.AuthInfo)
	if m.Disclose != nil {
		w.set.put("disclose", disclose(m.Disclose))
	}
	return w
}

func contactUpdate(m *contact.Update) *wish {
	w := newWish()
	if m.Add != nil {
		w.add.some("status", statusesOf(m.Add.Status)...)
	}
	if m.Rem != nil {
		w.rem.some("status", statusesOf(m.Rem.Status)...)
	}
	c := m.Chg
	if c == nil {
		return w
	}
	for _, p := range c.PostalInfo {
		if p.Name != "" {
			w.set.put(p.Type+" name", p.Name)
		}
		w.set.optional(p.Type+" org", p.Org)
		if p.Addr != nil {
			w.set.put(p.Type+" addr", postal(p.Addr))
		}
	}
	if c.Voice != nil {
		w.set.put("voice", phone(c.Voice))
	}
	if c.Fax != nil {
		w.set.put("fax", phone(c.Fax))
	}
	if c.Email != "" {
		w.set.put("email", c.Email)
	}
	wishAuthInfo(w.set, c.AuthInfo)
	if c.Disclose != nil {
		w.set.put("disclose", disclose(c.Disclose))
	}
	return w
}

func hostState(m *host.InfData) *state {
	st := &state{
		there: true, full: true, roid: m.ROID,
		clID: m.ClID, crID: m.CrID, upID: m.UpID,
		crDate: m.CrDate, upDate: m.UpDate, trDate: m.TrDate,
		status: statusesOf(m.Status), values: values{},
	}
	st.values.put("name", strings.ToLower(m.Name))
	st.values.put("status", st.status...)
	st.values.put("addr", hostAddrs(m.Addr)...)
	return st
}

func hostAddrs(list []host.Addr) []string {
	var all []string
	for _, a := range list {
		all = append(all, address(a.Addr))
	}
	return all
}

func hostCreate(m *host.Create) *wish {
	w := newWish()
	w.set.some("addr", hostAddrs(m.Addr)...)
	return w
}

func hostUpdate(m *host.Update) *wish {
	w := newWish()
	each := func(v values, a *host.AddRem) {
		if a != nil {
			v.some("addr", hostAddrs(a.Addr)...)
			v.some("status", statusesOf(a.Status)...)
		}
	}
	each(w.add, m.Add)
	each(w.rem, m.Rem)
	if m.Chg != nil && m.Chg.Name != "" {
		w.set.put("name", strings.ToLower(m.Chg.Name))
	}
	return w
}

// secDNSShown notes what an answer shows of a delegation's signatures.
func secDNSShown(v values, m *secdns.InfData) {
	v.put("dsData", dsData(m.DSData)...)
	v.put("keyData", keyData(m.KeyData)...)
	v.put("maxSigLife", number(m.MaxSigLife))
}

func secDNSCreate(w *wish, m *secdns.Create) {
	w.set.some("dsData", dsData(m.DSData)...)
	w.set.some("keyData", keyData(m.KeyData)...)
	if m.MaxSigLife != 0 {
		w.set.put("maxSigLife", number(m.MaxSigLife))
	}
}

func secDNSUpdate(w *wish, m *secdns.Update) {
	if m.Rem != nil {
		w.rem.some("dsData", dsData(m.Rem.DSData)...)
		w.rem.some("keyData", keyData(m.Rem.KeyData)...)
	}
	var add secdns.Add
	if m.Add != nil {
		add = *m.Add
	}
	if m.Rem != nil && m.Rem.All != nil && *m.Rem.All {
		w.set.put("dsData", dsData(add.DSData)...)
		w.set.put("keyData", keyData(add.KeyData)...)
	} else {
		w.add.some("dsData", dsData(add.DSData)...)
		w.add.some("keyData", keyData(add.KeyData)...)
	}
	if m.Chg != nil && m.Chg.MaxSigLife != 0 {
		add.MaxSigLife = m.Chg.MaxSigLife
	}
	if add.MaxSigLife != 0 {
		w.set.put("maxSigLife", number(add.MaxSigLife))
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// dsData leaves out the key of which a record was made: a registry may not keep it.
func dsData(list []secdns.DSData) []string {
	var all []string
	for _, d := range list {
		all = append(all, fmt.Sprintf("%d %d %d %s", d.KeyTag, d.Alg, d.DigestType, strings.ToUpper(d.Digest)))
	}
	return all
}

func keyData(list []epp.DNSKey) []string {
	var all []string
	for _, k := range list {
		all = append(all, fmt.Sprintf("%d %d %d %s", k.Flags, k.Protocol, k.Alg, strings.Join(strings.Fields(k.PubKey), "")))
	}
	return all
}
