//! What the front and the keeper of one start have agreed on: files, and lines on two pipes.

/// The line on the keeper's standard input after which the servers outlive the front.
pub const DETACH: &str = "detach";

/// The socket on which a keeper can be asked to end.
pub const SOCKET: &str = "keeper.sock";

/// The file of variables that a keeper writes when all is up.
pub const VARIABLES: &str = "env";

/// The file of what came of each server that a keeper writes when all is up.
pub const REPORTS: &str = "reports";

/// The file to which tests add a line of server, tab and test for each that ran against a server.
pub const LEDGER: &str = "ran";
