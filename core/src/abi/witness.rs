//! abi_stable's check of the frozen structs: a root module of three fields that never grows.
//!
//! abi_stable refuses a plugin whose root module has fewer fields than the host's, so the tables,
//! which grow, stay out of it; it only witnesses that both sides compiled the data structs alike.

#![allow(non_camel_case_types, missing_docs, clippy::undocumented_unsafe_blocks)]

use core::ffi::c_void;

use abi_stable::StableAbi;
use abi_stable::library::{
    __call_root_module_loader, AbiHeaderRef, CheckTypeLayout, RootModule, RootModuleResult,
};
use abi_stable::prefix_type::PrefixTypeTrait;
use abi_stable::sabi_types::VersionStrings;

pub use abi_stable::library::LibHeader;

use super::data::{Batch, CallOptions, ConnectArgs, ParamSet};
use super::describe::ColumnSet;
use super::failure::ErrorOut;

/// Name of the symbol that a plugin exports, NUL included.
pub const SYMBOL: &str = abi_stable::library::ROOT_MODULE_LOADER_NAME_WITH_NUL;

/// Frozen: three fields for ever.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = WitnessRoot_Ref)))]
pub struct WitnessRoot {
    /// Major version of the ABI.
    pub abi_major: u32,
    /// Null; kept because the root never changes.
    pub descriptor: extern "C" fn() -> *const c_void,
    /// Never called: its signature is the check.
    #[sabi(last_prefix_field)]
    pub witness: extern "C" fn(
        *const Batch,
        *const ParamSet,
        *const CallOptions,
        *const ConnectArgs,
        *const ColumnSet,
        *const ErrorOut,
    ),
}

impl RootModule for WitnessRoot_Ref {
    abi_stable::declare_root_module_statics! { WitnessRoot_Ref }
    const BASE_NAME: &'static str = "aludel_plugin";
    const NAME: &'static str = "aludel_plugin";
    const VERSION_STRINGS: VersionStrings = abi_stable::package_version_strings!();
}

extern "C" fn no_descriptor() -> *const c_void {
    core::ptr::null()
}

extern "C" fn witness(
    _: *const Batch,
    _: *const ParamSet,
    _: *const CallOptions,
    _: *const ConnectArgs,
    _: *const ColumnSet,
    _: *const ErrorOut,
) {
}

fn root() -> WitnessRoot_Ref {
    let abi_major = u32::from(super::ABI_MAJOR);
    WitnessRoot { abi_major, descriptor: no_descriptor, witness }.leak_into_prefix()
}

extern "C" fn load() -> RootModuleResult {
    __call_root_module_loader(root)
}

/// What a plugin exports under [`SYMBOL`].
pub const fn header() -> LibHeader {
    // SAFETY: `load` returns the erased `WitnessRoot_Ref`.
    unsafe { LibHeader::from_constructor::<WitnessRoot_Ref>(load, CheckTypeLayout::Yes) }
}

/// Compares the structs of a plugin with ours; the error is one line.
///
/// # Errors
/// What differs, in a few words.
///
/// # Safety
/// `symbol` is the address of a plugin's [`SYMBOL`], which stays loaded.
pub unsafe fn check(symbol: *const c_void) -> Result<(), String> {
    // SAFETY: `AbiHeaderRef` is a transparent reference to the header that the symbol begins with;
    // `upgrade` checks its magic before anything else.
    let header = unsafe { core::mem::transmute::<*const c_void, AbiHeaderRef>(symbol) };
    let header = header.upgrade().map_err(|error| first_line(&error.to_string()))?;
    header.ensure_layout::<WitnessRoot_Ref>().map_err(|error| first_line(&error.to_string()))
}

/// abi_stable's messages run to tens of kilobytes; the line that names the difference says enough.
fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("Error:"))
        .or_else(|| text.lines().map(str::trim).find(|line| !line.is_empty()));
    line.unwrap_or("the structs differ").chars().take(200).collect()
}
