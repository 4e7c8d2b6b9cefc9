//! From the Rust types of the ABI, as written, to declarations in C.

use super::names::type_name;

/// Longest line.
const WIDTH: usize = 100;

/// A variable of a Rust type: `const aludel_cell *cells`, `uint64_t reserved[2]`.
pub(super) fn declaration(ty: &str, name: &str) -> String {
    let ty = ty.trim();
    if let Some(array) = ty.strip_prefix('[').and_then(|ty| ty.strip_suffix(']')) {
        let (element, len) = array.split_once(';').unwrap_or((array, "0"));
        return format!("{}[{}]", declaration(element, name), len.trim());
    }
    if let Some(signature) = ty.strip_prefix("Option<unsafe extern \"C\" fn(") {
        let (params, result) = signature.split_once(')').unwrap_or((signature, ""));
        let params: Vec<(&str, &str)> =
            params.split(", ").filter_map(|p| p.split_once(": ")).collect();
        let result = result.trim_end_matches('>').trim().trim_start_matches("->").trim();
        return function(name, &params, if result.is_empty() { "()" } else { result });
    }
    match ty.strip_prefix("*const ").or_else(|| ty.strip_prefix("*mut ")) {
        Some(target) => {
            let constness = if ty.starts_with("*const") { "const " } else { "" };
            format!("{constness}{} *{name}", value(target))
        }
        None => format!("{} {name}", value(ty)),
    }
}

/// A pointer to a function, one line or several.
pub(super) fn function(name: &str, params: &[(&str, &str)], result: &str) -> String {
    let head = format!("{} (*{name})(", value(result));
    let params: Vec<String> = params.iter().map(|(name, ty)| declaration(ty, name)).collect();
    let params = if params.is_empty() { vec!["void".to_owned()] } else { params };
    let mut text = head;
    // The line began with an indentation of 4.
    let mut column = 4 + text.len();
    for (index, param) in params.iter().enumerate() {
        let last = index + 1 == params.len();
        let piece = format!("{param}{}", if last { ")" } else { "," });
        if column + piece.len() + 2 > WIDTH {
            text.truncate(text.trim_end().len());
            text.push_str("\n        ");
            column = 8;
        }
        text.push_str(&piece);
        column += piece.len() + 1;
        if !last {
            text.push(' ');
        }
    }
    text
}

/// A type that is no pointer.
fn value(ty: &str) -> String {
    match ty.trim() {
        "()" | "c_void" => "void".into(),
        "usize" => "size_t".into(),
        "Sink" => "aludel_sink".into(),
        name @ ("u8" | "u16" | "u32" | "u64") => format!("uint{}_t", &name[1..]),
        name @ ("i8" | "i16" | "i32" | "i64") => format!("int{}_t", &name[1..]),
        name => type_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{declaration, function};

    #[test]
    fn rust_types_become_c_declarations() {
        assert_eq!(declaration("*const CallOptions", "call"), "const aludel_call_options *call");
        assert_eq!(declaration("*mut c_void", "data"), "void *data");
        assert_eq!(declaration("[u64; 2]", "reserved"), "uint64_t reserved[2]");
        assert_eq!(declaration("Sink", "sink"), "aludel_sink sink");
        assert_eq!(
            declaration("Option<unsafe extern \"C\" fn(context: *mut c_void) -> u32>", "max_level"),
            "uint32_t (*max_level)(void *context)"
        );
        let params = [("connection", "*mut c_void")];
        assert_eq!(function("free", &params, "()"), "void (*free)(void *connection)");
    }
}
