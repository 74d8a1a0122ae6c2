// Package epptest holds what the tests of all namespaces share: tables of elements
// that are read, compared and written; frames made by others; validation against
// official schemas; and fuzzing.
package epptest
