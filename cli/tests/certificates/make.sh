#!/bin/sh
# Makes the certificates and keys of the tests of `http.send`. They are good for nothing else: the keys are public.
# Run in this folder; needs openssl 3. The files are committed, so that tests need no openssl and their dates do not move.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
touch "$work/index.txt"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = own
[own]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
END
# sign NAME SUBJECT EXTENSIONS FROM TO
sign() {
	key "$1"
	printf '%s\n' "$3" > "$work/extensions"
	openssl req -new -key "$1.key" -subj "$2" -out "$work/request"
	openssl ca -batch -notext -config "$work/ca.cnf" -keyfile ca.key -cert ca.pem -in "$work/request" -out "$1.pem" \
		-extfile "$work/extensions" -startdate "$4" -enddate "$5" 2>/dev/null
}
since=20200101000000Z
until=21190101000000Z
key ca
openssl req -x509 -new -key ca.key -subj "/CN=Tests of regoc" -days 36000 -out ca.pem
sign server "/CN=server" "subjectAltName=DNS:localhost,DNS:server.test,IP:127.0.0.1
extendedKeyUsage=serverAuth" $since $until
sign other "/CN=other" "subjectAltName=DNS:other.test" $since $until
sign unnamed "/CN=127.0.0.1" "extendedKeyUsage=serverAuth" $since $until
sign expired "/CN=expired" "subjectAltName=DNS:localhost,IP:127.0.0.1" $since 20210101000000Z
sign client "/CN=client" "extendedKeyUsage=clientAuth" $since $until
# An authority that is a server itself, as test servers often are.
key alone
openssl req -x509 -new -key alone.key -subj "/CN=alone" -addext "subjectAltName=IP:127.0.0.1" -days 36000 -out alone.pem
# Servers with keys that not every library takes.
self_signed() { openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -addext "subjectAltName=IP:127.0.0.1" -days 36000 -"$2" -out "$1.pem"; }
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.key
self_signed p521 sha512
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.key
self_signed rsa1024 sha256
rm ca.key
