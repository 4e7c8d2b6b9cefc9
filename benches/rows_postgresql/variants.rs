//! Which variants there are here, and how each is prepared.

use crate::server::Server;
use crate::workload::{Size, Workload};
use crate::{libpq, ours, system_calls};

/// Work that is done once for each call, and its checksum.
pub(crate) type Run = Box<dyn FnMut() -> u64>;

/// The variants of a workload that can run: peers need their feature, libpq its library.
pub(crate) fn present(workload: &Workload) -> Vec<&'static str> {
    let here = |variant: &&str| match maker(variant) {
        "ours" => true,
        "libpq" | "system calls" => libpq::installed(),
        _ => cfg!(feature = "peers"),
    };
    let (present, absent): (Vec<&str>, Vec<&str>) =
        workload.variants.iter().copied().partition(here);
    if !absent.is_empty() {
        println!("{}: without {}", workload.name, absent.join("; "));
    }
    present
}

/// Who made what a variant measures.
fn maker(variant: &str) -> &str {
    match variant {
        "static" | "loaded" | "loop of executes" => "ours",
        other if other.starts_with("loaded, ") => "ours",
        other => other.split(',').next().unwrap_or(other),
    }
}

/// A closure that does the work once and returns a checksum.
pub(crate) fn prepare(workload: &str, variant: &str, server: &Server, size: Size) -> Run {
    match maker(variant) {
        "ours" => ours::prepare_run(workload, variant, server, size),
        "system calls" => system_calls::point(server, size),
        "libpq" => libpq::connects(server, size, workload == "connect_tls"),
        #[cfg(feature = "peers")]
        "tokio-postgres" => crate::peers::tokio_postgres(workload, variant, server, size),
        #[cfg(feature = "peers")]
        "postgres" => crate::peers::postgres(workload, server, size),
        #[cfg(feature = "peers")]
        "sqlx" => crate::peers::sqlx(workload, server, size),
        _ => panic!("no variant {variant} of {workload}"),
    }
}
