//! PostgreSQL's own C library, loaded where it is installed.
//!
//! Connecting is measured against it, and it makes the connections on which
//! [`system_calls`](crate::system_calls) stand alone.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::net::TcpStream;
use std::os::fd::BorrowedFd;

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
type Socket = unsafe extern "C" fn(*const c_void) -> c_int;
type Prepare = unsafe extern "C" fn(
    *mut c_void,
    *const c_char,
    *const c_char,
    c_int,
    *const c_void,
) -> *mut c_void;

struct Libpq {
    connect: Connect,
    status: Status,
    message: Message,
    finish: Finish,
    socket: Socket,
    prepare: Prepare,
}

/// Whether the library is here.
pub(crate) fn installed() -> bool {
    Libpq::load().is_some()
}

impl Libpq {
    fn load() -> Option<Self> {
        // SAFETY: the library's initialisers are those of a system library.
        let library = unsafe { Library::new("libpq.so.5") }.ok()?;
        // SAFETY: they are declared so in libpq-fe.h, and the library is never unloaded.
        let libpq = unsafe {
            Libpq {
                connect: *library.get::<Connect>(b"PQconnectdb\0").ok()?,
                status: *library.get::<Status>(b"PQstatus\0").ok()?,
                message: *library.get::<Message>(b"PQerrorMessage\0").ok()?,
                finish: *library.get::<Finish>(b"PQfinish\0").ok()?,
                socket: *library.get::<Socket>(b"PQsocket\0").ok()?,
                prepare: *library.get::<Prepare>(b"PQprepare\0").ok()?,
            }
        };
        std::mem::forget(library);
        Some(libpq)
    }

    fn connect(&self, parameters: &CStr) -> *mut c_void {
        // SAFETY: the text ends with a zero; what the message points at lives as the connection.
        unsafe {
            let connection = (self.connect)(parameters.as_ptr());
            if (self.status)(connection) != OK {
                let message = CStr::from_ptr((self.message)(connection)).to_string_lossy();
                panic!("libpq: {message}");
            }
            connection
        }
    }
}

/// Connects so often, one after the other.
pub(crate) fn connects(server: &Server, size: Size, tls: bool) -> Run {
    let libpq = Libpq::load().expect("libpq is installed");
    let parameters = parameters(server, tls);
    Box::new(move || {
        for _ in 0..size.times {
            let connection = libpq.connect(&parameters);
            // SAFETY: the connection is live, and not used again.
            unsafe { (libpq.finish)(connection) };
        }
        size.times
    })
}

/// The socket of a connection that has this statement, under the name `s`.
pub(crate) fn prepared(server: &Server, sql: &str) -> TcpStream {
    let libpq = Libpq::load().expect("libpq is installed");
    let connection = libpq.connect(&parameters(server, false));
    let sql = CString::new(sql).expect("no zero in the statement");
    // SAFETY: the connection is live and never finished, so that its socket stays open; the texts
    // end with zeros, and no types of parameters are given.
    let socket = unsafe {
        (libpq.prepare)(connection, c"s".as_ptr(), sql.as_ptr(), 0, std::ptr::null());
        BorrowedFd::borrow_raw((libpq.socket)(connection))
    };
    let socket = TcpStream::from(socket.try_clone_to_owned().expect("a socket can be cloned"));
    socket.set_nonblocking(false).expect("a socket can block");
    socket
}

fn parameters(server: &Server, tls: bool) -> CString {
    let security = match tls {
        true => format!("sslmode=verify-full sslrootcert={}", server.authority),
        false => "sslmode=disable".to_owned(),
    };
    let Server { host, port, user, password, database, .. } = server;
    let parameters = format!(
        "host={host} port={port} user={user} password={password} dbname={database} \
         client_encoding=UTF8 gssencmode=disable {security}"
    );
    CString::new(parameters).expect("no zero in the parameters")
}
