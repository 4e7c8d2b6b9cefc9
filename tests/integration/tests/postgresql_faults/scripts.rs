//! What scripted servers say, in PostgreSQL's words.

use std::net::SocketAddr;

use aludel_test_support::server::{Body, Framing, Script};

/// A client's first words without TLS, the answer that lets it in without a password, and answers to
/// what an engine asks its first connection.
pub(crate) fn let_in() -> Script {
    let script = Script::new().expect_message(Framing::PostgresStartup, "a startup packet", |it| {
        match it.body {
            [0, 3, 0, 0, .., 0] => Ok(()),
            body => Err(format!("it begins with {}", body[..body.len().min(8)].escape_ascii())),
        }
    });
    // Without a key there is nothing to cancel, and no connection that does so.
    let script = script.send([Body::new().be32(0).postgres(b'R'), ready()].concat());
    FIRST_ANSWERS.iter().fold(script, |script, value| {
        script.expect_tags(Framing::Postgres, b"PBES").send(first_answer(value))
    })
}

/// What an engine asks its first connection: prepared transactions, isolation level and schema.
pub(crate) const FIRST_ANSWERS: [&str; 3] = ["0", "read committed", "public"];

/// The answer to one of these questions.
pub(crate) fn first_answer(value: &str) -> Vec<u8> {
    let parsed = Body::new().postgres(b'1');
    [parsed, bound(), row(&[value.as_bytes()]), completed()].concat()
}

pub(crate) fn ready() -> Vec<u8> {
    Body::new().u8(b'I').postgres(b'Z')
}

pub(crate) fn notice(message: &str) -> Vec<u8> {
    let body = Body::new().u8(b'S').cstr("NOTICE").u8(b'V').cstr("NOTICE").u8(b'C').cstr("00000");
    body.u8(b'M').cstr(message).u8(0).postgres(b'N')
}

/// One column of this name, an `integer`.
pub(crate) fn column(name: &str) -> Vec<u8> {
    let body = Body::new().be16(1).cstr(name).be32(0).be16(0).be32(23).be16(4).be32(-1).be16(0);
    body.postgres(b'T')
}

/// ParseComplete, no parameters, one column, ready.
pub(crate) fn described() -> Vec<u8> {
    let complete = Body::new().postgres(b'1');
    [complete, Body::new().be16(0).postgres(b't'), column("n"), ready()].concat()
}

/// BindComplete.
pub(crate) fn bound() -> Vec<u8> {
    Body::new().postgres(b'2')
}

/// A row of these values.
pub(crate) fn row(values: &[&[u8]]) -> Vec<u8> {
    let mut body = Body::new().be16(i16::try_from(values.len()).expect("few values"));
    for value in values {
        body = body.be32(i32::try_from(value.len()).expect("a short value")).bytes(value);
    }
    body.postgres(b'D')
}

/// The end of a query of one row.
pub(crate) fn completed() -> Vec<u8> {
    [Body::new().cstr("SELECT 1").postgres(b'C'), ready()].concat()
}

/// A server that describes `select 1` and then answers its execution with this.
pub(crate) fn executing(answer: impl AsRef<[u8]>) -> Script {
    describing(described()).expect_tags(Framing::Postgres, b"BES").send(answer)
}

/// A server that answers the description of `select 1` with this.
pub(crate) fn describing(answer: impl AsRef<[u8]>) -> Script {
    let_in().expect_tags(Framing::Postgres, b"PDS").send(answer)
}

pub(crate) fn url_of(address: SocketAddr) -> String {
    format!("postgresql://anna:hidden@{address}/shop?sslmode=disable")
}
