package fred

import (
	"cmp"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Settings are how a registry behaves, as fixtures say it. They are those of [Options] that
// are data, which explains them, and come into force where Options leave them zero.
type Settings struct {
	// DiscloseEmails is Options.PartiallyDiscloseContactEmails, and Mask how.
	DiscloseEmails bool `yaml:"discloseEmails"`
	Mask           Mask `yaml:"mask"`
	// HideContacts has a registrar see of a stranger's contact what it discloses.
	HideContacts bool `yaml:"hideContacts"`
	// DiscloseAll discloses what a contact does not hide.
	DiscloseAll bool `yaml:"discloseAll"`
	// MailingAddress has contacts with an address for letters (extra-addr-1.0).
	MailingAddress bool `yaml:"mailingAddress"`
	// SystemRegistrar is the clID of the registry's own registrar, one of the list.
	SystemRegistrar string `yaml:"systemRegistrar"`
	// IdleMonths is after how many months without use objects are deleted; 6, and less
	// than 0 is never.
	IdleMonths int `yaml:"idleMonths"`
	// ProtectionMonths is for how many months a deleted handle can't be taken; 2, and
	// less than 0 is none.
	ProtectionMonths int `yaml:"protectionMonths"`
	// AuthInfoTTL is how long an authInfo is valid; 14d.
	AuthInfoTTL registry.Duration `yaml:"authInfoTTL"`
	// AuthInfoLength is how many characters it has; 8.
	AuthInfoLength int `yaml:"authInfoLength"`
	// Life is when a domain expires in earnest, and is deleted.
	Life LifeSettings `yaml:"life"`
	// NSSetClearsKeySet has an update with another nsset take the keyset away.
	NSSetClearsKeySet bool `yaml:"nssetClearsKeySet"`
	// Auction announces auction-1.0.
	Auction bool `yaml:"auction"`
	// RequestFee counts commands; without it nobody is told of them.
	RequestFee *RequestFee `yaml:"requestFee"`
	// Tests are the technical tests of an nsset; without them those of [DefaultTests].
	Tests []TechnicalTest `yaml:"tests"`
	// TestDelay is after what time their results are there; 1m.
	TestDelay registry.Duration `yaml:"testDelay"`
}

// LifeSettings are a [Life]: what happens to a domain by the clock, in days from the one on
// which it, or its validation, expires. The default is beside each.
type LifeSettings struct {
	// Notice is how many days before its end the sponsor is warned; 30.
	Notice *int `yaml:"notice"`
	// Outage is how many days after it a domain leaves the zone, 30, and OutageHour the
	// hour, 14.
	Outage     *int `yaml:"outage"`
	OutageHour *int `yaml:"outageHour"`
	// Delete is how many days after it a domain is to be deleted, 61, DeleteHour the
	// hour, 0, and DeleteDelay how long that then takes, 12h.
	Delete      *int               `yaml:"delete"`
	DeleteHour  *int               `yaml:"deleteHour"`
	DeleteDelay *registry.Duration `yaml:"deleteDelay"`
	// ValidationNotice is how many days before the end of a validation the sponsor is
	// warned; 30.
	ValidationNotice *int `yaml:"validationNotice"`
	// ValidationWindow is in how many days before that end the next validation is
	// counted from it; 14.
	ValidationWindow *int `yaml:"validationWindow"`
	// Location is where the days are those of the calendar, as in Europe/Prague; UTC.
	Location string `yaml:"location"`
}

// adopt takes from settings, which are valid, what the options leave open.
func (o *Options) adopt(s *Settings) error {
	o.PartiallyDiscloseContactEmails = o.PartiallyDiscloseContactEmails || s.DiscloseEmails
	o.Mask = cmp.Or(o.Mask, s.Mask)
	o.HideContacts = o.HideContacts || s.HideContacts
	o.DiscloseAll = o.DiscloseAll || s.DiscloseAll
	o.MailingAddress = o.MailingAddress || s.MailingAddress
	o.SystemRegistrar = cmp.Or(o.SystemRegistrar, s.SystemRegistrar)
	o.IdleMonths = cmp.Or(o.IdleMonths, s.IdleMonths, 6)
	o.ProtectionMonths = cmp.Or(o.ProtectionMonths, s.ProtectionMonths, 2)
	o.AuthInfoTTL = cmp.Or(o.AuthInfoTTL, s.AuthInfoTTL.D(), 14*24*time.Hour)
	o.AuthInfoLength = cmp.Or(o.AuthInfoLength, s.AuthInfoLength, 8)
	o.NSSetClearsKeySet = o.NSSetClearsKeySet || s.NSSetClearsKeySet
	o.Auction = o.Auction || s.Auction
	o.RequestFee = cmp.Or(o.RequestFee, s.RequestFee)
	if o.Tests == nil {
		o.Tests = s.Tests
	}
	if o.Tests == nil {
		o.Tests = DefaultTests()
	}
	o.TestDelay = cmp.Or(o.TestDelay, s.TestDelay.D(), time.Minute)
	if o.Life != nil {
		return nil
	}
	life, err := s.Life.life()
	o.Life = &life
	return err
}

// life is DefaultLife with what the settings say.
func (s *LifeSettings) life() (Life, error) {
	l := DefaultLife()
	for _, set := range []struct{ to, from *int }{
		{&l.Notice, s.Notice},
		{&l.Outage, s.Outage},
		{&l.OutageHour, s.OutageHour},
		{&l.Delete, s.Delete},
		{&l.DeleteHour, s.DeleteHour},
		{&l.ValidationNotice, s.ValidationNotice},
		{&l.ValidationWindow, s.ValidationWindow},
	} {
		if set.from != nil {
			*set.to = *set.from
		}
	}
	if s.DeleteDelay != nil {
		l.DeleteDelay = s.DeleteDelay.D()
	}
	var err error
	l.Location, err = time.LoadLocation(s.Location)
	return l, err
}

// settings checks the key "options".
func (v *validator) settings(s *Settings) {
	at := registry.Path{"options"}
	if s.SystemRegistrar != "" {
		v.Check(v.Registrar(s.SystemRegistrar), at.With("systemRegistrar"), "there is no registrar %q", s.SystemRegistrar)
	}
	v.Check(s.Mask.Stars >= 0, at.With("mask", "stars"), "must not be negative")
	v.Check(s.AuthInfoLength >= 0, at.With("authInfoLength"), "must not be negative")
	life, err := s.Life.life()
	v.Check(err == nil && s.Life.Location != "Local", at.With("life", "location"), "there is no such place, as in Europe/Prague")
	for _, n := range []struct {
		key       string
		value, to int
	}{
		{"notice", life.Notice, 1000},
		{"outage", life.Outage, 1000},
		{"outageHour", life.OutageHour, 23},
		{"delete", life.Delete, 1000},
		{"deleteHour", life.DeleteHour, 23},
		{"validationNotice", life.ValidationNotice, 1000},
		{"validationWindow", life.ValidationWindow, 1000},
	} {
		v.Check(n.value >= 0 && n.value <= n.to, at.With("life", n.key), "must be 0 to %d", n.to)
	}
	v.Check(life.Outage <= life.Delete, at.With("life", "delete"), "must not be before outage")
	v.Check(s.RequestFee == nil || s.RequestFee.Price >= 0, at.With("requestFee", "price"), "must not be negative")
	for i, t := range s.Tests {
		v.Token(t.Name, 1, registry.NoLimit, at.With("tests", i, "name"))
		v.Check(t.Level >= 0 && t.Level <= maxReportLevel, at.With("tests", i, "level"), "must be 0 to %d", maxReportLevel)
		v.Line(t.Note, 0, registry.NoLimit, at.With("tests", i, "note"))
	}
}
