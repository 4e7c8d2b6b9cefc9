//! Values of servers that lie: errors, never panics, and no more memory than was sent.

use proptest::prelude::*;

use super::forms::{from_binary, from_text, ty, unhex};
use super::wire_table::WIRE;
use crate::types::builtin::builtin_oids;
use crate::types::malformed::Malformed;

#[test]
fn a_value_cut_short_or_too_long_is_an_error_or_another_value() {
    let mut refused = 0;
    for &(oid, _, hex) in WIRE {
        let (ty, bytes) = (ty(oid), unhex(hex));
        for end in 0..bytes.len() {
            refused += u32::from(from_binary(&ty, &bytes[..end]).is_err());
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        refused += u32::from(from_binary(&ty, &longer).is_err());
    }
    assert!(refused > 1500, "{refused}");
}

#[test]
fn an_array_whose_counts_lie_is_refused_before_memory_is_taken() {
    let array = |dimensions: &[(i32, i32)], rest: &[u8]| {
        let mut bytes = (dimensions.len() as i32).to_be_bytes().to_vec();
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 23]);
        for (len, bound) in dimensions {
            bytes.extend([len.to_be_bytes(), bound.to_be_bytes()].concat());
        }
        bytes.extend(rest);
        from_binary(&ty(1007), &bytes)
    };
    let too_few = Err(Malformed("it has fewer elements than its dimensions tell"));
    assert_eq!(array(&[(i32::MAX, 1)], &[0; 12]), too_few);
    assert_eq!(array(&[(i32::MAX, 1); 6], &[0; 12]), too_few);
    assert_eq!(array(&[(-1, 1)], &[]), Err(Malformed("a dimension is negative")));
    assert_eq!(array(&[(1, 1); 7], &[0; 64]), Err(Malformed("it has too many dimensions")));
    assert_eq!(array(&[(1, 1)], &[0, 0, 0, 9, 1]), Err(Malformed("it is too short")));
    assert_eq!(array(&[(1, 1)], &[0xFF, 0xFF, 0xFF, 0xFE]), Err(Malformed("a length is negative")));
    let other_element = unhex("000000010000000000000019000000010000000100000000");
    let refused = Err(Malformed("its elements are of another type"));
    assert_eq!(from_binary(&ty(1007), &other_element), refused);
}

#[test]
fn an_array_of_few_bytes_that_would_make_much_text_is_refused() {
    let array = |count: u32| {
        let mut bytes = unhex("0000000100000000000006a4");
        bytes.extend([count.to_be_bytes(), 1_u32.to_be_bytes()].concat());
        // One group of digits, of the weight 32,767.
        bytes.extend(unhex("0000000a00017fff000000000001").repeat(count as usize));
        from_binary(&ty(1231), &bytes)
    };
    assert!(array(100).is_ok(), "the server could send it");
    assert_eq!(array(10_000), Err(Malformed("its numbers have too many digits")));
}

#[test]
fn arrays_in_text_form_that_are_not_of_the_form_are_refused() {
    for text in [
        "",
        "{",
        "}",
        "{1",
        "{1,",
        "{1,}",
        "{,1}",
        "{1}}",
        "{{1},{2,3}}",
        "{1,{2}}",
        "{{1},2}",
        "{{},{1}}",
        "{\"1}",
        "{\"1\"x}",
        "{1\\",
        "{\\",
        "[1:2]",
        "[1:2={1,2}",
        "[x:2]={1,2}",
        "[1:1][1:1]={1}",
        "{{{{{{{1}}}}}}}",
        "1",
        "{a}",
    ] {
        assert!(from_text(&ty(1007), text).is_err(), "{text}");
    }
    let deep = "{".repeat(1_000_000);
    assert!(from_text(&ty(1007), &deep).is_err());
}

#[test]
fn text_that_is_not_utf8_is_lent_but_not_put_into_an_array() {
    let bytes = unhex("00000001000000000000001900000001000000010000000180");
    assert_eq!(from_binary(&ty(1009), &bytes), Err(Malformed("its text is not UTF-8")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_make_the_readers_panic(
        index in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let oids = builtin_oids();
        let ty = ty(oids[index.index(oids.len())]);
        let _ = from_binary(&ty, &bytes);
        let _ = crate::types::text::read(&ty, &bytes).and_then(|value| value.into_value(&ty));
    }

    #[test]
    fn no_text_makes_the_readers_panic(
        index in any::<prop::sample::Index>(),
        text in "[-+0-9a-zA-Z:. {}(),\"\\\\\\[\\]=é]{0,40}",
    ) {
        let oids = builtin_oids();
        let _ = from_text(&ty(oids[index.index(oids.len())]), &text);
    }

    #[test]
    fn no_change_of_a_byte_makes_the_readers_panic(
        index in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let (oid, text, hex) = WIRE[index.index(WIRE.len())];
        let mut bytes = unhex(hex);
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = from_binary(&ty(oid), &bytes);
        let mut bytes = text.as_bytes().to_vec();
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = crate::types::text::read(&ty(oid), &bytes).and_then(|v| v.into_value(&ty(oid)));
    }
}
