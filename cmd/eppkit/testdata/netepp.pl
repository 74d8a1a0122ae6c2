#!/usr/bin/perl
# A session of Net::EPP with a registry: host, port, clID, password, and the files
# of the root, of the certificate and of its key are the arguments.
use strict;
use warnings;
use Net::EPP::Simple;
use Net::EPP::Frame::Command::Poll::Ack;
use Net::EPP::Frame::Command::Poll::Req;

my ($host, $port, $user, $pass, $ca, $cert, $key) = @ARGV;

sub check {
	my ($what, $ok) = @_;
	die "$what failed: $Net::EPP::Simple::Code $Net::EPP::Simple::Error\n" unless $ok;
	print "$what\n";
}

my %connection = (
	host => $host, port => $port, user => $user, pass => $pass, timeout => 20,
	cert => $cert, key => $key, load_config => 0,
);

# A root that did not sign the server's certificate must not do.
my $stranger = eval { Net::EPP::Simple->new(%connection, verify => 1, ca_file => $cert) };
check('refuse an unknown root', !$stranger);

my $epp = Net::EPP::Simple->new(%connection, verify => 1, ca_file => $ca);
check('login', $epp);
check('check of a free domain', $epp->check_domain('free-name.example') == 1);
check('check of a taken domain', $epp->check_domain('alpha.example') == 0);
my $info = $epp->domain_info('alpha.example');
check('info', $info && $info->{name} eq 'alpha.example' && $info->{roid} && $info->{clID} eq $user);
check('info of a missing domain', !$epp->domain_info('free-name.example') && $Net::EPP::Simple::Code == 2303);
sub poll { $epp->request(Net::EPP::Frame::Command::Poll::Req->new) }

sub queue {
	my ($answer) = @_;
	my $q = $answer->getElementsByLocalName('msgQ')->shift;
	return (0, '', '') unless $q;
	return ($q->getAttribute('count'), $q->getAttribute('id'), $q->getElementsByLocalName('msg')->string_value);
}

for my $left (reverse 1 .. 2) {
	my $poll = poll();
	my ($count, $id, $text) = queue($poll);
	check("poll with $left waiting", $poll->code == 1301 && $count == $left && $id ne '' && $text ne '');
	my $ack = Net::EPP::Frame::Command::Poll::Ack->new;
	$ack->setMsgID($id);
	check("ack of message $id", $epp->request($ack)->code == 1000);
}
check('poll of an empty queue', poll()->code == 1300);
check('logout', $epp->logout);
