package main

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// behaviour is what of a server can be changed while it runs: GET /set?latency=2s&error-rate=0.5&pool=3
type behaviour struct {
	mu      sync.Mutex
	latency time.Duration
	errors  float64
	pool    int
}

func (b *behaviour) store(latency time.Duration, errors float64, pool int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.latency, b.errors, b.pool = latency, errors, pool
}

func (b *behaviour) load() (time.Duration, float64, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.latency, b.errors, b.pool
}

func (b *behaviour) change(w http.ResponseWriter, r *http.Request) {
	latency, errors, pool := b.load()
	var problem error
	for name, values := range r.URL.Query() {
		var err error
		switch name {
		case "latency":
			latency, err = time.ParseDuration(values[0])
		case "error-rate":
			errors, err = strconv.ParseFloat(values[0], 64)
		case "pool":
			pool, err = strconv.Atoi(values[0])
		default:
			err = fmt.Errorf("%s cannot be set while running", name)
		}
		if err != nil {
			problem = err
		}
	}
	if problem != nil {
		http.Error(w, problem.Error(), http.StatusBadRequest)
		return
	}
	b.store(latency, errors, pool)
	fmt.Fprintf(w, "latency %v, error-rate %v, pool %d\n", latency, errors, pool)
}
