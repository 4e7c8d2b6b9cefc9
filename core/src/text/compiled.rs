//! A text with its binds found, ready to be written in a dialect's paramstyle.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::assemble::Assembled;
use super::bind::{BindParam, Mode};
use super::lexer::{Piece, lex};
use super::many_values::Returning;
use super::stamp::Stamp;
use crate::dbapi::SqlType;
use crate::dialect::{ParamStyle, SqlRules};
use crate::value::Value;

/// A part of the compiled text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Goes to the database as it is.
    Text(Box<str>),
    /// The bind with this number in [`Compiled::names`].
    Bind(usize),
}

/// A bind of a compiled text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bind {
    pub(super) name: Box<str>,
    pub(super) mode: Mode,
    /// Index of its declaration.
    pub(super) declared: Option<usize>,
}

/// A text whose binds are known, for the rules of one dialect. Made once and used for any values.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    pub(super) parts: Vec<Part>,
    /// The binds in the order in which they first appear.
    pub(super) binds: Vec<Bind>,
    pub(super) paramstyle: ParamStyle,
    pub(super) rules: SqlRules,
    /// The text for the database, where it is the same for all values.
    fixed: Option<Assembled>,
    /// What an execution with many sets of parameters makes of it, once one has asked.
    returning: OnceLock<Returning>,
    /// When it was made.
    stamp: Stamp,
}

impl Compiled {
    pub(crate) fn new(sql: &str, declared: &[BindParam], rules: &SqlRules) -> Self {
        let mut compiled = Compiled {
            parts: Vec::new(),
            binds: Vec::new(),
            paramstyle: rules.paramstyle,
            rules: *rules,
            fixed: None,
            returning: OnceLock::new(),
            stamp: Stamp::default(),
        };
        let mut text = String::new();
        let mut known = HashMap::new();
        for piece in lex(sql, rules) {
            match piece {
                Piece::Verbatim(range) => compiled.append(&mut text, &sql[range]),
                Piece::Escape(_) => {}
                Piece::Bind(range) => {
                    let after_in = ends_with_in(&text);
                    let name = &sql[range];
                    let number = *known.entry(name).or_insert(compiled.binds.len());
                    let bind = compiled.bind(number, name, declared, after_in);
                    if !text.is_empty() {
                        compiled.parts.push(Part::Text(std::mem::take(&mut text).into()));
                    }
                    compiled.parts.push(Part::Bind(bind));
                }
            }
        }
        if !text.is_empty() {
            compiled.parts.push(Part::Text(text.into()));
        }
        if compiled.binds.iter().all(|bind| bind.mode == Mode::Plain) {
            compiled.fixed = compiled.assemble(&[]).ok();
        }
        compiled
    }

    /// Drivers with percent placeholders read `%%` as one percent sign.
    pub(super) fn append(&self, text: &mut String, verbatim: &str) {
        match self.paramstyle {
            ParamStyle::Format | ParamStyle::Pyformat => {
                text.push_str(&verbatim.replace('%', "%%"));
            }
            _ => text.push_str(verbatim),
        }
    }

    /// The bind of this number and name, which is new when it appears for the first time.
    fn bind(&mut self, number: usize, name: &str, declared: &[BindParam], after_in: bool) -> usize {
        if number == self.binds.len() {
            let declared = declared.iter().position(|bind| bind.name == name);
            self.binds.push(Bind { name: name.into(), mode: Mode::Plain, declared });
        }
        let bind = &mut self.binds[number];
        bind.mode = match bind.declared.map(|index| declared[index].mode) {
            Some(mode @ (Mode::Expanding | Mode::Literal)) => mode,
            // `x IN ?` is no SQL: a bind in this place can only be meant as a list.
            _ if after_in => Mode::Expanding,
            _ => bind.mode,
        };
        number
    }

    /// The names of the binds in the order in which they first appear.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.binds.iter().map(|bind| &*bind.name)
    }

    /// The text for the database, where it is the same for all values.
    pub(crate) fn fixed(&self) -> Option<&Assembled> {
        self.fixed.as_ref()
    }

    /// When it was made, where somebody looked on.
    pub(crate) fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Whether the statement gives rows back from what it changes, and how many sets of parameters
    /// are executed then. `sql` is the text that this was made from.
    pub(crate) fn returning(&self, sql: &str) -> &Returning {
        self.returning.get_or_init(|| Returning::of(sql, self))
    }

    #[inline]
    pub(crate) fn name(&self, bind: usize) -> &str {
        self.binds.get(bind).map_or("", |bind| &bind.name)
    }

    /// The type that the bind with this number has by its declaration.
    #[inline]
    pub(crate) fn declared_type<'d>(
        &self,
        bind: usize,
        declared: &'d [BindParam],
    ) -> Option<&'d SqlType> {
        declared.get(self.binds.get(bind)?.declared?)?.sql_type.as_ref()
    }

    /// The value that the bind with this number has by its declaration.
    pub(crate) fn declared_value<'d>(
        &self,
        bind: usize,
        declared: &'d [BindParam],
    ) -> Option<&'d Value> {
        declared.get(self.binds.get(bind)?.declared?)?.value.as_ref()
    }
}

/// True when the last word of the text is IN.
fn ends_with_in(text: &str) -> bool {
    let trimmed = text.trim_end();
    let Some(rest) = trimmed.len().checked_sub(2).filter(|&at| trimmed.is_char_boundary(at)) else {
        return false;
    };
    let (before, word) = trimmed.split_at(rest);
    word.eq_ignore_ascii_case("in")
        && trimmed.len() < text.len()
        && before.ends_with(|c: char| c.is_whitespace() || matches!(c, ')' | '"' | '`' | ']'))
}
