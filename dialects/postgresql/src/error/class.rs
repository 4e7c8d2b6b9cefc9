//! The class of an error, by its SQLSTATE.

use aludel::ErrorKind;

/// PEP 249's class of an SQLSTATE. Codes that PostgreSQL does not define, which functions may
/// raise, are of the class of their first two characters, else `Database`.
pub(super) fn class(sqlstate: &str) -> ErrorKind {
    match sqlstate {
        // Named in the class of the transaction, but the reason is a constraint.
        "40002" => return ErrorKind::Integrity,
        // "null value not allowed" as an argument of a function.
        "39004" => return ErrorKind::Data,
        // PL/pgSQL's STRICT: a query has not the one row that the function wants.
        "P0002" | "P0003" => return ErrorKind::Data,
        _ => {}
    }
    match sqlstate.get(..2).unwrap_or_default() {
        "23" | "44" => ErrorKind::Integrity,
        "21" | "22" => ErrorKind::Data,
        "03" | "0F" | "0L" | "0P" | "0Z" | "20" | "24" | "26" | "27" | "2B" | "2F" | "34"
        | "3D" | "3F" | "42" => ErrorKind::Programming,
        "08" | "0B" | "25" | "28" | "2D" | "3B" | "40" | "53" | "54" | "55" | "57" | "58"
        | "72" | "F0" | "HV" => ErrorKind::Operational,
        "0A" => ErrorKind::NotSupported,
        "XX" => ErrorKind::Internal,
        // 09, 38, 39 and P0 (RAISE) come out of functions and triggers and fit no narrower class.
        _ => ErrorKind::Database,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_the_appendix_has_its_place() {
        use ErrorKind::*;
        let expected = [
            (Integrity, "23000 23001 23502 23503 23505 23514 23P01 40002 44000"),
            (Data, "21000 22000 22001 22003 22012 22021 22P02 22P03 39004 P0002 P0003"),
            (
                Programming,
                "03000 0F001 0L000 0P000 0Z002 20000 24000 26000 27000 2BP01 2F005 34000 3D000 \
                 3F000 42000 42501 42601 42703 42883 42P01 42P07 42P18",
            ),
            (
                Operational,
                "08000 08006 08P01 0B000 25001 25006 25P02 25P04 28000 28P01 2D000 3B001 40001 \
                 40003 40P01 53100 53300 54000 54023 55000 55P03 57014 57P01 57P05 58030 72000 \
                 F0000 HV000",
            ),
            (NotSupported, "0A000"),
            (Internal, "XX000 XX001 XX002"),
            (Database, "09000 38000 39000 39P01 P0000 P0001 P0004"),
        ];
        for (kind, codes) in expected {
            for code in codes.split_whitespace() {
                assert_eq!(class(code), kind, "{code}");
            }
        }
    }

    #[test]
    fn codes_that_nobody_defined_are_errors_all_the_same() {
        for code in ["", "4", "é23505", "ZZ999", "00000", "01000"] {
            assert_eq!(class(code), ErrorKind::Database, "{code:?}");
        }
        assert_eq!(class("22ABC"), ErrorKind::Data);
    }
}
