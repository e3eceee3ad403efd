package main

import (
	"flag"
	"fmt"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

func serve(args []string) {
	set := flag.NewFlagSet("serve", flag.ExitOnError)
	ports := set.String("port", "8080", "ports to listen on, comma separated")
	latency := set.Duration("latency", 0, "how long each answer takes")
	errors := set.Float64("error-rate", 0, "share of answers that are a 500, 0..1")
	leak := set.Int("leak-mib", 0, "MiB of memory to keep per second")
	fill := set.Int("use-mib", 0, "MiB of memory to take at the start")
	pool := set.Int("pool", 0, "answers at once; more get a 503 (0: no limit)")
	line := set.String("log-line", "", "a line to log again and again")
	every := set.Duration("log-every", time.Second, "how often")
	times := set.Int("log-times", 0, "how many times (0: for ever)")
	crash := set.Duration("crash-after", 0, "exit after this long (0: never)")
	message := set.String("crash-message", "fatal: crash requested", "the last line before the exit")
	code := set.Int("exit-code", 1, "the exit status of a crash")
	delay := set.Duration("start-delay", 0, "how long until the ports are open")
	ready := set.String("ready-path", "/ready", "answers 200 once ready")
	health := set.String("health-path", "/healthz", "answers 200")
	readyAfter := set.Duration("ready-after", 0, "how long after the start the ready path answers 200")
	require := set.String("require-env", "", "environment variables that must be set, comma separated")
	depends := set.String("depends-on", "", "HOST:PORT that must accept a connection at the start")
	parse(set, args)

	for _, name := range strings.Split(*require, ",") {
		if name = strings.TrimSpace(name); name != "" && os.Getenv(name) == "" {
			fail(1, "fatal: required environment variable %s is not set", name)
		}
	}
	if *depends != "" {
		connection, err := net.DialTimeout("tcp", *depends, 3*time.Second)
		if err != nil {
			fail(1, "fatal: cannot reach %s: %v", *depends, err)
		}
		_ = connection.Close()
	}
	var kept [][]byte
	take := func(mib int) {
		block := make([]byte, mib<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		kept = append(kept, block)
	}
	take(*fill)
	if *leak > 0 {
		go func() {
			for range time.Tick(time.Second) {
				take(*leak)
			}
		}()
	}
	if *line != "" {
		go func() {
			for i := 0; *times == 0 || i < *times; i++ {
				fmt.Println(*line)
				time.Sleep(*every)
			}
		}()
	}
	if *crash > 0 {
		time.AfterFunc(*crash, func() { fail(*code, "%s", *message) })
	}
	time.Sleep(*delay)

	begun := time.Now()
	var busy atomic.Int64
	var live behaviour
	live.store(*latency, *errors, *pool)
	mux := http.NewServeMux()
	mux.HandleFunc("/set", live.change)
	mux.HandleFunc(*health, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc(*ready, func(w http.ResponseWriter, _ *http.Request) {
		if time.Since(begun) < *readyAfter {
			http.Error(w, "not ready yet", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("/crash", func(http.ResponseWriter, *http.Request) { fail(*code, "%s", *message) })
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		defer busy.Add(-1)
		latency, errors, pool := live.load()
		if n := busy.Add(1); pool > 0 && n > int64(pool) {
			http.Error(w, "connection pool exhausted", http.StatusServiceUnavailable)
			return
		}
		time.Sleep(latency)
		if rand.Float64() < errors {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		host, _ := os.Hostname()
		fmt.Fprintf(w, "hello from %s\n", host)
	})
	for _, port := range strings.Split(*ports, ",") {
		listener, err := net.Listen("tcp", ":"+strings.TrimSpace(port))
		if err != nil {
			fail(1, "fatal: %v", err)
		}
		fmt.Printf("listening on :%s\n", strings.TrimSpace(port))
		go func() { fail(1, "fatal: %v", http.Serve(listener, mux)) }()
	}
	select {}
}

func fail(code int, format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(code)
}
