package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/fee"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// An object is the fields of a message for people and programs to read: named as
// in its schema, in the schema's order, without what is absent.
type object []field

// at returns the value of a field, or nil.
func (o object) at(name string) any {
	for _, f := range o {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

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

// viewElement makes the object of an element. It begins with what the element is, as in
// "domain:expData": nothing else may tell that from a domain:delData. Where there is no
// type for it, the object has its name, its namespace and its XML.
func viewElement(e epp.Element) any {
	if raw, ok := e.(*epp.Raw); ok {
		o := object{{"name", raw.XMLName().Local}, {"namespace", raw.XMLName().Space}, {"xml", string(raw.Bytes())}}
		if raw.Err != nil {
			o = append(o, field{"error", raw.Err.Error()})
		}
		return o
	}
	return append(object{{"element", e.XMLName().Qualified()}}, dataOf(e)...)
}

// dataOf makes the object of an element that has a type, without its name.
func dataOf(e epp.Element) object {
	o, _ := view(reflect.ValueOf(e)).(object)
	return o
}

// extraList makes the objects of what stands where no type has a place for it.
func extraList(extra []epp.Extra) []any {
	var list []any
	for _, e := range extra {
		o := object{{"path", e.Path}}
		if e.After != "" {
			o = append(o, field{"after", e.After})
		}
		switch {
		case e.Element != nil:
			o = append(o, field{"element", viewElement(e.Element)})
		case e.Attr != nil:
			o = append(o, field{"attribute", e.Attr.Name.String()}, field{"value", e.Attr.Value})
		default:
			o = append(o, field{"text", e.Text})
		}
		list = append(list, o)
	}
	return list
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
			return viewTime(t)
		}
		return viewStruct(v)
	}
	return fmt.Sprint(v) // not pretty, but not lost
}

// viewTime writes a time as it was written. Package epp keeps in the zone whether there
// was a zone, and a time of the day.
func viewTime(t time.Time) any {
	switch zone := t.Location().String(); {
	case t.IsZero():
		return nil
	case zone == "no zone":
		return t.Format("2006-01-02T15:04:05.999999999")
	case zone == "day":
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

func viewStruct(v reflect.Value) object {
	o := object{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Type == reflect.TypeFor[fee.Version]() { // the namespace says that
			continue
		}
		value := view(v.Field(i))
		if day, ok := value.(string); ok && days[v.Type()] == f.Name {
			value, _, _ = strings.Cut(day, "T")
		}
		unsaid := value == false && f.Type.Kind() == reflect.Bool && !saysNo[f.Name] || value == int64(0) && f.Name == "MaxSigLife"
		if value == nil || unsaid {
			continue
		}
		if inner, ok := value.(object); ok && f.Anonymous {
			o = append(o, inner...)
			continue
		}
		o = append(o, field{schemaName(v.Type().Name(), f.Name, f.Type.Kind() == reflect.Slice), value})
	}
	return o
}

// days names the fields that hold a day without a time.
var days = map[reflect.Type]string{
	reflect.TypeFor[freddomain.InfData]():          "ExDate",
	reflect.TypeFor[freddomain.CreData]():          "ExDate",
	reflect.TypeFor[freddomain.RenData]():          "ExDate",
	reflect.TypeFor[freddomain.ImpendingExpData](): "ExDate",
	reflect.TypeFor[freddomain.ExpData]():          "ExDate",
	reflect.TypeFor[freddomain.DNSOutageData]():    "ExDate",
	reflect.TypeFor[freddomain.DelData]():          "ExDate",
	reflect.TypeFor[freddomain.TrnData]():          "TrDate",
	reflect.TypeFor[fredcontact.TrnData]():         "TrDate",
	reflect.TypeFor[nsset.TrnData]():               "TrDate",
	reflect.TypeFor[keyset.TrnData]():              "TrDate",
	reflect.TypeFor[enumval.InfData]():             "ValExDate",
	reflect.TypeFor[enumval.ImpendingValExpData](): "ValExDate",
	reflect.TypeFor[enumval.ValExpData]():          "ValExDate",
}

// saysNo names the fields for which false is an answer; elsewhere it means that an
// empty element is absent.
var saysNo = map[string]bool{
	"Avail": true, "Flag": true, "PaResult": true, "Exists": true, "Status": true, "Connection": true,
}

// schemaName turns the name of a field of a Go type into the schema's: ClID is clID, ROID is roid,
// DSData is dsData, and the list Names is name.
func schemaName(of, name string, list bool) string {
	if odd, ok := oddNames[name]; ok {
		return odd
	}
	if of == "List" && name == "Items" {
		return "listItem" // of maintenance
	}
	if list && name != "Status" && name != "RGPStatus" {
		name = strings.TrimSuffix(name, "s")
	}
	if name == strings.ToUpper(name) {
		return strings.ToLower(name)
	}
	capitals := strings.IndexFunc(name, unicode.IsLower)
	first := max(1, capitals-1) // the last of several capitals begins a word
	return strings.ToLower(name[:first]) + name[first:]
}

// oddNames are what schemas spell in a way of their own.
var oddNames = map[string]string{
	"TempContacts": "tempcontact",
	"TestName":     "testname",
	"ClTestID":     "cltestid",
	"ReportLevel":  "reportlevel",
	"DNSKeys":      "dnskey",
	"UName":        "uname",
	"ParentID":     "parentId",
	"CaseID":       "caseId",
	"GracePeriod":  "grace-period",
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
