// Package jsonwire reads JSON as the resellers' interfaces and their clients write
// it: with commas too many, integers in quotes, and fields that nobody announced.
package jsonwire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/internal/surrogate"
)

// ErrMalformed is in the chain of every error of this package. Their texts quote
// nothing of the document, which may hold a code.
var ErrMalformed = errors.New("malformed JSON")

// Unmarshal reads a document into v, a pointer to a struct. A comma before a closing
// bracket is left out. Fields that v has no place for are returned as they came; nil
// where there are none. What is not UTF-8 is malformed, and so is half a surrogate pair:
// what package json puts in their places would make another code.
func Unmarshal(doc []byte, v any) (extra map[string]json.RawMessage, err error) {
	if !utf8.Valid(doc) {
		return nil, fmt.Errorf("%w: it is not UTF-8", ErrMalformed)
	}
	if at := surrogate.Half(doc); at >= 0 {
		return nil, fmt.Errorf("%w: half a surrogate pair at octet %d", ErrMalformed, at+1)
	}
	doc = mend(doc)
	if err := json.Unmarshal(doc, v); err != nil {
		return nil, malformed(err)
	}
	if err := json.Unmarshal(doc, &extra); err != nil {
		return nil, fmt.Errorf("%w: it is no object", ErrMalformed)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(v).Elem()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		for key := range extra {
			if name != "" && name != "-" && strings.EqualFold(key, name) {
				delete(extra, key)
			}
		}
	}
	if len(extra) == 0 {
		extra = nil
	}
	return extra, nil
}

// malformed says what is wrong without quoting the document.
func malformed(err error) error {
	var (
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w at octet %d", ErrMalformed, syntax.Offset)
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("%w: it is no object", ErrMalformed)
	case errors.As(err, &kind):
		return fmt.Errorf("%w: %s is of a kind that is not expected", ErrMalformed, kind.Field)
	}
	return ErrMalformed
}

// mend puts a space in place of each comma that stands before a closing bracket, and
// after something: "[,]" stays as wrong as it is.
func mend(doc []byte) []byte {
	mended := doc // a copy as soon as there is something to mend
	comma, quoted := -1, false
	before := byte('{') // the last character that is no white space
	for i := 0; i < len(doc); i++ {
		c := doc[i]
		switch {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
			continue
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			continue
		case c == ',' && !strings.ContainsRune("{[,", rune(before)):
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			if &mended[0] == &doc[0] {
				mended = bytes.Clone(doc)
			}
			mended[comma], comma = ' ', -1
		default:
			quoted, comma = c == '"', -1
		}
		before = c
	}
	return mended
}

// Int is an integer that may come in quotes. It is written without.
type Int int64

// UnmarshalJSON reads 1, "1" and true.
func (n *Int) UnmarshalJSON(b []byte) error {
	switch s := string(bytes.Trim(b, `"`)); s {
	case "null":
	case "true":
		*n = 1
	case "false":
		*n = 0
	default:
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return ErrMalformed
		}
		*n = Int(v)
	}
	return nil
}

// Flag is a yes or no that comes as a boolean, as 0 and 1, and in quotes. It is written
// as 0 or 1.
type Flag bool

// UnmarshalJSON reads it in all forms.
func (f *Flag) UnmarshalJSON(b []byte) error {
	var n Int
	err := n.UnmarshalJSON(b)
	if err == nil && string(b) != "null" {
		*f = n != 0
	}
	return err
}

// MarshalJSON writes 0 or 1.
func (f Flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

// FlagOf is the flag of what a system tells; nil, for omitempty, where it does not.
func FlagOf(t authcode.Truth) *Flag {
	if t == authcode.Untold {
		return nil
	}
	f := Flag(t == authcode.Yes)
	return &f
}

// Truth is what the flag says; a nil one says nothing.
func (f *Flag) Truth() authcode.Truth {
	if f == nil {
		return authcode.Untold
	}
	return authcode.TruthOf(bool(*f))
}

// ErrNotText is the error of an Exact that can't be written.
var ErrNotText = errors.New("a text is not UTF-8, so that JSON can't hold it")

// An Exact is a text that is written as it is or not at all, such as a code. In other
// texts package json puts U+FFFD for what is not UTF-8.
type Exact string

// MarshalJSON writes it. The error is ErrNotText.
func (s Exact) MarshalJSON() ([]byte, error) {
	if !utf8.ValidString(string(s)) {
		return nil, ErrNotText
	}
	return Marshal(string(s))
}

// Marshal writes v without escaping <, > and &, which codes may hold. The error has
// ErrNotText in its chain.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// Append is Marshal of what has no Exact in it.
func Append(v any) []byte {
	doc, err := Marshal(v)
	if err != nil {
		panic(err) // a struct of this module that can't be written
	}
	return doc
}
