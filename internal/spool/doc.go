// Package spool keeps what came with an identifier, such as the messages of a queue, in a
// directory: each as a document and its description, in two files that are there and whole
// once Put has returned. Nobody but their owner can read them.
//
// An identifier may be any text; [Name] makes a name for files of it.
package spool
