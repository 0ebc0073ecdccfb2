# Unification in every direction, functions with patterns for parameters.
package example

f([x, {"k": y}], 1) := [y, x]

f(_, 2) := "two"

default f(_, _) := "none"

calls := [f(input.x, 1), f(input.x, 2)]

both := [a, b] if {
	[a, 2, [c, "x"]] = [1, b, input.pair]
	c != null
}

walked contains path if walk(input, [path, 3])
