# A table that is written as rules.
package show

rate := 19 if input.country == "DE"

rate := 20 if input.country == "FR"

rate := 21 if input.country == "ES"

rate := 22 if input.country == "IT"

rate := 23 if input.country == "PT"

rate := 24 if input.country == "FI"

rate := 25 if input.country == "NO"

rate := 27 if input.country == "HU"

answer := rate + 1
