# Partial objects with paths of different lengths: a path through another rule's value is a conflict.
package example

tree[x] := 1 if some x in input.xs

tree.a[y].c contains z if some y, z in input.o

dynamic := {input.k: 1, "k": 2}
