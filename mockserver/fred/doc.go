// Package fred is a mock of FRED, the registry of .cz: its state and its rules, for
// package mockserver to put on the wire.
//
// What FRED's source or documents say is followed; what they leave open is an
// option, with the likelier answer as its default. Known differences: days begin at
// midnight UTC unless [Life] says where; statuses in messages are in English, whoever
// reads them; the mock tests no name servers, an nsset's test shows what
// [Options].Tests say; the value of an error is the offending element, or empty where
// FRED repeats the whole frame.
package fred
