package fred_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func (w *walk) createContact() {
	ref, clID := w.free(registry.Contact), w.pick(walkers...)
	if w.does(clID, w.canCreate(ref, 1000), createContact(ref.Handle, "")) {
		w.add(&thing{ref: ref, clID: clID})
	}
}

// canCreate is the code of a create for a handle; otherwise is it where the handle is free.
func (w *walk) canCreate(ref registry.Ref, otherwise int) int {
	until, protected := w.model.protected[ref]
	switch {
	case w.model.things[ref] != nil:
		return 2302
	case protected && w.model.now.Before(until):
		return 2306
	}
	return otherwise
}

func (w *walk) add(d *thing) {
	w.model.things[d.ref] = d
	w.model.relink()
}

// createSet asks for a set with techs.
func createSet(kind, handle string, techs ...string) string {
	if kind == registry.NSSet {
		return createNSSet(handle, two, techs...)
	}
	return createKeySet(handle, good, techs...)
}

func (w *walk) createSet(kind string) {
	ref, clID := w.free(kind), w.pick(walkers...)
	techs := w.handles(registry.Contact, 1+w.rnd.IntN(2))
	want := 1000
	if w.missing(registry.Contact, techs...) || repeats(techs) {
		want = 2306
	}
	if w.does(clID, w.canCreate(ref, want), createSet(kind, ref.Handle, techs...)) {
		w.add(&thing{ref: ref, clID: clID, contacts: techs})
	}
}

func (w *walk) createDomain() {
	ref, clID, n := w.free(registry.Domain), w.pick(walkers...), 1+w.rnd.IntN(3)
	if w.chance(12) {
		n = 11
	}
	d := &thing{ref: ref, clID: clID, registrant: w.handle(registry.Contact), contacts: w.handles(registry.Contact, w.rnd.IntN(3))}
	content := years(n)
	if w.chance(3) {
		d.nsset = w.handle(registry.NSSet)
		content += el("nsset", d.nsset)
	}
	if w.chance(3) {
		d.keyset = w.handle(registry.KeySet)
		content += el("keyset", d.keyset)
	}
	content += el("registrant", d.registrant) + tag("admin", d.contacts...)
	price := registry.Amount(20_00 + 150_00*n)
	want := 1000
	switch {
	case w.model.things[ref] != nil:
		want = 2302
	case n > 10:
		want = 2004
	case w.missing(registry.Contact, append(d.contacts, d.registrant)...) || repeats(d.contacts) ||
		w.missing(registry.NSSet, d.nsset) || w.missing(registry.KeySet, d.keyset):
		want = 2306
	case w.model.credit[clID] < price:
		want = 2104
	}
	if w.does(clID, want, domainCommand("create", strings.ToUpper(ref.Handle), content)) {
		w.model.pay(clID, price)
		d.ex = monthsOn(w.model.today(), 12*n)
		w.model.plan(d)
		w.add(d)
	}
}

func (w *walk) renewDomain() {
	ref, d, clID := w.object(registry.Domain)
	n, day := 1+w.rnd.IntN(5), walkStart
	if d != nil && !w.chance(8) {
		day = d.ex
	}
	price := registry.Amount(150_00 * n)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case !day.Equal(d.ex):
		want = 2306
	case d.clID != clID:
		want = 2201
	case d.has("serverRenewProhibited") || d.candidate():
		want = 2304
	case monthsOn(d.ex, 12*n).After(monthsOn(w.model.today(), 120)):
		want = 2004
	case w.model.credit[clID] < price:
		want = 2104
	}
	if w.does(clID, want, domainCommand("renew", ref.Handle, el("curExpDate", day.Format(time.DateOnly)), years(n))) {
		w.model.pay(clID, price)
		d.ex = monthsOn(d.ex, 12*n)
		w.model.plan(d)
	}
}

// changesOf is what an update adds and removes of contacts, and whether it may.
func (w *walk) changesOf(name string, there []string) (add, rem []string, xml string, ok bool) {
	add, rem = w.handles(registry.Contact, w.rnd.IntN(2)), w.handles(registry.Contact, w.rnd.IntN(2))
	if len(there) > 0 && len(rem) > 0 && !w.chance(3) {
		rem = []string{there[w.rnd.IntN(len(there))]}
	}
	if len(add) > 0 {
		xml += el("add", tag(name, add...))
	}
	if len(rem) > 0 {
		xml += el("rem", tag(name, rem...))
	}
	has := func(id string) bool { return slices.Contains(there, id) }
	lacks := func(id string) bool { return !has(id) }
	ok = !w.missing(registry.Contact, append(add, rem...)...) && !slices.ContainsFunc(add, has) && !slices.ContainsFunc(rem, lacks)
	return add, rem, xml, ok
}

func changedContacts(there, add, rem []string) []string {
	list := slices.DeleteFunc(slices.Clone(there), func(id string) bool { return slices.Contains(rem, id) })
	return append(list, add...)
}

func (w *walk) updateDomain() {
	ref, d, clID := w.object(registry.Domain)
	fresh := thing{}
	if d != nil {
		fresh = *d
	}
	add, rem, xml, ok := w.changesOf("admin", fresh.contacts)
	fresh.contacts = changedContacts(fresh.contacts, add, rem)
	chg := ""
	if w.chance(2) {
		fresh.nsset = w.pick("", w.handle(registry.NSSet))
		chg += el("nsset", fresh.nsset)
		ok = ok && !w.missing(registry.NSSet, fresh.nsset)
	}
	if w.chance(2) {
		fresh.keyset = w.pick("", w.handle(registry.KeySet))
		chg += el("keyset", fresh.keyset)
		ok = ok && !w.missing(registry.KeySet, fresh.keyset)
	}
	holder := w.chance(2)
	if holder {
		fresh.registrant = w.handle(registry.Contact)
		chg += el("registrant", fresh.registrant)
		ok = ok && !w.missing(registry.Contact, fresh.registrant)
	}
	code := ""
	if w.chance(3) {
		code = w.choice()
		chg += el("authInfo", code)
	}
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.clID != clID:
		want = 2201
	case d.has("serverUpdateProhibited") || d.candidate():
		want = 2304
	case holder && d.has("serverRegistrantChangeProhibited"):
		want = 2304
	case !ok:
		want = 2306
	}
	if w.does(clID, want, domainCommand("update", ref.Handle, xml, el("chg", chg))) {
		*d = fresh
		w.model.plan(d)
		w.model.relink()
		if code != "" {
			w.setCode(ref, clID, code)
		}
	}
}

// choice is an authInfo that a registrar has thought up.
func (w *walk) choice() string {
	w.made++
	return "own-choice-" + strconv.Itoa(w.made)
}

func (w *walk) setCode(ref registry.Ref, clID, code string) {
	w.model.setCode(ref, clID, code)
	w.last[ref] = code
}

func (w *walk) updateSet(kind string) {
	ref, d, clID := w.object(kind)
	fresh := thing{}
	if d != nil {
		fresh = *d
	}
	add, rem, xml, ok := w.changesOf("tech", fresh.contacts)
	fresh.contacts = changedContacts(fresh.contacts, add, rem)
	code := w.choice()
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.clID != clID:
		want = 2201
	case !ok || len(fresh.contacts) == 0 || len(fresh.contacts) > 10:
		want = 2306
	}
	if w.does(clID, want, command("update", kind, id(ref.Handle)+xml+el("chg", el("authInfo", code)))) {
		*d = fresh
		w.model.touch(d)
		w.setCode(ref, clID, code)
	}
}

// updateContact tells the sponsors of its domains, but not who does it.
func (w *walk) updateContact() {
	ref, d, clID := w.object(registry.Contact)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.clID != clID:
		want = 2201
	}
	if !w.does(clID, want, updateContact(ref.Handle, el("voice", "+420.541"+strconv.Itoa(100_000+w.rnd.IntN(900_000))))) {
		return
	}
	w.model.touch(d)
	var to []string
	for _, by := range w.model.referrers(ref, registry.Domain) {
		if who := w.model.things[by].clID; who != clID && !slices.Contains(to, who) {
			to = append(to, who)
		}
	}
	slices.Sort(to)
	for _, who := range to {
		w.model.tell(who, "updateData", ref.Handle)
	}
}

func (w *walk) delete(kind string) {
	ref, d, clID := w.object(kind)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.clID != clID:
		want = 2201
	case len(w.model.referrers(ref)) > 0:
		want = 2305
	case d.has("serverUpdateProhibited", "serverDeleteProhibited") || d.candidate():
		want = 2304
	}
	if w.does(clID, want, command("delete", kind, tag(namespaces[kind].id, ref.Handle))) {
		w.model.remove(d)
	}
}

// sendCode asks for an authInfo. Whose the object is does not matter.
func (w *walk) sendCode(kind string) {
	ref, d, _ := w.object(kind)
	clID := w.pick(walkers...)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.has("serverTransferProhibited"):
		want = 2304
	}
	if w.does(clID, want, sendAuthInfo(kind, ref.Handle)) {
		mail, _ := w.Outbox.Last()
		if mail.About != ref || mail.RequestedBy != clID {
			w.fail("%s", mail)
		}
		w.setCode(ref, clID, string(mail.AuthInfo))
	}
}

// shown is an authInfo that may be right for an object, and that of which object it is.
func (w *walk) shown(d *thing) (code string, valid *modelCode) {
	code = "wrong"
	if d == nil || w.chance(5) {
		return code, nil
	}
	// That of the object, or of a contact of it; or of some contact.
	owners := []registry.Ref{d.ref}
	for _, ref := range d.links() {
		if ref.Kind == registry.Contact {
			owners = append(owners, ref)
		}
	}
	for _, of := range owners {
		if c, known := w.last[of]; known && (code == "wrong" || w.chance(2)) {
			code = c
		}
	}
	if w.chance(5) {
		if c, known := w.last[registry.Ref{Kind: registry.Contact, Handle: w.handle(registry.Contact)}]; known {
			code = c
		}
	}
	for _, of := range owners {
		if valid = w.model.valid(of, code); valid != nil {
			break
		}
	}
	return code, valid
}

func (w *walk) transfer(kind string) {
	ref, d, _ := w.object(kind)
	clID := w.pick(walkers...)
	code, valid := w.shown(d)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case d.clID == clID:
		want = 2106
	case d.has("serverTransferProhibited") || d.candidate():
		want = 2304
	case valid == nil:
		want = 2202
	}
	if w.does(clID, want, transfer(kind, ref.Handle, code)) {
		valid.uses++ // which is of no account where it ends
		w.model.cancel(ref)
		if kind == registry.Domain {
			w.model.plan(d)
		}
		w.model.tell(d.clID, "trnData", ref.Handle)
		d.clID = clID
	}
}

// infoWithCode tries an authInfo, which stays.
func (w *walk) infoWithCode(kind string) {
	ref, d, clID := w.object(kind)
	code, _ := w.shown(d)
	valid := w.model.valid(ref, code)
	want := 1000
	switch {
	case d == nil:
		want = 2303
	case valid == nil:
		want = 2202
	}
	if w.does(clID, want, info(kind, ref.Handle, code)) {
		valid.uses++
	}
}

func (w *walk) test() {
	ref, d, clID := w.object(registry.NSSet)
	want := 1000
	if d == nil {
		want = 2303
	}
	if w.does(clID, want, testFrame("<n:id>"+ref.Handle+"</n:id>")) {
		w.model.tests = append(w.model.tests, modelTest{w.model.now.Add(time.Minute), clID, ref.Handle})
	}
}

func (w *walk) list(kind string) {
	clID := w.pick(walkers...)
	local := map[string]string{
		registry.Contact: "listContacts", registry.Domain: "listDomains", registry.NSSet: "listNssets", registry.KeySet: "listKeysets",
	}[kind]
	var want []string
	for ref, d := range w.model.things {
		if ref.Kind == kind && d.clID == clID {
			want = append(want, ref.Handle)
		}
	}
	slices.Sort(want)
	got, _ := prepared(w.t, w.conn[clID], local, "")
	if !slices.Equal(got, want) {
		w.fail("%s of %s are %v, and the model says %v", local, clID, got, want)
	}
}
