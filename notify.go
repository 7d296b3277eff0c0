package main

import (
	"context"
	"log/slog"
	"net"
	"os"
)

// tellManager tells the service manager that started the server what it does now, by the protocol of sd_notify(3): "READY=1", "STOPPING=1".
// Without one that asked to be told, by NOTIFY_SOCKET, it does nothing.
func tellManager(state string, log *slog.Logger) {
	path := os.Getenv("NOTIFY_SOCKET") // a leading @ is an abstract socket, for Go as for systemd
	if path == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err == nil {
		_, err = conn.Write([]byte(state))
		conn.Close()
	}
	if err != nil {
		log.Warn("the service manager can't be told what the server does", "error", err)
	}
}

// tellStopping tells the manager as soon as ctx ends. Wait returns when that is done, if it has to be.
func tellStopping(ctx context.Context, log *slog.Logger) (wait func()) {
	told := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(told)
		tellManager("STOPPING=1", log)
	})
	return func() {
		if !cancel() {
			<-told
		}
	}
}
