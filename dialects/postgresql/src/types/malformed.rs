//! Values that are not of their type's form, and reading bytes without trusting their lengths.

use aludel::Error;

use super::pg_type::PgType;

/// What is wrong with the bytes of a value; small, because the way of good values leads past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

pub(super) type Read<T> = Result<T, Malformed>;

impl Malformed {
    /// The error for the program.
    #[cold]
    pub(super) fn into_error(self, ty: &PgType, bytes: &[u8]) -> Error {
        let Malformed(problem) = self;
        let shown = match std::str::from_utf8(&bytes[..bytes.len().min(64)]) {
            Ok(text) if text.chars().all(|c| !c.is_control()) => format!("{text:?}"),
            _ => format!("{} bytes", bytes.len()),
        };
        Error::data(format!("the server sent a malformed {}: {problem} ({shown})", ty.name))
            .with_data_type(ty.name.as_ref())
            .with_help(
                "if the type was altered after this connection first saw it, execute the \
                 statement again; or select the value as text, as in `column::text`",
            )
    }
}

/// Exactly these bytes.
pub(super) fn fixed<const N: usize>(bytes: &[u8]) -> Read<[u8; N]> {
    bytes.try_into().map_err(|_| Malformed("its length is not that of the type"))
}

/// Text, checked.
pub(super) fn text(bytes: &[u8]) -> Read<&str> {
    std::str::from_utf8(bytes).map_err(|_| Malformed("its text is not UTF-8"))
}

/// Bytes that are read from front to back.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, len: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Malformed("it is too short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed("it is too short"))?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Read<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Read<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Read<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Read<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A length and as many bytes; `None` for NULL, which has the length -1.
    pub(super) fn value(&mut self) -> Read<Option<&'a [u8]>> {
        match self.i32()? {
            -1 => Ok(None),
            len => {
                let len = usize::try_from(len).map_err(|_| Malformed("a length is negative"))?;
                self.take(len).map(Some)
            }
        }
    }

    pub(super) fn end(&self) -> Read<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("it is too long")) }
    }
}
