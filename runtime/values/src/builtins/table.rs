//! The table of builtins.

/// Gives every builtin to a macro: `"name" => module::function(operand, …);` for each. Modules are those of
/// [`crate::builtins`]; operands are names that stand for their number. Sorted by category, as the files are.
#[macro_export]
macro_rules! for_each_builtin {
    ($apply:ident) => {
        $apply! {
            "count" => aggregates::count(a);
            "sum" => aggregates::sum(a);
            "product" => aggregates::product(a);
            "max" => aggregates::max(a);
            "min" => aggregates::min(a);
            "sort" => aggregates::sort(a);
            "all" => aggregates::all(a);
            "any" => aggregates::any(a);
            "internal.member_2" => aggregates::member(a, b);
            "internal.member_3" => aggregates::member_with_key(a, b, c);

            "array.concat" => arrays::concat(a, b);
            "array.flatten" => arrays::flatten(a);
            "array.reverse" => arrays::reverse(a);
            "array.slice" => arrays::slice(a, b, c);

            "bits.and" => bits::and(a, b);
            "bits.lsh" => bits::shift_left(a, b);
            "bits.negate" => bits::negate(a);
            "bits.or" => bits::or(a, b);
            "bits.rsh" => bits::shift_right(a, b);
            "bits.xor" => bits::xor(a, b);

            "to_number" => casts::to_number(a);
            "cast_array" => casts::cast_array(a);
            "cast_boolean" => casts::cast_boolean(a);
            "cast_null" => casts::cast_null(a);
            "cast_object" => casts::cast_object(a);
            "cast_set" => casts::cast_set(a);
            "cast_string" => casts::cast_string(a);

            "equal" => comparison::equal(a, b);
            "neq" => comparison::not_equal(a, b);
            "lt" => comparison::less(a, b);
            "lte" => comparison::less_or_equal(a, b);
            "gt" => comparison::greater(a, b);
            "gte" => comparison::greater_or_equal(a, b);

            "graph.reachable" => graph::reachable(a, b);
            "graph.reachable_paths" => graph::reachable_paths(a, b);
            "walk" => graph::walk(a);

            "graphql.is_valid" => graphql::is_valid(a, b);
            "graphql.parse" => graphql::parse(a, b);
            "graphql.parse_and_verify" => graphql::parse_and_verify(a, b);
            "graphql.parse_query" => graphql::parse_query(a);
            "graphql.parse_schema" => graphql::parse_schema(a);
            "graphql.schema_is_valid" => graphql::schema_is_valid(a);

            "json.is_valid" => json::is_valid(a);
            "json.marshal" => json::marshal(a);
            "json.marshal_with_options" => json::marshal_with_options(a, b);
            "json.unmarshal" => json::unmarshal(a);
            "json.match_schema" => schemas::matches(a, b);
            "json.verify_schema" => schemas::verify(a);

            "plus" => numbers::plus(a, b);
            "minus" => numbers::minus(a, b);
            "mul" => numbers::mul(a, b);
            "div" => numbers::div(a, b);
            "rem" => numbers::rem(a, b);
            "abs" => numbers::abs(a);
            "round" => numbers::round(a);
            "ceil" => numbers::ceil(a);
            "floor" => numbers::floor(a);
            "numbers.range" => numbers::range(a, b);
            "numbers.range_step" => numbers::range_step(a, b, c);

            "object.filter" => objects::filter(a, b);
            "object.get" => objects::get(a, b, c);
            "object.keys" => objects::keys(a);
            "object.remove" => objects::remove(a, b);
            "object.subset" => objects::subset(a, b);
            "object.union" => objects::union(a, b);
            "object.union_n" => objects::union_n(a);

            "json.filter" => paths::filter(a, b);
            "json.remove" => paths::remove(a, b);
            "json.patch" => patch::patch(a, b);

            "and" => sets::and(a, b);
            "or" => sets::or(a, b);
            "intersection" => sets::intersection(a);
            "union" => sets::union(a);
            "set_diff" => sets::difference(a, b);

            "is_array" => types::is_array(a);
            "is_boolean" => types::is_boolean(a);
            "is_null" => types::is_null(a);
            "is_number" => types::is_number(a);
            "is_object" => types::is_object(a);
            "is_set" => types::is_set(a);
            "is_string" => types::is_string(a);
            "type_name" => types::type_name(a);

            "concat" => strings::concat(a, b);
            "contains" => strings::contains(a, b);
            "endswith" => strings::ends_with(a, b);
            "format_int" => strings::format_int(a, b);
            "indexof" => strings::index_of(a, b);
            "indexof_n" => strings::index_of_n(a, b);
            "internal.template_string" => strings::template(a);
            "lower" => strings::lower(a);
            "replace" => strings::replace(a, b, c);
            "split" => strings::split(a, b);
            "sprintf" => sprintf::sprintf(a, b);
            "startswith" => strings::starts_with(a, b);
            "strings.any_prefix_match" => strings::any_prefix_match(a, b);
            "strings.any_suffix_match" => strings::any_suffix_match(a, b);
            "strings.count" => strings::count(a, b);
            "strings.render_template" => templates::render_template(a, b);
            "strings.replace_n" => strings::replace_n(a, b);
            "strings.reverse" => strings::reverse(a);
            "strings.split_n" => strings::split_n(a, b, c);
            "substring" => strings::substring(a, b, c);
            "trim" => strings::trim(a, b);
            "trim_left" => strings::trim_left(a, b);
            "trim_prefix" => strings::trim_prefix(a, b);
            "trim_right" => strings::trim_right(a, b);
            "trim_space" => strings::trim_space(a);
            "trim_suffix" => strings::trim_suffix(a, b);
            "upper" => strings::upper(a);

            "base64.decode" => encoding::base64_decode(a);
            "base64.encode" => encoding::base64_encode(a);
            "base64.is_valid" => encoding::base64_is_valid(a);
            "base64url.decode" => encoding::base64url_decode(a);
            "base64url.encode" => encoding::base64url_encode(a);
            "base64url.encode_no_pad" => encoding::base64url_encode_no_pad(a);
            "hex.decode" => encoding::hex_decode(a);
            "hex.encode" => encoding::hex_encode(a);
            "urlquery.decode" => encoding::urlquery_decode(a);
            "urlquery.decode_object" => encoding::urlquery_decode_object(a);
            "urlquery.encode" => encoding::urlquery_encode(a);
            "urlquery.encode_object" => encoding::urlquery_encode_object(a);
            "yaml.is_valid" => encoding::yaml_is_valid(a);
            "yaml.marshal" => encoding::yaml_marshal(a);
            "yaml.unmarshal" => encoding::yaml_unmarshal(a);

            "glob.match" => regex::glob_match(a, b, c);
            "glob.quote_meta" => regex::glob_quote(a);
            "re_match" => regex::matches(a, b);
            "regex.find_all_string_submatch_n" => regex::find_all_submatch_n(a, b, c);
            "regex.find_n" => regex::find_n(a, b, c);
            "regex.globs_match" => regex::globs_match(a, b);
            "regex.is_valid" => regex::is_valid(a);
            "regex.match" => regex::matches(a, b);
            "regex.replace" => regex::replace(a, b, c);
            "regex.split" => regex::split(a, b);
            "regex.template_match" => regex::template_match(a, b, c, d);

            "crypto.hmac.equal" => digests::hmac_equal(a, b);
            "crypto.hmac.md5" => digests::hmac_md5(a, b);
            "crypto.hmac.sha1" => digests::hmac_sha1(a, b);
            "crypto.hmac.sha256" => digests::hmac_sha256(a, b);
            "crypto.hmac.sha512" => digests::hmac_sha512(a, b);
            "crypto.md5" => digests::md5(a);
            "crypto.sha1" => digests::sha1(a);
            "crypto.sha256" => digests::sha256(a);

            "crypto.parse_private_keys" => private_keys::parse(a);
            "crypto.x509.parse_and_verify_certificates" => certificates::verify(a);
            "crypto.x509.parse_and_verify_certificates_with_options" => certificates::verify_with_options(a, b);
            "crypto.x509.parse_certificate_request" => certificates::parse_request(a);
            "crypto.x509.parse_certificates" => certificates::parse(a);
            "crypto.x509.parse_keypair" => key_pairs::parse(a, b);
            "crypto.x509.parse_rsa_private_key" => private_keys::parse_one(a);

            "net.cidr_contains" => networks::contains(a, b);
            "net.cidr_contains_matches" => networks::contains_matches(a, b);
            "net.cidr_expand" => networks::expand(a);
            "net.cidr_intersects" => networks::intersects(a, b);
            "net.cidr_is_valid" => networks::is_valid(a);
            "net.cidr_merge" => networks::merge(a);
            "net.cidr_overlap" => networks::contains(a, b);

            "providers.aws.sign_req" => aws::sign_req(a, b, c);

            "rego.parse_module" => rego::parse_module(a, b);

            "semver.compare" => semver::compare(a, b);
            "semver.is_valid" => semver::is_valid(a);

            "time.add_date" => times::add_date(a, b, c, d);
            "time.clock" => times::clock(a);
            "time.date" => times::date(a);
            "time.diff" => times::diff(a, b);
            "time.format" => times::format(a);
            "time.parse_duration_ns" => times::parse_duration(a);
            "time.parse_ns" => times::parse(a, b);
            "time.parse_rfc3339_ns" => times::parse_rfc3339(a);
            "time.weekday" => times::weekday(a);
            "io.jwt.decode" => tokens::decode(a);
            "io.jwt.decode_verify" => tokens::decode_verify(a, b);
            "io.jwt.encode_sign" => tokens::encode_sign(a, b, c);
            "io.jwt.encode_sign_raw" => tokens::encode_sign_raw(a, b, c);
            "io.jwt.verify_eddsa" => tokens::verify_eddsa(a, b);
            "io.jwt.verify_es256" => tokens::verify_es256(a, b);
            "io.jwt.verify_es384" => tokens::verify_es384(a, b);
            "io.jwt.verify_es512" => tokens::verify_es512(a, b);
            "io.jwt.verify_hs256" => tokens::verify_hs256(a, b);
            "io.jwt.verify_hs384" => tokens::verify_hs384(a, b);
            "io.jwt.verify_hs512" => tokens::verify_hs512(a, b);
            "io.jwt.verify_ps256" => tokens::verify_ps256(a, b);
            "io.jwt.verify_ps384" => tokens::verify_ps384(a, b);
            "io.jwt.verify_ps512" => tokens::verify_ps512(a, b);
            "io.jwt.verify_rs256" => tokens::verify_rs256(a, b);
            "io.jwt.verify_rs384" => tokens::verify_rs384(a, b);
            "io.jwt.verify_rs512" => tokens::verify_rs512(a, b);

            "uuid.parse" => uuids::parse(a);

            "uri.is_valid" => uris::is_valid(a);
            "uri.parse" => uris::parse(a);

            "units.parse" => units::parse(a);
            "units.parse_bytes" => units::parse_bytes(a);
        }
    };
}
