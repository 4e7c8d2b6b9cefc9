//! Arrays and composites in text form: `{1,NULL,"a b"}`, `[0:1]={1,2}`, `(1,,"a b")`.

use std::borrow::Cow;

use aludel::value::{Array, Dimension, Value};

use super::binary::MAX_DIMENSIONS;
use super::malformed::{Malformed, Read};
use super::pg_type::{Field, PgType};
use super::text;

const UNFINISHED: Malformed = Malformed("its text ends too early");
const UNEXPECTED: Malformed = Malformed("a character is in the wrong place");
const RAGGED: Malformed = Malformed("its rows differ in length");

pub(super) fn array(element: &PgType, bytes: &[u8]) -> Read<Array> {
    let (bounds, rest) = lower_bounds(bytes)?;
    let mut reader = ArrayReader {
        scanner: Scanner(rest),
        element,
        lengths: Vec::new(),
        leaf: None,
        elements: Vec::new(),
    };
    reader.scanner.expect(b'{')?;
    reader.level(0)?;
    if !reader.scanner.0.is_empty() {
        return Err(UNEXPECTED);
    }
    let ArrayReader { lengths, elements, .. } = reader;
    if elements.is_empty() {
        return Ok(Array::default());
    }
    if !bounds.is_empty() && bounds.len() != lengths.len() {
        return Err(Malformed("its bounds do not match its dimensions"));
    }
    let dimensions = lengths.iter().enumerate().map(|(index, len)| Dimension {
        len: len.unwrap_or(0),
        lower_bound: bounds.get(index).copied().unwrap_or(1),
    });
    Array::with_dimensions(dimensions.collect(), elements).map_err(|_| RAGGED)
}

/// The lower bounds before `=`, and what follows.
fn lower_bounds(bytes: &[u8]) -> Read<(Vec<i32>, &[u8])> {
    if !bytes.starts_with(b"[") {
        return Ok((Vec::new(), bytes));
    }
    let end = bytes.iter().position(|&byte| byte == b'=').ok_or(UNFINISHED)?;
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| UNEXPECTED)?;
    let bound = |part: &str| part.split_once(':')?.0.parse().ok();
    let inner = head.strip_prefix('[').and_then(|head| head.strip_suffix(']'));
    let bounds: Option<Vec<i32>> =
        inner.and_then(|inner| inner.split("][").take(MAX_DIMENSIONS + 1).map(bound).collect());
    Ok((bounds.ok_or(UNEXPECTED)?, &bytes[end + 1..]))
}

struct ArrayReader<'a, 't> {
    scanner: Scanner<'a>,
    element: &'t PgType,
    /// The length of each dimension, once one of its rows has ended.
    lengths: Vec<Option<u32>>,
    /// The depth at which elements stand, once there was one.
    leaf: Option<usize>,
    elements: Vec<Value>,
}

impl ArrayReader<'_, '_> {
    /// Reads what follows `{` up to its `}`.
    fn level(&mut self, depth: usize) -> Read<()> {
        if depth >= MAX_DIMENSIONS {
            return Err(Malformed("it has too many dimensions"));
        }
        if self.lengths.len() <= depth {
            self.lengths.push(None);
        }
        let mut count = 0;
        if self.scanner.eat(b'}') {
            return self.row_ended(depth, count);
        }
        loop {
            if self.scanner.eat(b'{') {
                self.level(depth + 1)?;
            } else {
                self.element(depth)?;
            }
            count += 1;
            if self.scanner.eat(b'}') {
                return self.row_ended(depth, count);
            }
            self.scanner.expect(self.element.delimiter)?;
        }
    }

    fn row_ended(&mut self, depth: usize, count: u32) -> Read<()> {
        match self.lengths[depth].replace(count) {
            Some(other) if other != count => Err(RAGGED),
            _ => Ok(()),
        }
    }

    fn element(&mut self, depth: usize) -> Read<()> {
        if *self.leaf.get_or_insert(depth) != depth {
            return Err(RAGGED);
        }
        let delimiter = self.element.delimiter;
        let (token, quoted) = self.scanner.token(|byte| byte == delimiter || byte == b'}')?;
        let value = match &*token {
            b"NULL" if !quoted => Value::Null,
            b"" if !quoted => return Err(UNEXPECTED),
            bytes if !quoted && bytes.contains(&b'{') => return Err(UNEXPECTED),
            bytes => text::read(self.element, bytes)?.into_value(self.element)?,
        };
        self.elements.push(value);
        Ok(())
    }
}

pub(super) fn composite(fields: &[Field], bytes: &[u8]) -> Read<Vec<Value>> {
    let mut scanner = Scanner(bytes);
    scanner.expect(b'(')?;
    let mut values = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            scanner.expect(b',')?;
        }
        let (token, quoted) = scanner.token(|byte| matches!(byte, b',' | b')'))?;
        values.push(match &*token {
            b"" if !quoted => Value::Null,
            bytes => text::read(&field.ty, bytes)?.into_value(&field.ty)?,
        });
    }
    scanner.expect(b')')?;
    if scanner.0.is_empty() { Ok(values) } else { Err(UNEXPECTED) }
}

struct Scanner<'a>(&'a [u8]);

impl<'a> Scanner<'a> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((&first, rest)) if first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        match self.0.first() {
            None => Err(UNFINISHED),
            Some(_) if self.eat(byte) => Ok(()),
            Some(_) => Err(UNEXPECTED),
        }
    }

    /// The text up to where it ends, without quotes and escapes, and whether it was quoted.
    fn token(&mut self, ends: impl Fn(u8) -> bool) -> Read<(Cow<'a, [u8]>, bool)> {
        if !self.eat(b'"') {
            let end = self.0.iter().position(|&byte| ends(byte)).ok_or(UNFINISHED)?;
            let (token, rest) = self.0.split_at(end);
            if token.iter().any(|byte| matches!(byte, b'"' | b'\\')) {
                return Err(UNEXPECTED);
            }
            self.0 = rest;
            return Ok((Cow::Borrowed(token), false));
        }
        let mut unquoted: Option<Vec<u8>> = None;
        loop {
            let special = |&byte: &u8| matches!(byte, b'"' | b'\\');
            let end = self.0.iter().position(special).ok_or(UNFINISHED)?;
            let (part, rest) = self.0.split_at(end);
            // A backslash escapes what follows it; in a composite a doubled quote is one quote.
            let escaped = match rest {
                [b'\\', escaped, rest @ ..] => Some((*escaped, rest)),
                [b'"', b'"', rest @ ..] => Some((b'"', rest)),
                _ => None,
            };
            let Some((escaped, rest)) = escaped else {
                self.expect_end_of_quotes(rest)?;
                return Ok((
                    unquoted.map_or(Cow::Borrowed(part), |mut all| {
                        all.extend_from_slice(part);
                        Cow::Owned(all)
                    }),
                    true,
                ));
            };
            let all = unquoted.get_or_insert_default();
            all.extend_from_slice(part);
            all.push(escaped);
            self.0 = rest;
        }
    }

    fn expect_end_of_quotes(&mut self, rest: &'a [u8]) -> Read<()> {
        self.0 = rest;
        self.expect(b'"')
    }
}
