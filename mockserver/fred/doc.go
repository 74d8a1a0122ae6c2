// Package fred is a mock of FRED, the registry of .cz: its state and its rules, for
// package mockserver to put on the wire.
//
// What FRED's source or documents say is followed; what they leave open is an
// option, with the likelier answer as its default. Known differences: most texts are the
// mock's own, in both languages; the texts in messages of the queue are in English, also
// in a Czech session; a refusal also quotes a handle, with a reason, where FRED quotes
// nothing; the value of an error is the offending element, or empty where FRED repeats
// the whole frame; times are in UTC, and days begin there unless [Life] says where; a
// technical test of an nsset looks at nothing, and shows what [Options].Tests say.
package fred
