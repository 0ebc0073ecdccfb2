// Keeps the module's requirements: what README.md shows is put into a program of its own beside it.
package main

import (
	_ "github.com/open-policy-agent/opa/v1/features/wasm"
	_ "github.com/open-policy-agent/opa/v1/rego"
)

func main() {}
