//! SCRAM-SHA-256, bound to the TLS channel where both sides can.

use std::io;

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::authentication::sasl::{self, ScramSha256};
use postgres_protocol::message::frontend;

use super::authentication::{Channel, suspicious};
use crate::config::{ChannelBinding, Secret};

/// One exchange. The server proves with its last message that it knows the password too.
pub(super) struct Scram {
    exchange: ScramSha256,
    step: Step,
    bound: bool,
}

#[derive(PartialEq, Eq)]
enum Step {
    First,
    Last,
    Finished,
}

impl Scram {
    /// Chooses among the mechanisms that the server offers, and says the first words.
    pub(super) fn begin(
        mechanisms: &[u8],
        password: &Secret,
        channel: &Channel,
        wanted: ChannelBinding,
        out: &mut BytesMut,
    ) -> Result<Self> {
        let offers = |name: &str| {
            mechanisms.split(|byte| *byte == 0).any(|offered| offered == name.as_bytes())
        };
        let plain = offers(sasl::SCRAM_SHA_256);
        let plus = offers(sasl::SCRAM_SHA_256_PLUS);
        if plus && !channel.encrypted {
            return Err(suspicious("the server offers channel binding without TLS"));
        }
        let binding = bind(plus, channel, wanted)?;
        let (mechanism, binding) = match binding {
            Some(hash) => {
                (sasl::SCRAM_SHA_256_PLUS, sasl::ChannelBinding::tls_server_end_point(hash))
            }
            None if !plain => return Err(no_mechanism(mechanisms)),
            // The server learns that we could have: if it could have too, somebody between has
            // taken the offer out, and it refuses.
            None if channel.end_point.is_some() && wanted != ChannelBinding::Disable && !plus => {
                (sasl::SCRAM_SHA_256, sasl::ChannelBinding::unrequested())
            }
            None => (sasl::SCRAM_SHA_256, sasl::ChannelBinding::unsupported()),
        };
        let exchange = ScramSha256::new(password.expose().as_bytes(), binding);
        frontend::sasl_initial_response(mechanism, exchange.message(), out).map_err(failed)?;
        let bound = mechanism == sasl::SCRAM_SHA_256_PLUS;
        Ok(Scram { exchange, step: Step::First, bound })
    }

    /// Answers the challenge.
    pub(super) fn answer(&mut self, challenge: &[u8], out: &mut BytesMut) -> Result<()> {
        if self.step != Step::First {
            return Err(suspicious("the server repeats a step of SCRAM"));
        }
        self.exchange.update(challenge).map_err(failed)?;
        self.step = Step::Last;
        frontend::sasl_response(self.exchange.message(), out).map_err(failed)
    }

    /// Checks the server's proof.
    pub(super) fn finish(&mut self, proof: &[u8]) -> Result<()> {
        if self.step != Step::Last {
            return Err(suspicious("the server ends SCRAM before its time"));
        }
        self.exchange.finish(proof).map_err(failed)?;
        self.step = Step::Finished;
        Ok(())
    }

    pub(super) fn is_finished(&self) -> bool {
        self.step == Step::Finished
    }

    /// True when the server has proved itself on this very channel.
    pub(super) fn is_bound(&self) -> bool {
        self.bound && self.is_finished()
    }
}

/// The hash to bind with, if it is to be bound.
fn bind(offered: bool, channel: &Channel, wanted: ChannelBinding) -> Result<Option<Vec<u8>>> {
    let why = match (wanted, &channel.end_point) {
        (ChannelBinding::Disable, _) => return Ok(None),
        (_, Some(hash)) if offered => return Ok(Some(hash.clone())),
        (ChannelBinding::Prefer, end_point) => {
            if offered && end_point.is_none() {
                // libpq refuses these certificates; only who requires the binding loses by going on.
                tracing::debug!(
                    "the certificate has no hash, so SCRAM is not bound to the channel"
                );
            }
            return Ok(None);
        }
        (ChannelBinding::Require, _) if !channel.encrypted => "the connection is not encrypted",
        (ChannelBinding::Require, None) => {
            "the server's certificate is signed by an algorithm without a hash of its own, such as \
             Ed25519"
        }
        (ChannelBinding::Require, Some(_)) => "the server does not offer it",
    };
    Err(suspicious(&format!("channel_binding=require cannot be kept: {why}")))
}

#[cold]
fn no_mechanism(mechanisms: &[u8]) -> Error {
    let names: Vec<_> = mechanisms
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .take(8)
        .map(|name| name[..name.len().min(64)].escape_ascii().to_string())
        .collect();
    let offered = match names.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    Error::not_supported(format!(
        "no SASL mechanism of the server's is supported here (it offers {offered})"
    ))
    .with_help("SCRAM-SHA-256 and SCRAM-SHA-256-PLUS are")
    .disconnected()
}

#[cold]
fn failed(error: io::Error) -> Error {
    Error::operational(format!("authentication by SCRAM failed: {error}"))
        .with_sqlstate("28000")
        .with_help("check that it is the right server, and the password")
        .with_source(error)
        .disconnected()
}
