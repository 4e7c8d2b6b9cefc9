//! What a server demands of us, and what the URL demands of it.

use std::time::Duration;

use aludel_test_support::server::{Framing, Script};

use super::scripts::{answers, play, request, welcome};
use super::servers::at;
use crate::net::Deadline;
use crate::startup::connect;

/// Connects to a server that asks for this; the error is the client's alone.
fn outcome(script: Script, options: &str) -> Result<(), aludel::Error> {
    let server = play(script);
    let deadline = Deadline::after(Duration::from_secs(20));
    let options = format!("sslmode=disable&{options}");
    let outcome = connect(&at(server.address(), &options), deadline).map(drop);
    server.finish().unwrap();
    outcome
}

fn refusal(script: Script, options: &str) -> aludel::Error {
    let error = outcome(script, options).expect_err("it must be refused");
    assert!(!format!("{error}{error:?}").contains("secret"), "{error}");
    assert!(error.is_disconnect() && error.help().is_some(), "{error:?}");
    error
}

#[test]
fn a_password_is_not_sent_in_clear_text_without_tls() {
    let error = refusal(answers(request(3, b"")).expect_end(), "");
    assert!(error.message().contains("in clear text"), "{error}");
    assert!(error.help().unwrap().contains("sslmode=require"), "{error}");
}

#[test]
fn the_answer_to_md5_is_what_the_manual_computes() {
    // md5(md5("secret" "anna") salt), both in hexadecimal.
    let script = answers(request(5, b"salt"))
        .expect(b"p\0\0\0\x28md5f2871a3fd1753476439ec81baf6908be\0")
        .send(welcome());
    outcome(script, "").unwrap();
}

#[test]
fn methods_that_are_not_supported_are_called_by_name() {
    for (method, name) in
        [(2, "Kerberos V5"), (6, "SCM"), (7, "GSSAPI"), (9, "SSPI"), (77, "of number 77")]
    {
        let error = refusal(answers(request(method, b"")).expect_end(), "");
        assert!(error.message().contains(name), "{error}");
        assert_eq!(error.kind(), aludel::ErrorKind::NotSupported);
    }
    let mechanisms = request(10, b"OAUTHBEARER\0GS2\0\0");
    let error = refusal(answers(mechanisms).expect_end(), "");
    assert!(error.message().contains("OAUTHBEARER, GS2"), "{error}");
}

#[test]
fn a_server_that_asks_for_nothing_is_trusted_unless_the_url_demands_more() {
    outcome(answers(welcome()), "").unwrap();
    outcome(answers(welcome()), "require_auth=none").unwrap();
    for options in ["require_auth=scram-sha-256", "require_auth=!none", "channel_binding=require"] {
        let error = refusal(answers(welcome()).expect_end(), options);
        assert!(error.message().starts_with("the server let us in without"), "{error}");
    }
}

#[test]
fn a_method_that_the_url_does_not_allow_gets_no_answer() {
    let md5 = answers(request(5, b"salt")).expect_end();
    for options in ["require_auth=scram-sha-256", "require_auth=!md5", "channel_binding=require"] {
        let error = refusal(md5.clone(), options);
        assert!(error.message().contains("as MD5"), "{error}");
    }
    let scram = answers(request(10, b"SCRAM-SHA-256\0\0")).expect_end();
    let error = refusal(scram.clone(), "require_auth=md5,none");
    assert!(error.message().contains("require_auth"), "{error}");
    let error = refusal(scram, "channel_binding=require");
    assert!(error.message().contains("not encrypted"), "{error}");
}

/// A server that begins SCRAM and answers the first words with this, after the client's nonce.
fn challenge(make: impl Fn(&str) -> String + Send + Sync + 'static) -> Script {
    answers(request(10, b"SCRAM-SHA-256\0\0")).expect_tags(Framing::Postgres, b"p").answer(
        move |heard| {
            let text = String::from_utf8_lossy(heard.last);
            let nonce = text.rsplit("r=").next().unwrap_or_default().to_owned();
            request(11, make(&nonce).as_bytes())
        },
    )
}

#[test]
fn a_server_that_does_not_keep_to_scram_gets_no_proof() {
    let salted = |nonce: &str| format!("r={nonce}x,s=c2FsdA==,i=4096");
    for make in [
        (|_: &str| "r=other,s=c2FsdA==,i=4096".to_owned()) as fn(&str) -> String,
        |nonce| format!("r={nonce}x,s=!,i=4096"),
        |nonce| format!("r={nonce}x,s=c2FsdA==,i=2000000000"),
        |nonce| format!("r={nonce}x,s=c2FsdA==,i=99999999999999999999"),
        |_| String::new(),
        |_| "e=no-resources".to_owned(),
    ] {
        let error = refusal(challenge(make).expect_end(), "");
        assert!(error.message().starts_with("authentication by SCRAM failed"), "{error}");
    }
    let impostor = challenge(salted)
        .expect_tags(Framing::Postgres, b"p")
        .send(request(12, b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
        .expect_end();
    let error = refusal(impostor, "");
    assert!(error.message().contains("SCRAM verification error"), "{error}");
    let silent =
        challenge(salted).expect_tags(Framing::Postgres, b"p").send(welcome()).expect_end();
    let error = refusal(silent, "");
    assert!(error.message().contains("without proving"), "{error}");
}

#[test]
fn steps_out_of_order_are_refused() {
    for (first, second) in [
        (request(11, b"r=x,s=eA==,i=1"), None),
        (request(12, b"v=eA=="), None),
        (request(10, b"SCRAM-SHA-256\0\0"), Some(request(12, b"v=eA=="))),
        (request(10, b"SCRAM-SHA-256\0\0"), Some(request(10, b"SCRAM-SHA-256\0\0"))),
        (request(5, b"salt"), Some(request(3, b""))),
        (request(10, b"SCRAM-SHA-256\0\0"), Some(request(5, b"salt"))),
    ] {
        let mut script = answers(first);
        if let Some(second) = second {
            script = script.expect_tags(Framing::Postgres, b"p").send(second);
        }
        let error = refusal(script.expect_end(), "");
        assert!(error.message().starts_with("the server "), "{error}");
    }
    for cut in [&b"R\0\0\0\x05\0"[..], b"R\0\0\0\x0a\0\0\0\x05ab"] {
        let error = refusal(answers(cut).expect_end(), "");
        assert_eq!(error.sqlstate(), Some("08P01"), "{error}");
    }
}

#[test]
fn channel_binding_that_is_offered_without_tls_is_an_attack() {
    let offer = request(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0");
    let error = refusal(answers(offer).expect_end(), "");
    assert!(error.message().contains("without TLS"), "{error}");
}
