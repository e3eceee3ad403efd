package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// loop runs one attempt again and again; with -once its outcome is the exit status.
func loop(set *flag.FlagSet, args []string, attempt func(target string, timeout time.Duration) error) {
	every := set.Duration("every", time.Second, "how often to try")
	timeout := set.Duration("timeout", 3*time.Second, "how long to wait for an answer")
	once := set.Bool("once", false, "try once; the exit status says how it went")
	parse(set, args)
	for {
		err := attempt(set.Arg(0), *timeout)
		if err != nil {
			fmt.Printf("error: %v\n", err)
		}
		if *once {
			if err != nil {
				fail(1, "failed")
			}
			return
		}
		time.Sleep(*every)
	}
}

func httpClient(args []string) {
	loop(flag.NewFlagSet("http", flag.ExitOnError), args, func(url string, timeout time.Duration) error {
		client := http.Client{Timeout: timeout}
		answer, err := client.Get(url)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
		fmt.Printf("%s %s", answer.Status, body)
		if err == nil && answer.StatusCode >= 400 {
			err = fmt.Errorf("%s answered %s", url, answer.Status)
		}
		return err
	})
}

func tcpClient(args []string) {
	loop(flag.NewFlagSet("tcp", flag.ExitOnError), args, func(address string, timeout time.Duration) error {
		connection, err := net.DialTimeout("tcp", address, timeout)
		if err == nil {
			fmt.Printf("connected to %s\n", address)
			err = connection.Close()
		}
		return err
	})
}

func dnsClient(args []string) {
	loop(flag.NewFlagSet("dns", flag.ExitOnError), args, func(name string, _ time.Duration) error {
		addresses, err := net.LookupHost(name)
		if err == nil {
			fmt.Printf("%s is %v\n", name, addresses)
		}
		return err
	})
}

// database accepts connections up to a limit, greets each, and echoes lines; beyond the limit it says so and hangs up.
func database(args []string) {
	set := flag.NewFlagSet("db", flag.ExitOnError)
	port := set.Int("port", 5432, "port to listen on")
	limit := set.Int64("connections", 10, "connections at once")
	parse(set, args)
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", *port))
	if err != nil {
		fail(1, "fatal: %v", err)
	}
	fmt.Printf("listening on :%d\n", *port)
	var open atomic.Int64
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		go func() {
			defer connection.Close()
			defer open.Add(-1)
			if open.Add(1) > *limit {
				fmt.Println("FATAL: sorry, too many clients already")
				fmt.Fprintln(connection, "FATAL: sorry, too many clients already")
				return
			}
			fmt.Fprintln(connection, "ready")
			_, _ = io.Copy(connection, connection)
		}()
	}
}
