//! A type of a database, and the values that are sent there and back.

use aludel::Value;
use aludel::dbapi::TypeKind;

/// A type and its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// The neutral kind.
    pub kind: TypeKind,
    /// The whole type in DDL.
    pub ddl: String,
    /// The kind that a result column of a table column of this type has, where that is certain.
    pub column: Option<TypeKind>,
    /// Values with what comes back.
    pub samples: Vec<Sample>,
    /// Values are compared as they come (else they are first read as what was sent, as programs do).
    pub exact: bool,
}

/// A value that is sent, and what comes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What is sent as a parameter.
    pub value: Value,
    /// What comes back.
    pub back: Back,
    /// The same value as a literal, where there is one.
    pub literal: Option<String>,
}

/// What comes back of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Back {
    /// The same.
    Same,
    /// The same in another form, which the database has for it (a date as text).
    As(Value),
    /// Another value: the database cannot represent this one, and says so nowhere.
    Changed(Value),
    /// An error: the database or its driver refuses the value.
    Refused,
}

impl Kind {
    /// A type whose samples all come back as they are.
    pub fn new(kind: TypeKind, ddl: impl Into<String>, values: Vec<Value>) -> Kind {
        let same = |value| Sample { value, back: Back::Same, literal: None };
        Kind {
            kind,
            ddl: ddl.into(),
            column: None,
            samples: values.into_iter().map(same).collect(),
            exact: true,
        }
    }

    /// Says for each value what comes back.
    #[must_use]
    pub fn back(mut self, back: impl Fn(&Value) -> Back) -> Kind {
        for sample in &mut self.samples {
            sample.back = back(&sample.value);
        }
        self
    }

    /// Says how a value is written as a literal.
    #[must_use]
    pub fn literals(mut self, literal: impl Fn(&Value) -> Option<String>) -> Kind {
        for sample in &mut self.samples {
            sample.literal = literal(&sample.value);
        }
        self
    }

    /// Says which kind the result column has.
    #[must_use]
    pub fn column(mut self, kind: TypeKind) -> Kind {
        self.column = Some(kind);
        self
    }

    /// Has values read as what was sent before they are compared.
    #[must_use]
    pub fn converted(mut self) -> Kind {
        self.exact = false;
        self
    }
}
