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
	database := set.String("database", "", "HOST:PORT of a database that each answer asks; its answer takes -latency")
	idle := set.Int("idle-connections", 0, "connections to the database that are kept and not used")
	jitter := set.Float64("jitter", 0, "share by which the latency of each answer differs, 0..1")
	burn := set.Float64("burn", 0, "share of a core that is used up, in bursts")
	folder := set.String("fill", "", "folder on whose volume a file grows")
	kib := set.Int("fill-kib", 256, "KiB it grows by each second")
	after := set.Duration("after", 0, "how long until the leak and the filling begin")
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
		time.AfterFunc(*after, func() {
			for range time.Tick(time.Second) {
				take(*leak)
			}
		})
	}
	if *folder != "" {
		time.AfterFunc(*after, func() { growFile(*folder, *kib) })
	}
	if *burn > 0 {
		go bursts(*burn)
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
	counted := newMetrics(*pool)
	asked := newDatabaseClient(*database, *pool, *idle, counted)
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
	mux.Handle("/metrics", counted)
	mux.HandleFunc("/{$}", func(given http.ResponseWriter, _ *http.Request) {
		w := &answer{ResponseWriter: given, code: http.StatusOK}
		begun := time.Now()
		defer func() { counted.answered(w.code, time.Since(begun)) }()
		defer busy.Add(-1)
		latency, errors, pool := live.load()
		latency = time.Duration(float64(latency) * (1 + *jitter*(2*rand.Float64()-1)))
		n := busy.Add(1)
		if asked != nil {
			asked.ask(latency)
		} else {
			if pool > 0 && n > int64(pool) {
				http.Error(w, "connection pool exhausted", http.StatusServiceUnavailable)
				return
			}
			time.Sleep(latency)
		}
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

// answer remembers its status.
type answer struct {
	http.ResponseWriter
	code int
}

func (a *answer) WriteHeader(code int) {
	a.code = code
	a.ResponseWriter.WriteHeader(code)
}

// bursts uses up a share of a core over each few seconds, never evenly.
func bursts(share float64) {
	for {
		round := time.Duration(1+4*rand.Float64()) * time.Second
		until := time.Now().Add(time.Duration(share * float64(round)))
		for time.Now().Before(until) {
		}
		time.Sleep(time.Duration((1 - share) * float64(round)))
	}
}

func fail(code int, format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(code)
}
