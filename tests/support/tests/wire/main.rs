//! What the proxy and the scripted server do to the wire, alone and beside busy cores.
#![cfg(target_os = "linux")]

mod counting;
mod ends;
mod flow;
mod link;
mod ports;
mod script;
mod script_deviations;
