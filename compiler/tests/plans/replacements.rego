# `with`: documents while a statement runs, callees by copies of the rules that reach them.
package example

total := count(input.xs)

plain := total

other := input.y

input_replaced := v if v := total with input.xs as [1, 2]

solutions := [x | x := input.xs[_] with input.xs as [1, 2]]

by_value := v if v := [total, other] with count as 7

by_function := v if v := [total, other] with count as sum

by_input := v if v := [total, other] with count as input.n

hidden := v if v := plain with data.example.total as 3
