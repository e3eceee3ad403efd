package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// loop runs one attempt again and again; with -once its outcome is the exit status.
func loop(set *flag.FlagSet, args []string, attempt func(target string, timeout time.Duration) error) {
	every := set.Duration("every", time.Second, "how often to try")
	timeout := set.Duration("timeout", 3*time.Second, "how long to wait for an answer")
	once := set.Bool("once", false, "try once; the exit status says how it went")
	atOnce := set.Int("at-once", 1, "so many beside each other, each at its own pace")
	parse(set, args)
	for i := 1; i < *atOnce; i++ {
		go func() {
			time.Sleep(time.Duration(i) * *every / time.Duration(*atOnce))
			for range time.Tick(*every) {
				_ = attempt(set.Arg(0), *timeout)
			}
		}()
	}
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

// tcpClient connects, and with -expect also demands a first line: a handshake alone does not prove that the right program answers.
// With -hold it keeps its connections open, as a pool does, so that a database runs out of them.
func tcpClient(args []string) {
	set := flag.NewFlagSet("tcp", flag.ExitOnError)
	expect := set.String("expect", "", "how the first line must begin")
	hold := set.Duration("hold", 0, "how long to keep each connection open")
	connections := set.Int("connections", 1, "connections at once")
	loop(set, args, func(address string, timeout time.Duration) error {
		results := make(chan error, *connections)
		for range *connections {
			go func() { results <- connect(address, timeout, *expect, *hold) }()
		}
		var first error
		for range *connections {
			if err := <-results; err != nil && first == nil {
				first = err
			}
		}
		return first
	})
}

func connect(address string, timeout time.Duration, expect string, hold time.Duration) error {
	connection, err := net.DialTimeout("tcp", address, timeout)
	if err != nil {
		return err
	}
	defer connection.Close()
	said := ""
	if expect != "" {
		_ = connection.SetReadDeadline(time.Now().Add(timeout))
		said, err = bufio.NewReader(connection).ReadString('\n')
		if said = strings.TrimSpace(said); !strings.HasPrefix(said, expect) {
			return fmt.Errorf("%s said %q instead of %q (%v)", address, said, expect, err)
		}
	}
	fmt.Printf("connected to %s %s\n", address, said)
	time.Sleep(hold)
	return nil
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
