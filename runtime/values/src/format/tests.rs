//! Go's answers.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Argument::{Float, Integer, Text};
use super::{Argument, sprintf};

fn format(format: &str, arguments: &[Argument<'_>]) -> String {
    String::from_utf8(sprintf(format.as_bytes(), arguments)).expect("UTF-8")
}

#[test]
fn verbs() {
    assert_eq!(
        format("%d %5d|%-5d|%05d %x %X %o %b %c %U %q", &[1, 2, 3, -4, 255, 255, 8, 5, 65, 0x1f600, 97].map(Integer)),
        "1     2|3    |-0004 ff FF 10 101 A U+1F600 'a'"
    );
    assert_eq!(
        format("%v %s %q %x|%6.2s|%-4s|", &["a", "b", "c\n", "hi", "xyz", "é"].map(|text| Text(text.as_bytes()))),
        "a b \"c\\n\" 6869|    xy|é   |"
    );
    assert_eq!(
        format("%v %f %.2f %e %g %8.3f %+.1e", &[1.5, 1.5, 2.675, 123456.0, 1e21, 2.34159, 12345.0].map(Float)),
        "1.5 1.500000 2.67 1.234560e+05 1e+21    2.342 +1.2e+04"
    );
}

#[test]
fn floats_by_v() {
    for (number, text) in [
        (1000000.0, "1e+06"),
        (123456789.0, "1.23456789e+08"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (100000.0, "100000"),
        (-0.0, "-0"),
    ] {
        assert_eq!(format("%v", &[Float(number)]), text);
    }
    assert_eq!(format("%x %b %#g", &[Float(1.5), Float(1.0), Float(1.0)]), "0x1.8p+00 4503599627370496p-52 1.00000");
}

#[test]
fn mistakes() {
    assert_eq!(format("%d", &[Text(b"a")]), "%!d(string=a)");
    assert_eq!(format("%d", &[Float(1.0)]), "%!d(float64=1)");
    assert_eq!(format("%d", &[]), "%!d(MISSING)");
    assert_eq!(format("a", &[Integer(1), Text(b"b")]), "a%!(EXTRA int64=1, string=b)");
    assert_eq!(format("%", &[]), "%!(NOVERB)");
    assert_eq!(format("%z", &[Integer(1)]), "%!z(int64=1)");
    assert_eq!(format("%*d", &[Text(b"x"), Integer(1)]), "%!(BADWIDTH)1");
    assert_eq!(format("%[3]d", &[Integer(1)]), "%!d(BADINDEX)");
    assert_eq!(format("%[2]d %[1]d", &[Integer(1), Integer(2)]), "2 1");
    assert_eq!(format("100%%", &[]), "100%");
}

#[test]
fn errors_that_are_none() {
    let wrapped =
        [("%w", Integer(1)), ("%+w", Integer(1)), ("%#w", Float(1.5)), ("%#w", Text(b"a")), ("%+5w|", Text(b"a"))];
    let shown = ["%!w(int64=1)", "%!w(int64=1)", "%!w(float64=1.5)", "%!w(string=\"a\")", "%!w(string=    a)|"];
    for ((verb, argument), shown) in wrapped.into_iter().zip(shown) {
        assert_eq!(format(verb, &[argument]), shown);
    }
}

#[test]
fn fields_of_large_integers() {
    // 2 to the power of 64, and 10.
    let digits = |base| Vec::from(if base == 16 { "1000000000000000a" } else { "18446744073709551626" });
    for (verb, negative, shown) in [
        ("%w", false, "&{false [10 1]}"),
        ("%+w", true, "&{neg:true abs:[10 1]}"),
        ("%#w", false, "&big.Int{neg:false, abs:big.nat{0xa, 0x1}}"),
        ("% 4w", true, "&{true [  10    1]}"),
        ("%-6.2w", false, "&{false  [10     01    ]}"),
    ] {
        assert_eq!(format(verb, &[Argument::Big { negative, digits: &digits }]), format!("%!w(*big.Int={shown})"));
    }
}
