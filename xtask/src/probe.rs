//! Asks whether a tool is installed, and says how to install it when it is not.

use std::process::{Command, Stdio};

/// A tool that a step needs.
pub(crate) struct Tool {
    /// The command that succeeds when the tool is there.
    probe: &'static [&'static str],
    /// What is missing and the command that installs it.
    pub(crate) missing: &'static str,
}

/// Formatting.
pub(crate) const RUSTFMT: Tool = Tool {
    probe: &["cargo", "fmt", "--version"],
    missing: "rustfmt is missing: rustup component add rustfmt",
};

/// Lints.
pub(crate) const CLIPPY: Tool = Tool {
    probe: &["cargo", "clippy", "--version"],
    missing: "clippy is missing: rustup component add clippy",
};

/// Runs tests in processes of their own.
pub(crate) const NEXTEST: Tool = Tool {
    probe: &["cargo", "nextest", "--version"],
    missing: "cargo-nextest is not installed: cargo install cargo-nextest --locked",
};

/// Checks the dependencies against deny.toml.
pub(crate) const DENY: Tool = Tool {
    probe: &["cargo", "deny", "--version"],
    missing: "cargo-deny is not installed: cargo install cargo-deny --locked",
};

/// The toolchain that has the sanitizers.
pub(crate) const NIGHTLY: Tool = Tool {
    probe: &["rustup", "run", "nightly", "rustc", "--version"],
    missing: "the nightly toolchain is missing: rustup toolchain install nightly --profile minimal",
};

/// Builds and runs fuzz targets.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    probe: &["cargo", "fuzz", "--version"],
    missing: "cargo-fuzz is not installed: cargo install cargo-fuzz --locked",
};

/// Compiles SQLite and the dialect written in C; `CC` names another compiler.
pub(crate) const C_COMPILER: Tool = Tool {
    probe: &["cc", "--version"],
    missing: "no C compiler: SQLite is compiled from its source; \
              install gcc (Debian: apt install gcc libc6-dev) or name one in CC",
};

/// Takes symbols out of programs and plugins.
pub(crate) const STRIP: Tool = Tool {
    probe: &["strip", "--version"],
    missing: "strip is missing: install binutils (Debian: apt install binutils)",
};

/// The tar that sorts its entries; that of BSD and macOS does not.
pub(crate) const GNU_TAR: Tool = Tool {
    probe: &["tar", "--sort=name", "--version"],
    missing: "GNU tar 1.28 or newer is missing: install tar (Debian: apt install tar)",
};

/// Compresses tarballs.
pub(crate) const GZIP: Tool = Tool {
    probe: &["gzip", "--version"],
    missing: "gzip is missing: install gzip (Debian: apt install gzip)",
};

/// Lets a test be several users, as root.
pub(crate) const ROOT: Tool = Tool {
    probe: &["sh", "-c", "test $(id -u) = 0"],
    missing: "they need root, or a user namespace of several users (newuidmap and /etc/subuid)",
};

/// Lets a test be several users, without root.
pub(crate) const USER_NAMESPACE: Tool =
    Tool { probe: &["unshare", "--map-root-user", "--map-auto", "true"], missing: ROOT.missing };

impl Tool {
    /// Runs the tool's version command and tells whether it succeeded.
    pub(crate) fn installed(&self) -> bool {
        let mut words = self.probe.iter();
        let Some(program) = words.next() else {
            return false;
        };
        let named = std::env::var("CC").ok().filter(|cc| *program == "cc" && !cc.is_empty());
        Command::new(named.as_deref().unwrap_or(program))
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_answers_is_installed_and_one_that_does_not_exist_is_not() {
        let cargo = Tool { probe: &["cargo", "--version"], missing: "" };
        let nothing = Tool { probe: &["aludel-has-no-such-tool"], missing: "" };
        assert!(cargo.installed());
        assert!(!nothing.installed());
    }
}
