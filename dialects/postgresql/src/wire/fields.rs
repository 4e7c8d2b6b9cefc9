//! The fields of an error or a notice.

use super::Body;

/// What an ErrorResponse or a NoticeResponse says; fields that it leaves out are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ErrorFields {
    /// ERROR, FATAL, PANIC, WARNING, NOTICE, … never translated.
    pub(crate) severity: String,
    /// SQLSTATE.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    /// Where in the statement, in characters from 1.
    pub(crate) position: Option<u32>,
    /// As `position`, in the query that the server made itself.
    pub(crate) internal_position: Option<u32>,
    pub(crate) internal_query: Option<String>,
    /// The call stack of functions and triggers.
    pub(crate) context: Option<String>,
    pub(crate) schema: Option<String>,
    pub(crate) table: Option<String>,
    pub(crate) column: Option<String>,
    pub(crate) data_type: Option<String>,
    pub(crate) constraint: Option<String>,
    /// The function in the server's source that reported it.
    pub(crate) routine: Option<String>,
}

impl ErrorFields {
    /// Reads a body. What a server leaves out, cuts off or makes up is tolerated: an error must
    /// arrive even so.
    #[cold]
    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut fields = ErrorFields::default();
        let mut localized = None;
        let mut body = Body::new(body);
        while let Ok(kind @ 1..) = body.u8() {
            let bytes = match body.c_bytes() {
                Ok(bytes) => bytes,
                Err(_) => std::mem::replace(&mut body, Body::new(&[])).rest(),
            };
            let text = String::from_utf8_lossy(bytes).into_owned();
            match kind {
                b'S' => localized = Some(text),
                b'V' => fields.severity = text,
                b'C' => fields.code = text,
                b'M' => fields.message = text,
                b'P' => fields.position = text.parse().ok(),
                b'p' => fields.internal_position = text.parse().ok(),
                _ => fields.set_optional(kind, text),
            }
        }
        if fields.severity.is_empty() {
            // A server before 9.6, or a proxy.
            fields.severity = localized.unwrap_or_default();
        }
        fields
    }

    fn set_optional(&mut self, kind: u8, text: String) {
        let field = match kind {
            b'D' => &mut self.detail,
            b'H' => &mut self.hint,
            b'q' => &mut self.internal_query,
            b'W' => &mut self.context,
            b's' => &mut self.schema,
            b't' => &mut self.table,
            b'c' => &mut self.column,
            b'd' => &mut self.data_type,
            b'n' => &mut self.constraint,
            b'R' => &mut self.routine,
            _ => return,
        };
        *field = Some(text);
    }

    /// True when the session is over.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self.severity.as_str(), "FATAL" | "PANIC")
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorFields;

    #[test]
    fn the_severity_is_the_one_that_is_never_translated() {
        let fields =
            ErrorFields::parse(b"SFEHLER\0VERROR\0C42P01\0MRelation fehlt\0P15\0nname\0\0");
        assert_eq!((fields.severity.as_str(), fields.code.as_str()), ("ERROR", "42P01"));
        assert_eq!((fields.position, fields.constraint.as_deref()), (Some(15), Some("name")));
        assert!(ErrorFields::parse(b"SFATAL\0Mno more\0\0").is_fatal());
    }

    #[test]
    fn a_body_that_is_cut_off_still_tells_what_it_can() {
        let fields = ErrorFields::parse(b"VERROR\0Mhalf of a mess");
        assert_eq!(fields.message, "half of a mess");
        assert_eq!(ErrorFields::parse(b""), ErrorFields::default());
        assert_eq!(ErrorFields::parse(b"M\xff\0").message, "\u{fffd}");
    }
}
