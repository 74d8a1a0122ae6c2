#!/usr/bin/perl
# What Net::OpenSRS makes of the answers: its address, user name, key, the code to set
# (in hexadecimal), and the domain of another account are the arguments. Each answer is a
# line: a label and what the module returns, as JSON.
use strict;
use warnings;
use Net::OpenSRS;
use JSON::PP;

my ($host, $user, $key, $code, $other) = @ARGV;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;

my $srs = Net::OpenSRS->new;
$srs->{config}{test}{host} = $host;
$srs->set_manage_auth($user, 'not used here');
$srs->set_key($key);

# make_request leaves the answer of the call before in last_response where it gets none.
sub ask {
	my ($label, $action, %attributes) = @_;
	my $answer = eval { $srs->make_request({ action => $action, object => 'domain', attributes => \%attributes }) };
	print "$label ", $json->encode($answer), "\n";
	print "$label last_response ", $json->encode($srs->last_response), "\n" if $answer;
}

ask('send', 'send_authcode', domain_name => 'alpha.example');
ask('get', 'get', domain => 'alpha.example', type => 'domain_auth_info');
ask('modify', 'modify', domain => 'alpha.example', data => 'domain_auth_info', domain_auth_info => pack('H*', $code));
ask('get-again', 'get', domain => 'alpha.example', type => 'domain_auth_info');
ask('status', 'get', domain => 'alpha.example', type => 'status');
ask('lock', 'modify', domain => 'alpha.example', data => 'status', lock_state => 1);
ask('status-locked', 'get', domain => 'alpha.example', type => 'status');
ask('other', 'get', domain => $other, type => 'domain_auth_info');
ask('no-such-domain', 'send_authcode', domain_name => 'nowhere.example');
ask('missing', 'send_authcode', domain => 'alpha.example');
ask('lookup', 'lookup', domain => 'alpha.example');
ask('list', 'get', domain => 'alpha.example', type => 'status', list => [ 'a', 'b' ], more => { x => 1 });
$srs->set_key("$key, but wrong");
ask('wrong-key', 'get', domain => 'alpha.example', type => 'domain_auth_info');
ask('wrong-key-missing-domain', 'get', domain => 'nowhere.example', type => 'domain_auth_info');
