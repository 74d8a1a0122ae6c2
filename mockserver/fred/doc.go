// Package fred is a mock of FRED, the registry of .cz: its state and its rules, for
// package mockserver to put on the wire.
//
// What FRED's source or documents say is followed; what they leave open is an
// option, with the likelier answer as its default. Known differences: reasons and
// the texts of statuses are in English, also in a Czech session; the greeting
// announces what the mock speaks, so for now neither enumval-1.2 nor
// extra-addr-1.0; the value of an error is the offending element, or empty where
// FRED repeats the whole frame.
package fred
