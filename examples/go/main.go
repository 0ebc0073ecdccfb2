// POST /violation with an input answers what the policy says of it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	module, err := os.ReadFile("policy.wasm")
	if err != nil {
		log.Fatal(err)
	}
	policy, err := LoadPolicy(ctx, module, []byte("{}"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("POST /violation", func(response http.ResponseWriter, request *http.Request) {
		input, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		if !json.Valid(input) {
			answer(response, http.StatusBadRequest, "the input is not JSON")
			return
		}
		// A decision is made even while the service is being stopped.
		value, err := policy.Evaluate(context.Background(), input)
		if err != nil {
			answer(response, http.StatusInternalServerError, err.Error())
			return
		}
		if value == nil {
			value = []byte("null")
		}
		response.Header().Set("content-type", "application/json")
		response.Write(value)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{}
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}

func answer(response http.ResponseWriter, status int, text string) {
	response.Header().Set("content-type", "application/json")
	response.WriteHeader(status)
	json.NewEncoder(response).Encode(map[string]string{"error": text})
}
