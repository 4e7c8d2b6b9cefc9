//! Names in C: `aludel_` and `ALUDEL_` before words with underscores.

/// `CallOptions` becomes `aludel_call_options`.
pub(super) fn type_name(name: &str) -> String {
    format!("aludel_{}", snake(name))
}

/// `TinyInteger` of the group `TYPE` becomes `ALUDEL_TYPE_TINY_INTEGER`.
pub(super) fn constant_name(group: &str, name: &str) -> String {
    let screams = !name.chars().any(char::is_lowercase);
    let name = if screams { name.to_owned() } else { snake(name).to_uppercase() };
    format!("ALUDEL_{group}_{name}")
}

fn snake(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(character.to_lowercase());
    }
    words
}
