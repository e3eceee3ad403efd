package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"time"
)

// database is asked by each answer over a connection of its own from the pool. Where the database has no connection left, one waits and
// tries again, as pools do: answers become slow, not wrong.
type databaseClient struct {
	address string
	slots   chan struct{}
	metrics *metrics
}

const again = 150 * time.Millisecond

func newDatabaseClient(address string, pool, idle int, metrics *metrics) *databaseClient {
	if address == "" {
		return nil
	}
	if pool <= 0 {
		pool = 64
	}
	client := &databaseClient{address: address, slots: make(chan struct{}, pool), metrics: metrics}
	for range idle {
		go client.keepIdle()
	}
	return client
}

// keepIdle holds a connection that nobody uses.
func (c *databaseClient) keepIdle() {
	for {
		connection, err := c.dial()
		if err == nil {
			_, _ = bufio.NewReader(connection).ReadByte()
			_ = connection.Close()
		}
		time.Sleep(time.Second)
	}
}

func (c *databaseClient) dial() (net.Conn, error) {
	connection, err := net.DialTimeout("tcp", c.address, 3*time.Second)
	if err != nil {
		return nil, err
	}
	_ = connection.SetReadDeadline(time.Now().Add(3 * time.Second))
	said, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil || !strings.HasPrefix(said, "ready") {
		_ = connection.Close()
		return nil, fmt.Errorf("%s said %q", c.address, strings.TrimSpace(said))
	}
	_ = connection.SetReadDeadline(time.Time{})
	return connection, nil
}

// ask holds a connection for as long as the query takes.
func (c *databaseClient) ask(query time.Duration) {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	for {
		connection, err := c.dial()
		if err != nil {
			time.Sleep(again)
			continue
		}
		c.metrics.pool(1)
		time.Sleep(query)
		c.metrics.pool(-1)
		_ = connection.Close()
		return
	}
}
