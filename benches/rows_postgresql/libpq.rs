//! PostgreSQL's own C library, loaded where it is installed: connecting is measured against it.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

use libloading::Library;

use crate::server::Server;
use crate::variants::Run;
use crate::workload::Size;

/// `CONNECTION_OK`.
const OK: c_int = 0;

type Connect = unsafe extern "C" fn(*const c_char) -> *mut c_void;
type Status = unsafe extern "C" fn(*const c_void) -> c_int;
type Message = unsafe extern "C" fn(*const c_void) -> *const c_char;
type Finish = unsafe extern "C" fn(*mut c_void);

struct Libpq {
    connect: Connect,
    status: Status,
    message: Message,
    finish: Finish,
}

/// Whether the library is here.
pub(crate) fn installed() -> bool {
    Libpq::load().is_some()
}

impl Libpq {
    fn load() -> Option<Self> {
        // SAFETY: the library's initialisers are those of a system library.
        let library = unsafe { Library::new("libpq.so.5") }.ok()?;
        // SAFETY: the four are declared so in libpq-fe.h, and the library is never unloaded.
        let libpq = unsafe {
            Libpq {
                connect: *library.get::<Connect>(b"PQconnectdb\0").ok()?,
                status: *library.get::<Status>(b"PQstatus\0").ok()?,
                message: *library.get::<Message>(b"PQerrorMessage\0").ok()?,
                finish: *library.get::<Finish>(b"PQfinish\0").ok()?,
            }
        };
        std::mem::forget(library);
        Some(libpq)
    }

    fn connect_and_finish(&self, parameters: &CStr) {
        // SAFETY: the text ends with a zero; the connection is used until it is finished, and what
        // the message points at lives as long.
        unsafe {
            let connection = (self.connect)(parameters.as_ptr());
            if (self.status)(connection) != OK {
                let message = CStr::from_ptr((self.message)(connection)).to_string_lossy();
                panic!("libpq: {message}");
            }
            (self.finish)(connection);
        }
    }
}

/// Connects so often, one after the other.
pub(crate) fn connects(server: &Server, size: Size, tls: bool) -> Run {
    let libpq = Libpq::load().expect("libpq is installed");
    let security = match tls {
        true => format!("sslmode=verify-full sslrootcert={}", server.authority),
        false => "sslmode=disable".to_owned(),
    };
    let Server { host, port, user, password, database, .. } = server;
    let parameters = format!(
        "host={host} port={port} user={user} password={password} dbname={database} \
         client_encoding=UTF8 gssencmode=disable {security}"
    );
    let parameters = CString::new(parameters).expect("no zero in the parameters");
    Box::new(move || {
        for _ in 0..size.times {
            libpq.connect_and_finish(&parameters);
        }
        size.times
    })
}
