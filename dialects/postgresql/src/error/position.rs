//! From PostgreSQL's position, in characters from 1, to a byte of the statement.

/// The byte at which this character begins; the end of the text for the one after the last, which
/// is where the server reports an unexpected end.
pub(super) fn byte_of(sql: &str, character: u32) -> Option<u64> {
    let index = usize::try_from(character.checked_sub(1)?).ok()?;
    let mut starts = sql.char_indices().map(|(at, _)| at).chain([sql.len()]);
    starts.nth(index).map(|at| at as u64)
}

#[cfg(test)]
mod tests {
    use super::byte_of;

    #[test]
    fn characters_of_several_bytes_count_once() {
        let sql = "select 'äöü', missing";
        assert_eq!(byte_of(sql, 1), Some(0));
        assert_eq!(byte_of(sql, 15), Some(sql.find("missing").unwrap() as u64));
        assert_eq!(byte_of("select", 7), Some(6));
        assert_eq!(byte_of("", 1), Some(0));
    }

    #[test]
    fn a_position_outside_of_the_statement_is_none() {
        assert_eq!(byte_of("select", 8), None);
        assert_eq!(byte_of("select", 0), None);
        assert_eq!(byte_of("select", u32::MAX), None);
    }
}
