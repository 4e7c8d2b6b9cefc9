//! Proving who we are, by the method that the server asks for and the program allows.

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::frontend;
use zeroize::Zeroize;

use super::scram::Scram;
use crate::config::{AuthMethod, ChannelBinding, Config, Host, RequireAuth, Secret};
use crate::net::{Peer, Stream};
use crate::wire::Body;

/// One authentication, message by message.
pub(super) struct Authentication<'a> {
    user: &'a str,
    password: Option<&'a Secret>,
    /// Why there may be none.
    password_note: Option<&'a str>,
    channel_binding: ChannelBinding,
    allowed: RequireAuth,
    channel: Channel,
    scram: Option<Scram>,
    /// The method that the server asked for; `None` as long as it has not.
    method: Option<AuthMethod>,
}

/// What carries the messages.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) encrypted: bool,
    /// No network lies between.
    pub(super) local: bool,
    /// The hash that binds SCRAM to TLS.
    pub(super) end_point: Option<Vec<u8>>,
}

impl Channel {
    pub(super) fn of(stream: &Stream) -> Self {
        Channel {
            encrypted: stream.is_encrypted(),
            local: matches!(stream.peer(), Peer::Unix(_)),
            end_point: stream.tls_server_end_point(),
        }
    }
}

impl<'a> Authentication<'a> {
    pub(super) fn new(config: &'a Config, host: &'a Host, channel: Channel) -> Self {
        Authentication {
            user: &config.user,
            password: host.password.as_ref(),
            channel_binding: config.channel_binding,
            allowed: config.require_auth,
            password_note: config.password_note.as_deref(),
            channel,
            scram: None,
            method: None,
        }
    }

    /// Answers a request; true when the server is content and so are we.
    ///
    /// # Errors
    /// When the method is not known or not allowed, or the server cannot prove itself.
    pub(super) fn answer(&mut self, body: &[u8], out: &mut BytesMut) -> Result<bool> {
        let mut body = Body::new(body);
        match body.i32()? {
            0 => return self.accepted().map(|()| true),
            3 => self.cleartext(out)?,
            5 => self.md5(body, out)?,
            10 => self.begin_scram(body.rest(), out)?,
            11 => self.scram()?.answer(body.rest(), out)?,
            12 => self.scram()?.finish(body.rest())?,
            other => return Err(unknown_method(other)),
        }
        Ok(false)
    }

    fn accepted(&self) -> Result<()> {
        match &self.scram {
            Some(scram) if !scram.is_finished() => {
                return Err(suspicious(
                    "the server let us in without proving that it knows the \
                                       password",
                ));
            }
            scram
                if self.channel_binding == ChannelBinding::Require
                    && !scram.as_ref().is_some_and(Scram::is_bound) =>
            {
                return Err(suspicious(
                    "the server let us in without channel binding, which \
                                       channel_binding=require demands",
                ));
            }
            _ => {}
        }
        match self.method {
            None => self.check(AuthMethod::None, "the server let us in without authentication"),
            Some(_) => Ok(()),
        }
    }

    fn cleartext(&mut self, out: &mut BytesMut) -> Result<()> {
        self.begin(AuthMethod::Password, "the server asks for the password in clear text")?;
        if !self.channel.encrypted && !self.channel.local {
            return Err(Error::operational(
                "the server asks for the password in clear text, and the connection is not \
                 encrypted",
            )
            .with_sqlstate("28000")
            .with_help(
                "connect with sslmode=require or stronger, or let pg_hba.conf of the server ask for \
                 scram-sha-256",
            )
            .disconnected());
        }
        send_password(self.password()?.expose().as_bytes(), out)
    }

    fn md5(&mut self, mut body: Body<'_>, out: &mut BytesMut) -> Result<()> {
        self.begin(AuthMethod::Md5, "the server asks for the password as MD5")?;
        let salt = [body.u8()?, body.u8()?, body.u8()?, body.u8()?];
        let password = self.password()?.expose().as_bytes();
        let mut hash = md5_hash(self.user.as_bytes(), password, salt);
        let sent = send_password(hash.as_bytes(), out);
        hash.zeroize();
        sent
    }

    fn begin_scram(&mut self, mechanisms: &[u8], out: &mut BytesMut) -> Result<()> {
        if self.method.is_some() {
            return Err(suspicious("the server asks twice how we authenticate"));
        }
        self.check(AuthMethod::ScramSha256, "the server asks for SCRAM")?;
        self.method = Some(AuthMethod::ScramSha256);
        let password = self.password()?;
        let scram = Scram::begin(mechanisms, password, &self.channel, self.channel_binding, out)?;
        self.scram = Some(scram);
        Ok(())
    }

    fn scram(&mut self) -> Result<&mut Scram> {
        self.scram
            .as_mut()
            .ok_or_else(|| suspicious("the server goes on with SCRAM before it began"))
    }

    /// A method other than SCRAM begins.
    fn begin(&mut self, method: AuthMethod, asks: &str) -> Result<()> {
        if self.method.is_some() {
            return Err(suspicious("the server asks twice how we authenticate"));
        }
        self.check(method, asks)?;
        if self.channel_binding == ChannelBinding::Require {
            return Err(suspicious(&format!(
                "{asks}, which cannot be bound to the channel as channel_binding=require demands"
            )));
        }
        self.method = Some(method);
        Ok(())
    }

    fn check(&self, method: AuthMethod, asks: &str) -> Result<()> {
        match self.allowed.accepts(method) {
            true => Ok(()),
            false => Err(suspicious(&format!("{asks}, which require_auth does not allow"))),
        }
    }

    fn password(&self) -> Result<&'a Secret> {
        self.password.filter(|password| !password.expose().is_empty()).ok_or_else(|| {
            let error = Error::operational(format!(
                "the server asks for the password of {:?}, and there is none",
                self.user
            ))
            .with_sqlstate("28P01")
            .with_help("it can stand in the URL, in PGPASSWORD or in ~/.pgpass")
            .disconnected();
            match self.password_note {
                Some(note) => error.with_note("note", note),
                None => error,
            }
        })
    }
}

fn send_password(password: &[u8], out: &mut BytesMut) -> Result<()> {
    frontend::password_message(password, out).map_err(|error| {
        Error::operational("the password cannot be sent: it contains a NUL").with_source(error)
    })
}

/// An error of a server that does less than was demanded, or goes ahead where it must not.
#[cold]
pub(super) fn suspicious(what: &str) -> Error {
    Error::operational(what)
        .with_sqlstate("28000")
        .with_help(
            "check that it is the right server; require_auth and channel_binding say what \
                    it must do",
        )
        .disconnected()
}

#[cold]
fn unknown_method(code: i32) -> Error {
    let name = match code {
        2 => "Kerberos V5",
        4 => "crypt",
        6 => "SCM credentials",
        7 | 8 => "GSSAPI",
        9 => "SSPI",
        _ => {
            return Error::not_supported(format!(
                "the server asks for an authentication method of number {code}, which is not known"
            ))
            .with_help(OTHER_METHODS)
            .disconnected();
        }
    };
    Error::not_supported(format!(
        "the server asks for authentication by {name}, which is not supported"
    ))
    .with_help(OTHER_METHODS)
    .disconnected()
}

const OTHER_METHODS: &str = "let pg_hba.conf of the server ask this user for scram-sha-256, a \
                             certificate, or peer over a Unix socket";
