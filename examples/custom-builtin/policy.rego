package shop

price := input.price - customers.discount(input.customer)
