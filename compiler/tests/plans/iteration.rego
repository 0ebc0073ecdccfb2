# Iterations end as soon as nothing they bound is used, unless each solution counts.
package example

pairs contains x if {
	some x in input.xs
	input.ys[_] == x
	input.zs[_] == 1
}

list := [x | x := input.xs[_]; input.ys[_] == x]

inverse[v] contains k if some k, v in input.map

all_positive if every x in input.xs { x > 0 }
