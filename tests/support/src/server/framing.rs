//! Reads messages as PostgreSQL and MySQL frame them.

use super::Verdict;

/// How messages are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A type in one byte, then a length of four bytes with itself, the highest first.
    Postgres,
    /// The length alone, as in a client's first message.
    PostgresStartup,
    /// A length in three bytes, the lowest first, and a number that counts up.
    MySql,
}

/// A message that a client sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'b> {
    /// PostgreSQL's type or MySQL's number; 0 where there is none.
    pub tag: u8,
    /// What follows the head.
    pub body: &'b [u8],
}

impl Framing {
    /// The first message of `bytes` and its whole length; none when there are too few bytes.
    ///
    /// MySQL's packets are returned one by one, also those of a long message.
    ///
    /// # Errors
    /// A length that cannot be.
    pub fn read<'b>(&self, bytes: &'b [u8]) -> Result<Option<(Message<'b>, usize)>, String> {
        let (head, tag, length) = match *self {
            Self::Postgres => (5, bytes.first(), number(bytes.get(1..5)).map(|l| l - 4)),
            Self::PostgresStartup => (4, Some(&0), number(bytes.get(..4)).map(|l| l - 4)),
            Self::MySql => {
                let length = bytes.get(..3).map(|b| [b[0], b[1], b[2], 0]);
                (4, bytes.get(3), length.map(|length| i64::from(u32::from_le_bytes(length))))
            }
        };
        let (Some(&tag), Some(length)) = (tag, length) else {
            return Ok(None);
        };
        let Ok(length) = usize::try_from(length) else {
            return Err(format!("the length {} is less than its own four bytes", length + 4));
        };
        let body = bytes.get(head..).and_then(|rest| rest.get(..length));
        Ok(body.map(|body| (Message { tag, body }, head + length)))
    }

    /// The verdict on the first message, once it is there.
    pub(super) fn judge(
        self,
        bytes: &[u8],
        check: impl FnOnce(Message<'_>) -> Result<(), String>,
    ) -> Verdict {
        match self.read(bytes) {
            Ok(None) => Verdict::More,
            Ok(Some((message, length))) => {
                check(message).map_or_else(Verdict::Wrong, |()| Verdict::Taken(length))
            }
            Err(why) => Verdict::Wrong(why),
        }
    }
}

fn number(bytes: Option<&[u8]>) -> Option<i64> {
    let bytes = bytes?.try_into().ok()?;
    Some(i64::from(i32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::super::Body;
    use super::*;

    #[test]
    fn what_the_builder_frames_is_read_again_at_every_cut() {
        let body = Body::new().cstr("select 1");
        for (framing, bytes, tag) in [
            (Framing::Postgres, body.clone().postgres(b'Q'), b'Q'),
            (Framing::PostgresStartup, body.clone().postgres_startup(), 0),
            (Framing::MySql, body.clone().mysql(9), 9),
        ] {
            for cut in 0..bytes.len() {
                assert_eq!(framing.read(&bytes[..cut]), Ok(None));
            }
            let message = Message { tag, body: b"select 1\0" };
            let longer = [&bytes[..], b"more"].concat();
            assert_eq!(framing.read(&longer), Ok(Some((message, bytes.len()))));
        }
    }

    #[test]
    fn a_length_shorter_than_itself_is_refused() {
        let lie = Body::new().postgres_claiming(b'Q', 3);
        let why = Framing::Postgres.read(&lie).unwrap_err();
        assert_eq!(why, "the length 3 is less than its own four bytes");
    }
}
