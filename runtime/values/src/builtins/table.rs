//! The table of builtins.

/// Gives every builtin to a macro: `"name" => module::function(operand, …);` for each. Modules are those of
/// [`crate::builtins`]; operands are names that stand for their number. Sorted by category, as the files are.
#[macro_export]
macro_rules! for_each_builtin {
    ($apply:ident) => {
        $apply! {
            "count" => aggregates::count(a);
            "internal.member_2" => aggregates::member(a, b);
            "internal.member_3" => aggregates::member_with_key(a, b, c);

            "equal" => comparison::equal(a, b);
            "neq" => comparison::not_equal(a, b);
            "lt" => comparison::less(a, b);
            "lte" => comparison::less_or_equal(a, b);
            "gt" => comparison::greater(a, b);
            "gte" => comparison::greater_or_equal(a, b);

            "plus" => numbers::plus(a, b);
            "minus" => numbers::minus(a, b);

            "and" => sets::and(a, b);
            "or" => sets::or(a, b);
            "set_diff" => sets::difference(a, b);
        }
    };
}
