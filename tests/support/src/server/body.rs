//! Builds messages byte by byte, and frames them as PostgreSQL or MySQL do.

/// The longest body of a MySQL packet; a longer message goes on in the next one.
const PACKET: usize = 0xff_ff_ff;

/// The body of a message, to be framed at the end.
///
/// ```
/// use aludel_test_support::server::Body;
///
/// let ready = Body::new().u8(b'I').postgres(b'Z');
/// assert_eq!(ready, b"Z\0\0\0\x05I");
/// let error = Body::new().u8(0xff).le16(1040).bytes(b"Too many connections").mysql(0);
/// assert_eq!(&error[..7], b"\x17\0\0\0\xff\x10\x04");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body(Vec<u8>);

impl Body {
    /// An empty body.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends these bytes as they are.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Appends a byte.
    #[must_use]
    pub fn u8(self, byte: u8) -> Self {
        self.bytes(&[byte])
    }

    /// Appends a text and a zero byte.
    #[must_use]
    pub fn cstr(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).u8(0)
    }

    /// Appends two bytes, the highest first, as PostgreSQL does.
    #[must_use]
    pub fn be16(self, number: i16) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Appends four bytes, the highest first, as PostgreSQL does.
    #[must_use]
    pub fn be32(self, number: i32) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Appends eight bytes, the highest first, as PostgreSQL does.
    #[must_use]
    pub fn be64(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Appends two bytes, the lowest first, as MySQL does.
    #[must_use]
    pub fn le16(self, number: u16) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Appends four bytes, the lowest first, as MySQL does.
    #[must_use]
    pub fn le32(self, number: u32) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Appends eight bytes, the lowest first, as MySQL does.
    #[must_use]
    pub fn le64(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Appends a number in MySQL's length encoding: 1, 3, 4 or 9 bytes.
    #[must_use]
    pub fn lenenc(self, number: u64) -> Self {
        let bytes = number.to_le_bytes();
        match number {
            0..=0xfa => self.u8(bytes[0]),
            0xfb..=0xffff => self.u8(0xfc).bytes(&bytes[..2]),
            0x1_0000..=0xff_ffff => self.u8(0xfd).bytes(&bytes[..3]),
            _ => self.u8(0xfe).bytes(&bytes),
        }
    }

    /// Appends bytes after their number in MySQL's length encoding.
    #[must_use]
    pub fn lenenc_bytes(self, bytes: &[u8]) -> Self {
        self.lenenc(bytes.len() as u64).bytes(bytes)
    }

    /// The message without any frame.
    pub fn bare(self) -> Vec<u8> {
        self.0
    }

    /// A message of PostgreSQL: its type, the length with itself, the body.
    ///
    /// # Panics
    /// When the body has 2 GiB or more.
    pub fn postgres(self, kind: u8) -> Vec<u8> {
        let length = self.postgres_length();
        self.postgres_claiming(kind, length)
    }

    /// A message of PostgreSQL that claims another length than it has.
    pub fn postgres_claiming(self, kind: u8, length: i32) -> Vec<u8> {
        Self::new().u8(kind).be32(length).bytes(&self.0).0
    }

    /// A message of PostgreSQL without a type, as clients begin with.
    ///
    /// # Panics
    /// When the body has 2 GiB or more.
    pub fn postgres_startup(self) -> Vec<u8> {
        let length = self.postgres_length();
        Self::new().be32(length).bytes(&self.0).0
    }

    fn postgres_length(&self) -> i32 {
        i32::try_from(self.0.len() + 4).expect("a message of PostgreSQL is shorter than 2 GiB")
    }

    /// A message of MySQL: packets of a length in three bytes, a number that counts up, a part of
    /// the body; one of 16 MiB - 1 is followed by another, even by an empty one.
    pub fn mysql(self, sequence: u8) -> Vec<u8> {
        let mut framed = Self::new();
        let mut number = sequence;
        let mut rest = self.0.as_slice();
        loop {
            let (part, after) = rest.split_at(rest.len().min(PACKET));
            framed = framed.bytes(&part.len().to_le_bytes()[..3]).u8(number).bytes(part);
            if part.len() < PACKET {
                return framed.0;
            }
            number = number.wrapping_add(1);
            rest = after;
        }
    }

    /// A packet of MySQL that claims another length than it has; three bytes of it are sent.
    pub fn mysql_claiming(self, sequence: u8, length: u32) -> Vec<u8> {
        Self::new().bytes(&length.to_le_bytes()[..3]).u8(sequence).bytes(&self.0).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_postgresql_count_themselves_and_not_the_type() {
        let startup = Body::new().be32(196_608).cstr("user").cstr("t").u8(0).postgres_startup();
        assert_eq!(startup, b"\0\0\0\x10\0\x03\0\0user\0t\0\0");
        assert_eq!(Body::new().postgres(b'S'), b"S\0\0\0\x04");
        let lie = Body::new().be16(-1).be64(7).postgres_claiming(b'D', -1);
        assert_eq!(lie, b"D\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x07");
    }

    #[test]
    fn packets_of_mysql_are_split_where_their_length_ends() {
        assert_eq!(Body::new().le32(1).le64(2).mysql(255)[..4], [12, 0, 0, 255]);
        let exact = Body::new().bytes(&vec![7; PACKET]).mysql(255);
        assert_eq!(exact.len(), PACKET + 8);
        assert_eq!(exact[..4], [0xff, 0xff, 0xff, 255]);
        assert_eq!(exact[PACKET + 4..], [0, 0, 0, 0], "an empty packet ends it");
        assert_eq!(Body::new().mysql_claiming(3, 0x01_02_03), [3, 2, 1, 3]);
    }

    #[test]
    fn numbers_in_length_encoding_grow_with_what_they_hold() {
        for (number, bytes) in [
            (0xfa, &[0xfa][..]),
            (0xfb, &[0xfc, 0xfb, 0]),
            (0xffff, &[0xfc, 0xff, 0xff]),
            (0x1_0000, &[0xfd, 0, 0, 1]),
            (0x100_0000, &[0xfe, 0, 0, 0, 1, 0, 0, 0, 0]),
        ] {
            assert_eq!(Body::new().lenenc(number).bare(), bytes);
        }
        assert_eq!(Body::new().lenenc_bytes(b"ab").bare(), b"\x02ab");
    }
}
