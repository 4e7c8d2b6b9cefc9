//! Proving who we are, by the method that the server asks for.

use std::io;

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::authentication::sasl::{self, ScramSha256};
use postgres_protocol::message::frontend;

use crate::config::Secret;

/// One authentication, message by message.
pub(crate) struct Authentication<'a> {
    password: Option<&'a Secret>,
    scram: Option<ScramSha256>,
}

impl<'a> Authentication<'a> {
    pub(crate) fn new(password: Option<&'a Secret>) -> Self {
        Authentication { password, scram: None }
    }

    /// Answers a request; true when the server is content.
    pub(crate) fn answer(&mut self, body: &[u8], out: &mut BytesMut) -> Result<bool> {
        let (code, rest) = body.split_first_chunk::<4>().ok_or_else(malformed)?;
        match i32::from_be_bytes(*code) {
            0 => return Ok(true),
            10 => {
                let password = self.password.ok_or_else(|| {
                    Error::operational("the server asks for a password, and there is none")
                })?;
                let scram = ScramSha256::new(
                    password.expose().as_bytes(),
                    sasl::ChannelBinding::unsupported(),
                );
                frontend::sasl_initial_response(sasl::SCRAM_SHA_256, scram.message(), out)
                    .map_err(failed)?;
                self.scram = Some(scram);
            }
            11 => {
                let scram = self.scram.as_mut().ok_or_else(malformed)?;
                scram.update(rest).map_err(failed)?;
                frontend::sasl_response(scram.message(), out).map_err(failed)?;
            }
            12 => self.scram.take().ok_or_else(malformed)?.finish(rest).map_err(failed)?,
            other => {
                return Err(Error::not_supported(format!(
                    "the server asks for authentication method {other}"
                )));
            }
        }
        Ok(false)
    }
}

fn malformed() -> Error {
    Error::operational("the server's request for authentication is malformed").disconnected()
}

fn failed(error: io::Error) -> Error {
    Error::operational(format!("authentication failed: {error}")).disconnected()
}
