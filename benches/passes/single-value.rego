# A price for each kind of thing: values that are computed, of which only one can be.
package show

answer := input.weight * 2 if input.kind == "letter"

answer := input.weight * 3 if input.kind == "parcel"

answer := input.weight + 10 if input.kind == "pallet"

answer := 100 - input.weight if input.kind == "container"

answer := input.weight / 2 if input.kind == "bulk"
