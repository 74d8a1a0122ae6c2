package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	freddomain "github.com/eppkit/eppkit/fred/domain"
)

// An object is the fields of a message for people and programs to read: named as
// in its schema, in the schema's order, without what is absent.
type object []field

type field struct {
	name  string
	value any // string, bool, int64, uint64, object or []any
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(f.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// viewElement makes the object of an element, or of its XML where there is no type
// for it.
func viewElement(e epp.Element) any {
	if raw, ok := e.(*epp.Raw); ok {
		o := object{{"name", raw.XMLName().Local}, {"namespace", raw.XMLName().Space}, {"xml", string(raw.Bytes())}}
		if raw.Err != nil {
			o = append(o, field{"error", raw.Err.Error()})
		}
		return o
	}
	return view(reflect.ValueOf(e))
}

// view turns a value into what an object holds; nil when it is absent.
func view(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if v.Elem().Kind() == reflect.String {
			return v.Elem().String() // absent and empty differ
		}
		return view(v.Elem())
	case reflect.Interface:
		if e, ok := v.Interface().(epp.Element); ok {
			return viewElement(e)
		}
		if v.IsNil() {
			return nil
		}
		return view(v.Elem())
	case reflect.String:
		if v.Len() == 0 {
			return nil
		}
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v.Uint()
	case reflect.Slice:
		if v.Len() == 0 {
			return nil
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = view(v.Index(i))
		}
		return list
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			if t.IsZero() {
				return nil
			}
			return t.Format(time.RFC3339Nano)
		}
		return viewStruct(v)
	}
	return fmt.Sprint(v) // not pretty, but not lost
}

func viewStruct(v reflect.Value) object {
	o := object{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		value := view(v.Field(i))
		if day, ok := value.(string); ok && days[v.Type()] == f.Name {
			value, _, _ = strings.Cut(day, "T")
		}
		if value == nil || value == false && !saysNo[f.Name] {
			continue
		}
		if inner, ok := value.(object); ok && f.Anonymous {
			o = append(o, inner...)
			continue
		}
		o = append(o, field{schemaName(f.Name, f.Type.Kind() == reflect.Slice), value})
	}
	return o
}

// days names the fields that hold a day without a time.
var days = map[reflect.Type]string{reflect.TypeFor[freddomain.InfData](): "ExDate"}

// saysNo names the fields for which false is an answer; elsewhere it means that an
// empty element is absent.
var saysNo = map[string]bool{"Avail": true, "Flag": true}

// schemaName turns a Go field's name into the schema's: ClID is clID, ROID is roid,
// and the list Names is name.
func schemaName(name string, list bool) string {
	if name == "TempContacts" {
		return "tempcontact" // as FRED spells it
	}
	if list && name != "Status" {
		name = strings.TrimSuffix(name, "s")
	}
	if name == strings.ToUpper(name) {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// lines flattens a value into names and values, for text.
func lines(name string, value any) [][2]string {
	join := func(a, b string) string {
		if a == "" {
			return b
		}
		return a + "." + b
	}
	var out [][2]string
	switch value := value.(type) {
	case object:
		for _, f := range value {
			out = append(out, lines(join(name, f.name), f.value)...)
		}
	case []any:
		for _, e := range value {
			out = append(out, lines(name, e)...)
		}
	case string:
		out = append(out, [2]string{name, value})
	default:
		b, _ := json.Marshal(value)
		out = append(out, [2]string{name, string(b)})
	}
	return out
}
