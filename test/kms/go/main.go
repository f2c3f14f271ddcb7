// A KMS v2 plugin on the API server's own library (k8s.io/kms), for tests: AES-256-GCM with keys in a file.
//
//	kms SOCKET KEYFILE
//
// KEYFILE holds one key a line, `ID HEX`; the last line is the one that encrypts. It is read at each call, so that a line
// more is a rotation. A line `healthz TEXT` makes the plugin say TEXT of its health, and `version TEXT` of its version;
// `hang` lets no call be answered, and `lie` makes Encrypt give what does not open. It ends with its standard input.
package main

import (
	"bufio"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/kms/pkg/service"
)

// What the plugin wants to see again at each Decrypt; part of what is authenticated.
const annotation = "nonce.kms.waxwing.dev"

type plugin struct{ keyFile string }

type state struct {
	keys             map[string][]byte
	newest           string
	healthz, version string
	hang, lie        bool
}

func (p plugin) read() (*state, error) {
	file, err := os.Open(p.keyFile)
	if err != nil {
		return nil, status.Error(codes.Unavailable, "the keys are not there")
	}
	defer file.Close()
	s := &state{keys: map[string][]byte{}, healthz: "ok", version: "v2"}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "healthz":
			s.healthz = rest
		case "version":
			s.version = rest
		case "hang":
			s.hang = true
		case "lie":
			s.lie = true
		default:
			key, err := hex.DecodeString(rest)
			if err != nil {
				return nil, status.Error(codes.Internal, "a key is not hexadecimal")
			}
			s.keys[word], s.newest = key, word
		}
	}
	return s, nil
}

func (p plugin) ready(ctx context.Context) (*state, error) {
	s, err := p.read()
	if err == nil && s.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s, err
}

func (s *state) aead(id string) (cipher.AEAD, error) {
	key, ok := s.keys[id]
	if !ok {
		return nil, status.Error(codes.NotFound, "no such key")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (p plugin) Status(ctx context.Context) (*service.StatusResponse, error) {
	s, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	return &service.StatusResponse{Version: s.version, Healthz: s.healthz, KeyID: s.newest}, nil
}

func (p plugin) Encrypt(ctx context.Context, _ string, data []byte) (*service.EncryptResponse, error) {
	s, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	aead, err := s.aead(s.newest)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	sealed := aead.Seal(nil, nonce, data, []byte(s.newest))
	if s.lie {
		sealed[0] ^= 1
	}
	return &service.EncryptResponse{Ciphertext: sealed, KeyID: s.newest, Annotations: map[string][]byte{annotation: nonce}}, nil
}

func (p plugin) Decrypt(ctx context.Context, _ string, req *service.DecryptRequest) ([]byte, error) {
	s, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	aead, err := s.aead(req.KeyID)
	if err != nil {
		return nil, err
	}
	nonce := req.Annotations[annotation]
	if len(nonce) != aead.NonceSize() {
		return nil, status.Error(codes.InvalidArgument, "the annotation is missing")
	}
	data, err := aead.Open(nil, nonce, req.Ciphertext, []byte(req.KeyID))
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, "it does not open")
	}
	return data, nil
}

func run() error {
	if len(os.Args) != 3 {
		return errors.New("usage: kms SOCKET KEYFILE")
	}
	server := service.NewGRPCService(os.Args[1], 5*time.Second, plugin{keyFile: os.Args[2]})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		server.Close()
	}()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Close()
	}()
	return server.ListenAndServe()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
