package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// metrics counts answers as a library would: requests by status, how long they took, and connections in use.
type metrics struct {
	mutex   sync.Mutex
	codes   map[int]int64
	buckets []int64
	sum     float64
	count   int64
	inUse   int64
	most    int64
}

var bounds = []float64{0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10}

func newMetrics(most int) *metrics {
	return &metrics{codes: map[int]int64{}, buckets: make([]int64, len(bounds)), most: int64(most)}
}

func (m *metrics) answered(code int, took time.Duration) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.codes[code]++
	m.sum += took.Seconds()
	m.count++
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			m.buckets[i]++
		}
	}
}

func (m *metrics) pool(change int64) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.inUse += change
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprintln(w, "# TYPE http_requests_total counter")
	for code, count := range m.codes {
		fmt.Fprintf(w, "http_requests_total{code=\"%d\"} %d\n", code, count)
	}
	fmt.Fprintln(w, "# TYPE http_request_duration_seconds histogram")
	for i, bound := range bounds {
		fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=\"%v\"} %d\n", bound, m.buckets[i])
	}
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=\"+Inf\"} %d\n", m.count)
	fmt.Fprintf(w, "http_request_duration_seconds_sum %v\nhttp_request_duration_seconds_count %d\n", m.sum, m.count)
	fmt.Fprintf(w, "# TYPE db_pool_connections_in_use gauge\ndb_pool_connections_in_use %d\n", m.inUse)
	fmt.Fprintf(w, "# TYPE db_pool_connections_max gauge\ndb_pool_connections_max %d\n", m.most)
	fmt.Fprintf(w, "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes %d\n", resident())
}

func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// growFile writes to a file in a folder, so many KiB a second, until the volume is full.
func growFile(folder string, kib int) {
	file, err := os.Create(folder + "/filled")
	if err != nil {
		fail(1, "fatal: %v", err)
	}
	block := make([]byte, kib<<10)
	for range time.Tick(time.Second) {
		if _, err := file.Write(block); err != nil {
			fmt.Printf("error: %v\n", err)
		}
		_ = file.Sync()
	}
}
