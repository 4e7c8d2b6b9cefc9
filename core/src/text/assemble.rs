//! From a compiled text to the one that a database gets, for values of known shapes.

use std::fmt::Write;

use super::bind::Mode;
use super::compiled::{Compiled, Part};
use super::literal::literal;
use crate::dialect::{EmptyIn, ParamStyle};
use crate::error::{Error, Result};
use crate::value::ValueRef;

/// The text for the database and, for each of its placeholders, where the value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assembled {
    /// The text, in the dialect's paramstyle.
    pub sql: String,
    /// Where the values of its placeholders come from, in the order in which the driver wants them.
    pub slots: Vec<Slot>,
}

/// Where the value of a placeholder comes from; numbers count binds, elements and fields from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The bind's value.
    Value(usize),
    /// An element of the bind's list.
    Element(usize, usize),
    /// A field of an element that is itself a list.
    Field(usize, usize, usize),
}

impl Slot {
    /// The number of the bind.
    #[inline]
    pub fn bind(self) -> usize {
        match self {
            Slot::Value(bind) | Slot::Element(bind, _) | Slot::Field(bind, ..) => bind,
        }
    }

    /// The value that this place of the statement gets.
    ///
    /// `values` tells the value of the bind with a number.
    #[inline]
    pub fn value<'v>(self, values: impl Fn(usize) -> ValueRef<'v>) -> ValueRef<'v> {
        let list_item = |list: ValueRef<'v>, index| match list {
            ValueRef::Array(array) => array.get(index),
            ValueRef::Struct(fields) => fields.get(index),
            _ => ValueRef::Null,
        };
        let value = values(self.bind());
        match self {
            Slot::Value(_) => value,
            Slot::Element(_, element) => list_item(value, element),
            Slot::Field(_, element, field) => list_item(list_item(value, element), field),
        }
    }
}

impl Compiled {
    /// The text for these values, which are in the order of the [names](Compiled::names). Values
    /// of plain binds are not looked at.
    ///
    /// # Errors
    /// `Argument` for a bind that expands and has no list, and for literals that cannot be written.
    pub fn assemble(&self, values: &[ValueRef<'_>]) -> Result<Assembled> {
        let mut writer = Writer::new(self);
        for part in &self.parts {
            match part {
                Part::Text(text) => writer.sql.push_str(text),
                Part::Bind(bind) => {
                    let value = values.get(*bind).copied().unwrap_or(ValueRef::Null);
                    writer.bind(*bind, value)?;
                }
            }
        }
        Ok(Assembled { sql: writer.sql, slots: writer.slots })
    }
}

struct Writer<'c> {
    compiled: &'c Compiled,
    sql: String,
    slots: Vec<Slot>,
    /// The text of each bind that has been written, where a second one is written the same.
    written: Vec<Option<Box<str>>>,
}

impl<'c> Writer<'c> {
    fn new(compiled: &'c Compiled) -> Self {
        let written = vec![None; compiled.binds.len()];
        let mut writer = Writer { compiled, sql: String::new(), slots: Vec::new(), written };
        if writer.numbers() {
            // Plain binds have the first numbers, so that they do not depend on the lists' lengths.
            for (bind, of) in compiled.binds.iter().enumerate() {
                if of.mode == Mode::Plain {
                    let placeholder = writer.placeholder(Slot::Value(bind));
                    writer.written[bind] = Some(placeholder.into());
                }
            }
        }
        writer
    }

    fn numbers(&self) -> bool {
        matches!(self.compiled.paramstyle, ParamStyle::Numeric | ParamStyle::NumericDollar)
    }

    /// True when a placeholder can stand in the text more than once for one value.
    fn shares_placeholders(&self) -> bool {
        !matches!(self.compiled.paramstyle, ParamStyle::Qmark | ParamStyle::Format)
    }

    fn bind(&mut self, bind: usize, value: ValueRef<'_>) -> Result<()> {
        if let Some(text) = self.written[bind].take() {
            self.push(&text);
            self.written[bind] = Some(text);
            return Ok(());
        }
        let text = match self.compiled.binds[bind].mode {
            Mode::Plain => self.placeholder(Slot::Value(bind)),
            Mode::Literal => self.literal(bind, value)?,
            Mode::Expanding => self.list(bind, value)?,
        };
        self.push(&text);
        // How an empty list is written depends on what is before it.
        let is_empty = matches!(value, ValueRef::Array(list) if list.is_empty());
        if self.shares_placeholders() && !is_empty {
            self.written[bind] = Some(text.into());
        }
        Ok(())
    }

    /// Adds what stands for a bind. A sign does not make a comment or another operator of what is
    /// before it, nor a quote the doubled one of a literal.
    fn push(&mut self, text: &str) {
        let last = self.sql.chars().next_back();
        let joins = match text.as_bytes() {
            [b'-', ..] => last.is_some_and(|last| !last.is_whitespace() && last != '('),
            [b'\'', ..] => last == Some('\''),
            _ => false,
        };
        if joins {
            self.sql.push(' ');
        }
        self.sql.push_str(text);
    }

    fn literal(&self, bind: usize, value: ValueRef<'_>) -> Result<String> {
        let text = literal(value, &self.compiled.rules)
            .map_err(|error| error.with_note("bind", &*self.compiled.binds[bind].name))?;
        let percent = matches!(self.compiled.paramstyle, ParamStyle::Format | ParamStyle::Pyformat);
        Ok(if percent { text.replace('%', "%%") } else { text })
    }

    /// The placeholder of the next value.
    fn placeholder(&mut self, slot: Slot) -> String {
        self.slots.push(slot);
        let number = self.slots.len();
        match self.compiled.paramstyle {
            ParamStyle::Qmark => "?".into(),
            ParamStyle::Format => "%s".into(),
            ParamStyle::Numeric => format!(":{number}"),
            ParamStyle::NumericDollar => format!("${number}"),
            ParamStyle::Named => format!(":{}", self.name(slot)),
            ParamStyle::Pyformat => format!("%({})s", self.name(slot)),
        }
    }

    fn name(&self, slot: Slot) -> String {
        let name = &self.compiled.binds[slot.bind()].name;
        match slot {
            Slot::Value(_) => name.to_string(),
            Slot::Element(_, element) => format!("{name}_{}", element + 1),
            Slot::Field(_, element, field) => format!("{name}_{}_{}", element + 1, field + 1),
        }
    }

    fn list(&mut self, bind: usize, value: ValueRef<'_>) -> Result<String> {
        let ValueRef::Array(list) = value else {
            return Err(no_list(&self.compiled.binds[bind].name, value));
        };
        if list.is_empty() {
            return Ok(self.empty_list());
        }
        let is_of_rows = matches!(list.get(0), ValueRef::Array(_) | ValueRef::Struct(_));
        let values = is_of_rows && self.compiled.rules.tuple_in_values;
        let mut text = String::from(if values { "(VALUES " } else { "(" });
        for (element, value) in list.iter().enumerate() {
            if element > 0 {
                text.push_str(", ");
            }
            let fields = match value {
                ValueRef::Array(fields) => fields.len(),
                ValueRef::Struct(fields) => fields.len(),
                _ => {
                    text.push_str(&self.placeholder(Slot::Element(bind, element)));
                    continue;
                }
            };
            let fields: Vec<String> = (0..fields)
                .map(|field| self.placeholder(Slot::Field(bind, element, field)))
                .collect();
            let _ = write!(text, "({})", fields.join(", "));
        }
        text.push(')');
        Ok(text)
    }

    /// What an empty list is in this database. The `IN` before it is taken back where it has to be.
    fn empty_list(&mut self) -> String {
        match self.compiled.rules.empty_in {
            EmptyIn::Parentheses => "()".into(),
            EmptyIn::Subquery => EMPTY_SET.into(),
            EmptyIn::Any => match take_operator(&mut self.sql) {
                Some(true) => "<> ALL ('{}')".into(),
                Some(false) => "= ANY ('{}')".into(),
                None => EMPTY_SET.into(),
            },
        }
    }
}

const EMPTY_SET: &str = "(SELECT 1 FROM (SELECT 1) AS empty_set WHERE 1 != 1)";

/// Takes `IN`, or `NOT IN`, off the end of the text; true for the latter, `None` for neither.
fn take_operator(sql: &mut String) -> Option<bool> {
    let before_in = before_word(sql, "in")?;
    let before_not = before_word(&sql[..before_in], "not");
    sql.truncate(before_not.unwrap_or(before_in));
    Some(before_not.is_some())
}

/// Where the word begins with which the text ends. One that may end a comment is none.
fn before_word(text: &str, word: &str) -> Option<usize> {
    let trimmed = text.trim_end();
    let start = trimmed.len().checked_sub(word.len())?;
    let is_there = trimmed.get(start..)?.eq_ignore_ascii_case(word);
    let goes_on = trimmed[..start].ends_with(|c: char| c.is_alphanumeric() || "_$".contains(c));
    let is_line_end = |c: char| matches!(c, '\n' | '\r');
    let is_comment = text[trimmed.len()..].contains(is_line_end)
        && trimmed.rsplit(is_line_end).next().is_some_and(|line| line.contains("--"));
    (is_there && !goes_on && !is_comment).then_some(start)
}

#[cold]
fn no_list(name: &str, value: ValueRef<'_>) -> Error {
    Error::argument(format!(
        "bind `{name}` expands to a list, and its value is {}",
        value.kind_name()
    ))
    .with_help("give a list of values, for example a vector")
}
