//! The members of a note's JSON objects, each read as the type that it must have.

use serde_json::{Map, Value};

/// Reads the text of a note.
pub(super) fn parse(note: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(note).map_err(|fault| format!("the note is no JSON: {fault}"))
}

/// What is said of a member that is required and not there.
pub(super) fn missing(key: &str) -> String {
    format!("the note lacks `{key}`")
}

/// An object.
pub(super) struct Fields<'a> {
    pub(super) object: &'a Map<String, Value>,
    /// What the object is a member of, for messages: `rules.`.
    at: &'static str,
}

impl<'a> Fields<'a> {
    /// # Errors
    /// When the value is no object.
    pub(super) fn new(value: &'a Value) -> Result<Self, String> {
        let object = value.as_object().ok_or("the note is no JSON object")?;
        Ok(Fields { object, at: "" })
    }

    fn get<T>(
        &self,
        key: &str,
        what: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        match self.object.get(key) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(read) => Ok(Some(read)),
                None => Err(format!("`{}{key}` is no {what}", self.at)),
            },
        }
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, String> {
        self.get(key, "text", Value::as_str)
    }

    pub(super) fn required(&self, key: &str) -> Result<&'a str, String> {
        self.text(key)?.ok_or_else(|| missing(&format!("{}{key}", self.at)))
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        self.get(key, "truth value", Value::as_bool)
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<u64>, String> {
        self.get(key, "number", Value::as_u64)
    }

    pub(super) fn small<T: TryFrom<u64>>(&self, key: &str) -> Result<Option<T>, String> {
        self.get(key, "small number", |value| T::try_from(value.as_u64()?).ok())
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<&'a str>, String> {
        let read = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        Ok(self.get(key, "list of texts", read)?.unwrap_or_default())
    }

    pub(super) fn object(&self, key: &'static str) -> Result<Option<Fields<'a>>, String> {
        let object = self.get(key, "object", Value::as_object)?;
        Ok(object.map(|object| Fields { object, at: "rules." }))
    }

    pub(super) fn objects(&self, key: &'static str) -> Result<Vec<Fields<'a>>, String> {
        let at = match key {
            "options" => "options[].",
            "requires" => "requires[].",
            _ => "type_names[].",
        };
        let read = |value: &'a Value| -> Option<Vec<Fields<'a>>> {
            let object = |value: &'a Value| value.as_object().map(|object| Fields { object, at });
            value.as_array()?.iter().map(object).collect()
        };
        Ok(self.get(key, "list of objects", read)?.unwrap_or_default())
    }
}
