//! URLs, surroundings and files against the configuration that comes of them.

mod environment;
mod hosts;
mod making;
mod page;
mod recorded;
mod tls;
mod untrusted;
mod values;

pub(crate) use making::config;
pub(super) use making::refusal;
use making::{config_in, endpoints, refusal_in, surroundings, with_args};
