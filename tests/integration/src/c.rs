//! Compiling C and C++.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A language that the header is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// C11.
    C,
    /// C++17.
    Cpp,
}

/// Warnings that the header and everything written with it must not draw.
const STRICT: &[&str] = &["-Wall", "-Wextra", "-Werror", "-pedantic"];

impl Language {
    fn compiler(self) -> String {
        let (variable, usual) = match self {
            Language::C => ("CC", "cc"),
            Language::Cpp => ("CXX", "c++"),
        };
        std::env::var(variable).ok().filter(|name| !name.is_empty()).unwrap_or(usual.into())
    }

    fn standard(self) -> &'static str {
        match self {
            Language::C => "-std=c11",
            Language::Cpp => "-std=c++17",
        }
    }

    /// Whether there is a compiler.
    pub fn is_there(self) -> bool {
        let mut probe = Command::new(self.compiler());
        probe.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }

    /// Runs the compiler with the strict warnings and the folder of `aludel.h`.
    ///
    /// # Panics
    /// With what the compiler wrote, when it fails.
    pub fn compile(self, arguments: &[&str]) {
        let output = Command::new(self.compiler())
            .arg(self.standard())
            .args(STRICT)
            .arg("-I")
            .arg(root().join("core/include"))
            .args(arguments)
            .output()
            .unwrap_or_else(|error| panic!("cannot start `{}`: {error}", self.compiler()));
        assert!(
            output.status.success(),
            "{} {arguments:?}:\n{}",
            self.compiler(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Compiles a source in `tests/c` to a plugin in `directory`, as `libaludel_<name>.so`.
///
/// # Panics
/// When it does not compile.
pub fn build_plugin(source: &str, name: &str, directory: &Path) -> PathBuf {
    let source = root().join("tests/c").join(source);
    let file =
        format!("{}aludel_{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let plugin = directory.join(file);
    let (source, out) = (source.to_string_lossy(), plugin.to_string_lossy());
    Language::C.compile(&["-shared", "-fPIC", "-g", "-fvisibility=hidden", "-o", &out, &source]);
    plugin
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
