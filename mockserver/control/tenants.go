package control

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

func tenantRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/tenants", global: true, answer: Tenants{},
			says: "List the registries of this process.",
			serve: func(x *call) (any, error) {
				c := x.ctl
				c.mu.Lock()
				defer c.mu.Unlock()
				out := Tenants{Tenants: []TenantInfo{}}
				for _, name := range slices.Sorted(maps.Keys(c.mocks)) {
					out.Tenants = append(out.Tenants, infoOf(c.mocks[name].Mock))
				}
				return out, nil
			},
		},
		{
			method: http.MethodPost, path: "/tenants", global: true, body: Tenant{}, answer: TenantInfo{}, max: maxSeed,
			says:  "Make a registry of its own, on a port of its own, for a tenant.",
			serve: addTenant,
		},
		{
			method: http.MethodDelete, path: "/tenants/{tenant}", global: true,
			says:  "Close a tenant's registry and forget it.",
			serve: removeTenant,
		},
	}
}

// Tenants are the registries of a process.
type Tenants struct {
	Tenants []TenantInfo `json:"tenants"`
}

// TenantInfo is a registry of a tenant's.
type TenantInfo struct {
	Name     string `json:"name"`
	Registry string `json:"registry"` // its kind
	Address  string `json:"address"`  // where it speaks EPP
}

func infoOf(m *Mock) TenantInfo {
	return TenantInfo{Name: m.Name, Registry: m.State.Kind, Address: m.Server.Addr()}
}

func addTenant(x *call) (any, error) {
	c := x.ctl
	var t Tenant
	if err := x.decode(&t); err != nil {
		return nil, err
	}
	if err := validTenant(t.Name); err != nil {
		return nil, &problem{http.StatusBadRequest, "name", err.Error()}
	}
	if c.opts.Make == nil {
		return nil, &problem{http.StatusNotImplemented, "", "this mock does not make registries for tenants"}
	}
	taken := &problem{http.StatusConflict, "name", fmt.Sprintf("there is a tenant %q already", t.Name)}
	if _, err := c.mock(t.Name); err == nil {
		return nil, taken
	}
	m, err := c.opts.Make(x.Context(), &t)
	if err != nil {
		return nil, err
	}
	m.Name = t.Name
	c.mu.Lock()
	late := c.mocks[t.Name] != nil
	ended := c.closing.Err() != nil
	if !late && !ended {
		c.mocks[t.Name] = &tenant{Mock: m, own: true}
	}
	c.mu.Unlock()
	switch {
	case late:
		_ = m.Server.Close()
		return nil, taken
	case ended:
		_ = m.Server.Close()
		return nil, &problem{http.StatusServiceUnavailable, "", "the mock is closing"}
	}
	return infoOf(m), nil
}

func removeTenant(x *call) (any, error) {
	c, name := x.ctl, x.PathValue("tenant")
	c.mu.Lock()
	t := c.mocks[name]
	if t != nil && t.own {
		delete(c.mocks, name)
	}
	c.mu.Unlock()
	switch {
	case t == nil:
		return nil, &problem{http.StatusNotFound, "tenant", fmt.Sprintf("there is no tenant %q", name)}
	case !t.own:
		return nil, &problem{http.StatusConflict, "tenant", "this registry was there from the beginning, and stays"}
	}
	return nil, t.Server.Close()
}
