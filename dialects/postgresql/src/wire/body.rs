//! The body of a message, read piece by piece without ever reading past its end.

use super::WireError;

/// What is left of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'m> {
    bytes: &'m [u8],
}

impl<'m> Body<'m> {
    #[inline]
    pub(crate) fn new(bytes: &'m [u8]) -> Self {
        Body { bytes }
    }

    /// Everything that has not been read.
    #[inline]
    pub(crate) fn rest(self) -> &'m [u8] {
        self.bytes
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// When the body ends before, as for every method here.
    #[inline]
    pub(crate) fn take(&mut self, len: usize) -> Result<&'m [u8], WireError> {
        let Some((taken, rest)) = self.bytes.split_at_checked(len) else { return Err(short()) };
        self.bytes = rest;
        Ok(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let Some((taken, rest)) = self.bytes.split_first_chunk::<N>() else { return Err(short()) };
        self.bytes = rest;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, WireError> {
        self.array::<1>().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn i16(&mut self) -> Result<i16, WireError> {
        self.array().map(i16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline]
    pub(crate) fn i32(&mut self) -> Result<i32, WireError> {
        self.array().map(i32::from_be_bytes)
    }

    /// A value behind its length; `None` for NULL, whose length is -1.
    #[inline]
    pub(crate) fn value(&mut self) -> Result<Option<&'m [u8]>, WireError> {
        let len = self.i32()?;
        match usize::try_from(len) {
            Ok(len) => self.take(len).map(Some),
            Err(_) if len == -1 => Ok(None),
            Err(_) => Err(negative(len)),
        }
    }

    /// Bytes up to a NUL, which is read too.
    pub(crate) fn c_bytes(&mut self) -> Result<&'m [u8], WireError> {
        let Some(len) = self.bytes.iter().position(|byte| *byte == 0) else { return Err(short()) };
        let text = &self.bytes[..len];
        self.bytes = &self.bytes[len + 1..];
        Ok(text)
    }

    /// Text up to a NUL; what is not UTF-8 is replaced, because messages of a server that starts
    /// come in an encoding of its own.
    pub(crate) fn text(&mut self) -> Result<String, WireError> {
        self.c_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

#[cold]
fn short() -> WireError {
    WireError::protocol("a message ends before its last field")
}

#[cold]
fn negative(len: i32) -> WireError {
    WireError::protocol(format!("a value claims a length of {len} bytes"))
}
