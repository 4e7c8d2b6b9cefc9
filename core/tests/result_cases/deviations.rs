//! Where results decide otherwise than SQLAlchemy, why, and what they give instead.

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// What all steps give, in the record's form.
    pub(crate) gives: &'static str,
}

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        id: "result-025",
        reason: "a NULL is told apart from a missing row: `Some(None)` and `None`",
        gives: r#"[{"some":null}]"#,
    },
    Deviation {
        id: "result-047",
        reason: "a column that is not there is one kind of error, by place or by name",
        gives: r#"[{"error":"NoSuchColumnError"}]"#,
    },
    Deviation {
        id: "result-075",
        reason: "a result that went out of scope is closed, and the compiler refuses its use",
        gives: r#"[[{"row":[1,"a"]}]]"#,
    },
];
