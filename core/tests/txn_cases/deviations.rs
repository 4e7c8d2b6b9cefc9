//! Where transactions decide otherwise than SQLAlchemy, why, and what they give instead.

use serde_json::Value;

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// The steps that differ, counted from 0, and what each gives in the record's form.
    gives: &'static [(usize, &'static str)],
}

impl Deviation {
    /// What was recorded, with what differs in its place.
    pub(crate) fn applied_to(&self, mut recorded: Vec<Value>) -> Vec<Value> {
        for (step, gives) in self.gives {
            let gives = serde_json::from_str(gives).expect("the list has JSON");
            assert_ne!(recorded[*step], gives, "{}, step {step} is as recorded", self.id);
            recorded[*step] = gives;
        }
        recorded
    }
}

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        id: "txn-011",
        reason: "commit() takes the transaction: the compiler refuses a second one (the example of \
                 `Transaction` that must not compile)",
        gives: &[(2, r#""gone""#)],
    },
    Deviation {
        id: "txn-013",
        reason: "rollback() takes the transaction, as commit() does",
        gives: &[(2, r#""gone""#)],
    },
    Deviation {
        id: "txn-015",
        reason: "close() of a transaction is dropping it, and what was dropped cannot be asked",
        gives: &[(3, r#""gone""#)],
    },
    Deviation {
        id: "txn-023",
        reason: "a column that is not there is an error of the statement, of PEP 249's class for that",
        gives: &[(2, r#"{"error":"ProgrammingError"}"#)],
    },
    Deviation {
        id: "txn-029",
        reason: "a transaction that was begun explicitly is a block, and takes nothing after its \
                 end; the connection goes on after the block",
        gives: &[
            (6, r#"{"error":"InvalidRequestError"}"#),
            (7, r#"{"in_transaction":false,"in_nested":false,"closed":false,"invalidated":false}"#),
        ],
    },
    Deviation {
        id: "txn-049",
        reason: "values by place for a text with binds by name are a call that is not possible now, \
                 as they are for one row",
        gives: &[(0, r#"{"error":"InvalidRequestError"}"#)],
    },
    Deviation {
        id: "txn-051",
        reason: "an executemany of no rows executes nothing, and there is nothing to warn of",
        gives: &[(0, r#"{"rowcount":0}"#)],
    },
];
