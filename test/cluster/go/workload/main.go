// Command workload is the one program of all test workloads: a server that misbehaves on demand, clients for HTTP, TCP and DNS, and a
// fake database with a connection limit. Flags can also be given as environment variables: -start-delay is START_DELAY.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

var commands = map[string]func([]string){
	"serve": serve,
	"http":  httpClient,
	"tcp":   tcpClient,
	"dns":   dnsClient,
	"db":    database,
	"pause": pause,
}

func main() {
	name, args := "serve", os.Args[1:]
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	run, ok := commands[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "workload: unknown command %q\n", name)
		os.Exit(2)
	}
	run(args)
}

// pause holds a pod's namespaces until it is told to end; a bare select would be taken for a deadlock.
func pause([]string) {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
}

// parse reads flags, then lets the environment fill in those that were not given.
func parse(set *flag.FlagSet, args []string) {
	given := map[string]bool{}
	_ = set.Parse(args)
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	set.VisitAll(func(f *flag.Flag) {
		key := strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value, ok := os.LookupEnv(key); ok && !given[f.Name] && value != "" {
			if err := set.Set(f.Name, value); err != nil {
				fmt.Fprintf(os.Stderr, "workload: %s=%q: %v\n", key, value, err)
				os.Exit(2)
			}
		}
	})
}
