// A service to roll out in tests: it says which release answers, takes its time where asked to, holds
// WebSockets and event streams, and ends as a well-behaved server does. Settings are environment
// variables: VERSION, PORT, BROKEN (it says so and exits); with ASK it is a client instead, which asks that
// URL 30 times a second, each time by name and on a connection of its own, and prints a line for each.
package main

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

var version = os.Getenv("VERSION")

func page(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if ms, _ := strconv.Atoi(r.URL.Query().Get("ms")); ms > 0 {
		time.Sleep(time.Duration(ms) * time.Millisecond)
	}
	fmt.Fprintf(w, "%s %s\n", version, os.Getenv("HOSTNAME"))
}

// Files of the host make a release sick there: flags/sick-VERSION for everybody who asks, and
// flags/flip-VERSION for those who ask through a proxy; to them flags/hang-VERSION says nothing.
func flagged(kind string) bool {
	_, err := os.Stat("/flags/" + kind + "-" + version)
	return err == nil
}

func health(w http.ResponseWriter, r *http.Request) {
	proxied := r.Header.Get("X-Forwarded-For") != ""
	if proxied && flagged("hang") {
		<-r.Context().Done()
		return
	}
	if flagged("sick") || (proxied && flagged("flip")) {
		http.Error(w, "sick", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "well")
}

func events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		select {
		case <-r.Context().Done():
			return
		case <-time.After(100 * time.Millisecond):
			fmt.Fprintf(w, "data: %s\n\n", version)
			w.(http.Flusher).Flush()
		}
	}
}

// RFC 6455: the handshake, then every text frame is answered with the release and the text.
func socket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	conn, stream, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintf(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	stream.Flush()
	for {
		code, text, err := readFrame(stream.Reader)
		if err != nil || code == 8 {
			return
		}
		if code != 1 {
			continue
		}
		answer := version + " " + string(text)
		conn.Write(append([]byte{0x81, byte(len(answer))}, answer...))
	}
}

// Short frames are enough here: up to 125 bytes, always masked, as a client sends them.
func readFrame(in *bufio.Reader) (byte, []byte, error) {
	head := make([]byte, 6)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, nil, err
	}
	text := make([]byte, head[1]&0x7f)
	if _, err := io.ReadFull(in, text); err != nil {
		return 0, nil, err
	}
	for i := range text {
		text[i] ^= head[2+i%4]
	}
	return head[0] & 0x0f, text, nil
}

func ask(url string) {
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for range time.Tick(time.Second / 30) {
		go func() {
			answer, err := client.Get(url)
			if err != nil || answer.StatusCode != 200 {
				fmt.Println("failed", err)
				return
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			fmt.Println("ok")
		}()
	}
}

func main() {
	if url := os.Getenv("ASK"); url != "" {
		ask(url)
		return
	}
	if os.Getenv("BROKEN") != "" {
		fmt.Println("this release is broken:", version)
		os.Exit(3)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", page)
	mux.HandleFunc("/healthz", health)
	mux.HandleFunc("/events", events)
	mux.HandleFunc("/ws", socket)
	server := &http.Server{Addr: ":" + port, Handler: mux}
	go func() {
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
		<-ended
		limit, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		server.Shutdown(limit)
		os.Exit(0)
	}()
	fmt.Println("serving", version)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fmt.Println(err)
		os.Exit(1)
	}
	select {}
}
