#!/usr/bin/perl
# A session with a registry that says everything in unusual ways. The connection is
# Net::EPP's, the parser libxml2, and what was said is looked up by namespaces. The
# arguments are those of netepp.pl.
use strict;
use warnings;
use Net::EPP::Client;
use XML::LibXML;

my ($host, $port, $user, $pass, $ca, $cert, $key) = @ARGV;
my %ns = map { $_ => "urn:ietf:params:xml:ns:$_-1.0" } qw(epp domain contact host);

sub check {
	my ($what, $ok, $doc) = @_;
	die "$what failed: " . ($doc ? $doc->toString : '') . "\n" unless $ok;
	print "$what\n";
}

# look finds texts by a path with the prefixes of %ns, without the white space around them.
sub look {
	my ($doc, $path) = @_;
	my $at = XML::LibXML::XPathContext->new($doc);
	$at->registerNs($_, $ns{$_}) for keys %ns;
	my @found = map { $_->textContent =~ s/^\s+|\s+$//gr } $at->findnodes($path);
	return wantarray ? @found : $found[0];
}

my $epp = Net::EPP::Client->new(host => $host, port => $port, ssl => 1, dom => 1);
my $greeting = $epp->connect(
	SSL_cert_file => $cert, SSL_key_file => $key, SSL_ca_file => $ca, SSL_verify_mode => 1,
);
check('greeting', (look($greeting, '/epp:epp/epp:greeting/epp:svcMenu/epp:version'))[0] eq '1.0', $greeting);

sub ask {
	my ($element) = @_;
	my $a = $epp->request("<epp xmlns=\"$ns{epp}\"><command>$element<clTRID>hostile-1</clTRID></command></epp>");
	check('clTRID', look($a, '/epp:epp/epp:response/epp:trID/epp:clTRID') eq 'hostile-1', $a);
	return ($a, look($a, '/epp:epp/epp:response/epp:result/@code'));
}

sub object {
	my ($verb, $kind, @names) = @_;
	my $local = $kind eq 'contact' ? 'id' : 'name';
	my $in = join('', map { "<o:$local>$_</o:$local>" } @names);
	return "<$verb><o:$verb xmlns:o=\"$ns{$kind}\">$in</o:$verb></$verb>";
}

my $svcs = join('', map { "<objURI>$ns{$_}</objURI>" } qw(domain contact host));
my ($r, $code) = ask("<login><clID>$user</clID><pw>$pass</pw><options><version>1.0</version><lang>en</lang></options><svcs>$svcs</svcs></login>");
check('login', $code == 1000, $r);

($r, $code) = ask(object('check', 'domain', 'alpha.example', 'free-name.example', 'other.example'));
for my $name (['alpha.example', qr/^(0|false)$/], ['free-name.example', qr/^(1|true)$/]) {
	my ($avail) = look($r, "//domain:cd/domain:name[normalize-space()='$name->[0]']/\@avail");
	check("check of $name->[0]", $code == 1000 && scalar($avail =~ $name->[1]), $r);
}
check('reasons', look($r, '//domain:cd/domain:reason') ne '', $r);

($r, $code) = ask(object('info', 'domain', 'alpha.example'));
check('info of a domain', $code == 1000 && look($r, '//domain:infData/domain:name') eq 'alpha.example', $r);
check('exDate', scalar(look($r, '//domain:exDate') =~ /^2031-01-12T07:00:00(\.0+)?Z$/), $r);
my $ns = join(' ', sort(look($r, '//domain:ns/domain:hostObj')));
check('name servers', $ns eq 'ns1.alpha.example ns2.alpha.example', $r);

($r, $code) = ask(object('info', 'contact', 'jr-1'));
check('info of a contact', $code == 1000 && join('|', sort(look($r, '//contact:postalInfo/contact:name'))) eq "Jil Rombach|Jil Romb\x{e5}ch", $r);
check('street', join('|', look($r, "//contact:postalInfo[\@type='int']//contact:street")) eq '7 Mill Lane|2nd floor', $r);
($r, $code) = ask(object('info', 'host', 'ns1.alpha.example'));
check('info of a host', $code == 1000 && join(' ', sort(look($r, '//host:addr'))) eq '192.0.2.11 2001:db8::11', $r);
($r, $code) = ask(object('info', 'domain', 'free-name.example'));
check('info of what is missing', $code == 2303 && look($r, '//epp:result/epp:value/domain:name') eq 'free-name.example', $r);

for my $left (2, 1) {
	($r, $code) = ask('<poll op="req"/>');
	check("poll with $left waiting", $code == 1301 && look($r, '//epp:msgQ/@count') == $left && look($r, '//epp:msgQ/epp:msg') ne '', $r);
	($r, $code) = ask('<poll op="ack" msgID="' . look($r, '//epp:msgQ/@id') . '"/>');
	check('ack', $code == 1000, $r);
}
($r, $code) = ask('<poll op="req"/>');
check('poll of an empty queue', $code == 1300, $r);
($r, $code) = ask('<logout/>');
check('logout', $code == 1500, $r);
