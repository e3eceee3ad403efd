// Command pki makes the certificates of a test cluster: one authority and the leaves named on standard input, written as PEM files.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

type leaf struct {
	File   string   `json:"file"`
	Name   string   `json:"name"`
	Groups []string `json:"groups"`
	Hosts  []string `json:"hosts"`
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func write(path, kind string, der []byte, mode os.FileMode) {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode); err != nil {
		log.Fatal(err)
	}
}

func save(dir, file string, der []byte, key crypto.PrivateKey) {
	write(filepath.Join(dir, file+".crt"), "CERTIFICATE", der, 0o644)
	write(filepath.Join(dir, file+".key"), "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key)), 0o600)
}

func template(name string, groups []string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))),
		Subject:      pkix.Name{CommonName: name, Organization: groups},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(10, 0, 0),
	}
}

func main() {
	dir := os.Args[1]
	var leaves []leaf
	if err := json.NewDecoder(os.Stdin).Decode(&leaves); err != nil {
		log.Fatal(err)
	}
	caKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	ca := template("quarterdeck-test-ca", nil)
	ca.IsCA, ca.BasicConstraintsValid = true, true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	caDER := must(x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey))
	save(dir, "ca", caDER, caKey)
	authority := must(x509.ParseCertificate(caDER))
	for _, l := range leaves {
		key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
		cert := template(l.Name, l.Groups)
		cert.KeyUsage = x509.KeyUsageDigitalSignature
		cert.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
		for _, host := range l.Hosts {
			if ip := net.ParseIP(host); ip != nil {
				cert.IPAddresses = append(cert.IPAddresses, ip)
			} else {
				cert.DNSNames = append(cert.DNSNames, host)
			}
		}
		save(dir, l.File, must(x509.CreateCertificate(rand.Reader, cert, authority, key.Public(), caKey)), key)
	}
}
