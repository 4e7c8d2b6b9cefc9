//! A dialect that can connect, whether linked or loaded.

use core::ffi::c_void;

use zeroize::Zeroize as _;

use super::adopt::adopt;
use super::connection::DriverConnection;
use super::errors::ErrorBuffer;
use super::limits::Limits;
use crate::abi::author::StaticDialect;
use crate::abi::constants::{connect_flag, status};
use crate::abi::data::{ConnectArgs as RawArgs, HostAddress, KeyValue, RawConnection, Str};
use crate::abi::tables::DialectVt;
use crate::dbapi::ServerInfo;
use crate::dialect::{ConnectArgs, ConnectPlan, DialectInfo};
use crate::error::{Error, Result};

/// A dialect's table and data. Cheap to copy; may be used by any number of threads.
#[derive(Clone, Copy)]
pub struct DriverDialect {
    table: DialectVt,
    info: &'static DialectInfo,
}

impl From<StaticDialect> for DriverDialect {
    fn from(dialect: StaticDialect) -> Self {
        // SAFETY: the shims made this table.
        unsafe { DriverDialect::new(dialect.table(), dialect.info()) }
    }
}

impl DriverDialect {
    /// The dialect behind a table.
    ///
    /// # Safety
    /// `table` points to a table that follows the ABI, as do the tables it hands out, and stays
    /// loaded for ever.
    pub unsafe fn new(table: *const DialectVt, info: &'static DialectInfo) -> Self {
        // SAFETY: passed on to the caller.
        DriverDialect { table: unsafe { adopt(table) }, info }
    }

    /// What the dialect says about itself.
    pub fn info(&self) -> &'static DialectInfo {
        self.info
    }

    /// Opens a connection. Blocks until the deadline, as far as the dialect honours deadlines.
    ///
    /// # Errors
    /// What the dialect reports: `Operational` when the database cannot be reached.
    pub fn connect(&self, args: &ConnectArgs<'_>, limits: Limits) -> Result<DriverConnection> {
        let connect = self.table.connect.ok_or_else(|| {
            Error::plugin(format!("dialect `{}` has no connect function", self.info.name))
        })?;
        let mut errors = ErrorBuffer::new();
        let mut out = RawConnection { data: core::ptr::null_mut(), vt: core::ptr::null() };
        let options = limits.options(1);
        let status = with_raw_args(args, |raw| {
            let mut error = errors.out();
            // SAFETY: all pointers are valid for the call; the table follows the ABI.
            let status = unsafe { connect(raw, &raw const options, &raw mut out, &raw mut error) };
            match status {
                status::OK => Ok(()),
                _ => Err(errors.read(&error, self.info.name)),
            }
        });
        status?;
        if out.vt.is_null() {
            return Err(Error::interface(format!(
                "dialect `{}` returned a connection without a table",
                self.info.name
            )));
        }
        // SAFETY: the dialect has just made this connection and its table follows the ABI.
        Ok(unsafe { DriverConnection::new(out, *self, errors) })
    }

    /// Checks the URL without connecting.
    ///
    /// # Errors
    /// What the dialect says against the URL.
    pub fn create_connect_args(&self, args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        let Some(check) = self.table.create_connect_args else { return Ok(ConnectPlan::default()) };
        let mut errors = ErrorBuffer::new();
        let mut pairs: Vec<(String, String)> = Vec::new();
        with_raw_args(args, |raw| {
            let mut error = errors.out();
            // SAFETY: all pointers are valid for the call, and `collect` expects this context.
            let status =
                unsafe { check(raw, collect, (&raw mut pairs).cast::<c_void>(), &raw mut error) };
            match status {
                status::OK => Ok(()),
                _ => Err(errors.read(&error, self.info.name)),
            }
        })?;
        let mut plan = ConnectPlan::default();
        for (key, value) in pairs {
            match key.strip_prefix("arg:") {
                Some(name) => plan.arguments.push((name.to_owned(), value)),
                None if key == "pool" => plan.pool = Some(value),
                None if key == "keep_connected" => plan.keep_connected = value == "true",
                None if key == "pool_use_lifo" => plan.pool_use_lifo = value == "true",
                // Something that a newer dialect tells.
                None => {}
            }
        }
        Ok(plan)
    }
}

impl std::fmt::Debug for DriverDialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DriverDialect").field("name", &self.info.name).finish_non_exhaustive()
    }
}

/// Copies key and value into the `Vec<(String, String)>` that the context points to.
pub(super) unsafe extern "C" fn collect(context: *mut c_void, key: Str, value: Str) {
    // SAFETY: the host passes this function only with such a context, and the plugin passes text
    // that is valid for the call.
    unsafe {
        let pairs = &mut *context.cast::<Vec<(String, String)>>();
        pairs.push((key.text().into_owned(), value.text().into_owned()));
    }
}

/// What a server says about itself, from the pairs it was emitted as.
pub(super) fn server_info(pairs: Vec<(String, String)>) -> ServerInfo {
    let mut info = ServerInfo::default();
    for (key, value) in pairs {
        match key.as_str() {
            "name" => info.name = value,
            "version" => info.version = value,
            "capabilities" => {
                let names = value.split(',').filter(|name| !name.is_empty());
                info.capabilities = Some(names.map(str::to_owned).collect());
            }
            _ => {
                if let Some(rule) = key.strip_prefix("rule:") {
                    info.rules.push((rule.to_owned(), value));
                }
            }
        }
    }
    info
}

/// Lends the arguments in the form of the ABI. The password is copied and wiped afterwards.
fn with_raw_args<R>(args: &ConnectArgs<'_>, call: impl FnOnce(*const RawArgs) -> R) -> R {
    let hosts: Vec<HostAddress> = args
        .hosts
        .iter()
        .map(|host| HostAddress {
            host: Str::new(host.host()),
            port: host.port().map_or(-1, i32::from),
            reserved: 0,
        })
        .collect();
    let options: Vec<KeyValue> = args
        .options
        .iter()
        .map(|(key, value)| KeyValue { key: Str::new(key), value: Str::new(value) })
        .collect();
    let mut password = args.password.map(str::to_owned);
    let mut flags = 0;
    for (present, flag) in [
        (args.username.is_some(), connect_flag::USERNAME),
        (password.is_some(), connect_flag::PASSWORD),
        (args.database.is_some(), connect_flag::DATABASE),
        (args.is_untrusted, connect_flag::UNTRUSTED),
    ] {
        if present {
            flags |= flag;
        }
    }
    let part = |text: Option<&str>| text.map_or(Str::EMPTY, Str::new);
    let raw = RawArgs {
        size: size_of::<RawArgs>(),
        scheme: Str::new(args.scheme),
        hosts: hosts.as_ptr(),
        n_hosts: hosts.len(),
        username: part(args.username),
        password: part(password.as_deref()),
        database: part(args.database),
        flags,
        options: options.as_ptr(),
        n_options: options.len(),
        engine: args.engine,
        reserved: 0,
    };
    let result = call(&raw const raw);
    password.zeroize();
    result
}
