//! Where transactions decide otherwise than SQLAlchemy, why, and what they give instead.

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// What the first step that differs gives, in the record's form.
    gives: &'static str,
}

impl Deviation {
    pub(crate) fn gives(&self) -> serde_json::Value {
        serde_json::from_str(self.gives).expect("the list has JSON")
    }
}

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        id: "txn-011",
        reason: "commit() takes the transaction: the compiler refuses a second one (the example of \
                 `Transaction` that must not compile)",
        gives: r#""gone""#,
    },
    Deviation {
        id: "txn-013",
        reason: "rollback() takes the transaction, as commit() does",
        gives: r#""gone""#,
    },
    Deviation {
        id: "txn-015",
        reason: "close() of a transaction is dropping it, and what was dropped cannot be asked",
        gives: r#""gone""#,
    },
    Deviation {
        id: "txn-023",
        reason: "a column that is not there is an error of the statement, of PEP 249's class for that",
        gives: r#"{"error":"ProgrammingError"}"#,
    },
    Deviation {
        id: "txn-029",
        reason: "a transaction that was begun explicitly is a block, and takes nothing after its \
                 end; the connection goes on after the block",
        gives: r#"{"error":"InvalidRequestError"}"#,
    },
    Deviation {
        id: "txn-049",
        reason: "values by place for a text with binds by name are a call that is not possible now, \
                 as they are for one row",
        gives: r#"{"error":"InvalidRequestError"}"#,
    },
    Deviation {
        id: "txn-051",
        reason: "an executemany of no rows executes nothing, and there is nothing to warn of",
        gives: r#"{"rowcount":0}"#,
    },
];
