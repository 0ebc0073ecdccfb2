# Virtual documents beside base documents: extents, keys known at run time, keys to enumerate.
package example

whole := data.example.config

config.base := 1

config.extra := 2 if input.extra

one := data.example.config[input.key]

every_key := [key | data.example.config[key]]

storage := data.ports["80"]
