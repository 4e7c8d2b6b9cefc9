//! What a URL says, in libpq's names: SQLAlchemy's `create_connect_args`.

use aludel::Result;
use aludel::dialect::{ConnectArgs, ConnectPlan};

use super::environment::Environment;
use super::hosts::UrlHosts;
use super::option_table::OPTIONS;
use super::settings::Config;
use super::sources::Sources;

/// What the URL and the program say, secrets left out, after all of it has been checked together
/// with the environment and the files that a connection would use.
///
/// # Errors
/// As [`Config::from_args`].
pub(crate) fn plan(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
    plan_in(args, &Environment::of_process())
}

pub(super) fn plan_in(args: &ConnectArgs<'_>, environment: &Environment) -> Result<ConnectPlan> {
    Config::from_args_in(args, environment)?;
    let sources = Sources::new(args, environment)?;
    let mut plan = hosts(&UrlHosts::new(&sources)?);
    for name in ["dbname", "user"] {
        if let Some(value) = sources.of_url(name) {
            plan = plan.argument(name, value);
        }
    }
    for option in OPTIONS {
        let is_part = matches!(option.name, "host" | "port" | "dbname" | "user");
        if is_part || option.secret {
            continue;
        }
        if let Some(value) = args.option(option.name) {
            plan = plan.argument(option.name, value);
        }
    }
    plan.pool = Some("QueuePool".to_owned());
    Ok(plan)
}

/// Hosts and ports as lists with commas; a port that is not given is empty.
fn hosts(of_url: &UrlHosts) -> ConnectPlan {
    let join = |texts: Vec<String>| texts.join(",");
    let names = of_url.hosts.iter().map(|host| host.host().to_owned()).collect();
    let ports = of_url
        .hosts
        .iter()
        .map(|host| host.port().map_or_else(String::new, |port| port.to_string()));
    let mut plan = ConnectPlan::default();
    if of_url.hosts.iter().any(|host| !host.host().is_empty()) {
        plan = plan.argument("host", join(names));
    }
    if of_url.has_ports {
        plan = plan.argument("port", join(ports.collect()));
    }
    plan
}
