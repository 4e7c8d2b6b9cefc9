//! The stable codes of plugin errors: [`Error::code`](crate::Error::code).

/// No dialect serves the scheme.
pub const UNKNOWN_SCHEME: &str = "P01";
/// The file passed its checks, and the system's loader refused it.
pub const CANNOT_LOAD: &str = "P02";
/// Others than root and the program's user may write the file or a directory above it.
pub const UNTRUSTED: &str = "P03";
/// Built for another ABI, or in a way that the ABI excludes.
pub const ABI_MISMATCH: &str = "P04";
/// Built for another processor or system.
pub const WRONG_TARGET: &str = "P05";
/// Not an aludel plugin: no note, or one that is malformed.
pub const NOT_A_PLUGIN: &str = "P06";
/// The file is shorter than its headers say.
pub const TRUNCATED: &str = "P07";
/// Two files of one level claim the scheme.
pub const AMBIGUOUS: &str = "P08";
/// A URL gives an option that can run code.
pub const DANGEROUS_OPTION: &str = "P09";
/// A dialect panicked.
pub const PANICKED: &str = "P10";
/// The text before `://` cannot be a scheme.
pub const BAD_SCHEME: &str = "P11";
/// A directory to search or a plugin file is given in a way that is not accepted.
pub const BAD_PATH: &str = "P12";
/// File name, note and descriptor of a plugin contradict each other.
pub const MISMATCH: &str = "P13";
/// The dialect is there twice: linked into the program and as a file.
pub const ALREADY_STATIC: &str = "P14";
/// The file changed while it was being loaded.
pub const CHANGED: &str = "P15";
/// The plugin's own initialisation failed.
pub const INIT_FAILED: &str = "P16";
/// The scheme means something that no dialect offers and that must not be dropped silently.
pub const REFUSED_SCHEME: &str = "P17";
/// The dialect binds connections to threads, which the engine does not offer.
pub const THREAD_AFFINE: &str = "P18";
/// The program is linked in a way that cannot load libraries.
pub const NO_DYNAMIC_LOADING: &str = "P19";
/// The file is not one of those that the program or its lock file names by their sums.
pub const HASH_MISMATCH: &str = "P20";
/// The file needs a newer C library than the system has.
pub const GLIBC_TOO_OLD: &str = "P21";
/// The program accepts URLs of other schemes only.
pub const SCHEME_NOT_ALLOWED: &str = "P22";
/// A policy that is not known, or that cannot be followed.
pub const BAD_POLICY: &str = "P23";
/// A URL from a stranger gives an option that names a file.
pub const UNTRUSTED_OPTION: &str = "P24";
/// The plugin did not return from its constructors or its initialisation.
pub const INIT_TIMEOUT: &str = "P25";
