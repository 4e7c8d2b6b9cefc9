//! Who it is that listens where PostgreSQL was expected.

/// What a server is that sends these first bytes, and what to do; none of PostgreSQL's own.
pub(super) fn describe(bytes: &[u8]) -> (String, &'static str) {
    let known = |name: &str| format!("the server is not PostgreSQL but {name}");
    match bytes {
        [0x15 | 0x16, 3, ..] => (
            known("one that speaks TLS from the first byte"),
            "check the port; a server of PostgreSQL 17 or later that takes TLS alone needs \
             sslnegotiation=direct",
        ),
        [b'H', b'T', b'T', b'P', ..] => (known("a web server (HTTP)"), CHECK_PORT),
        [b'S', b'S', b'H', b'-', ..] => (known("an SSH server"), CHECK_PORT),
        [_, _, _, 0, 10 | 0xff, ..] => {
            (known("MySQL or MariaDB"), "use a URL that begins with mysql://, or check the port")
        }
        [b'2' | b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] => {
            (known("a mail or file server (SMTP, FTP)"), CHECK_PORT)
        }
        [b'-', b'E', b'R', b'R', ..] => (known("Redis or one like it"), CHECK_PORT),
        _ => (
            format!(
                "the server does not speak PostgreSQL's protocol: its answer begins with {}",
                bytes[..bytes.len().min(16)].escape_ascii()
            ),
            CHECK_PORT,
        ),
    }
}

const CHECK_PORT: &str = "check host and port of the URL";

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn servers_that_often_listen_nearby_are_called_by_name() {
        for (bytes, name) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], "HTTP"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
            (b"\x15\x03\x01\0\x02\x02\x16", "TLS"),
            (b"J\0\0\0\x0a5.5.5-10.11.19-MariaDB", "MariaDB"),
            (b"220 mail.example.org ESMTP", "SMTP"),
            (b"-ERR unknown command", "Redis"),
            (b"\x01\x02\"", "\\x01\\x02\\\""),
            (b"", "begins with "),
        ] {
            let (what, _) = describe(bytes);
            assert!(what.contains(name), "{what}");
        }
    }
}
