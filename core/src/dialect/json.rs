//! The note: a dialect's data as JSON, written by the compiler.

use super::{DialectInfo, OptionInfo, OptionType};
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};

/// Version of the note's form.
pub(crate) const NOTE_VERSION: u32 = 1;

/// Counts bytes, and writes those that fit; with an empty buffer it only counts.
struct Writer<'a> {
    out: &'a mut [u8],
    at: usize,
}

impl Writer<'_> {
    const fn byte(&mut self, byte: u8) {
        if self.at < self.out.len() {
            self.out[self.at] = byte;
        }
        self.at += 1;
    }

    const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.byte(bytes[i]);
            i += 1;
        }
    }

    const fn string(&mut self, text: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = text.as_bytes();
        self.byte(b'"');
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b'"' | b'\\' => {
                    self.byte(b'\\');
                    self.byte(bytes[i]);
                }
                control @ 0..0x20 => {
                    self.raw("\\u00");
                    self.byte(HEX[(control >> 4) as usize]);
                    self.byte(HEX[(control & 15) as usize]);
                }
                other => self.byte(other),
            }
            i += 1;
        }
        self.byte(b'"');
    }

    const fn character(&mut self, character: char) {
        let mut buffer = [0; 4];
        self.string(character.encode_utf8(&mut buffer));
    }

    const fn number(&mut self, number: u64) {
        let mut divisor = 1;
        while number / divisor >= 10 {
            divisor *= 10;
        }
        while divisor > 0 {
            self.byte(b'0' + (number / divisor % 10) as u8);
            divisor /= 10;
        }
    }

    const fn hex(&mut self, number: u64) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        self.byte(b'"');
        let mut shift = 64;
        while shift > 0 {
            shift -= 4;
            self.byte(HEX[(number >> shift & 15) as usize]);
        }
        self.byte(b'"');
    }

    const fn key(&mut self, key: &str) {
        if self.at > 0 {
            self.byte(b',');
        }
        self.string(key);
        self.byte(b':');
    }

    const fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    const fn flag(&mut self, key: &str, value: bool) {
        self.key(key);
        self.raw(if value { "true" } else { "false" });
    }

    const fn list(&mut self, key: &str, values: &[&str]) {
        self.key(key);
        self.strings(values);
    }

    const fn strings(&mut self, values: &[&str]) {
        self.byte(b'[');
        let mut i = 0;
        while i < values.len() {
            if i > 0 {
                self.byte(b',');
            }
            self.string(values[i]);
            i += 1;
        }
        self.byte(b']');
    }
}

/// Bytes of the note.
pub(crate) const fn len(info: &DialectInfo) -> usize {
    let mut writer = Writer { out: &mut [], at: 0 };
    write(&mut writer, info);
    writer.at
}

/// The note; `N` is its [`len`].
pub(crate) const fn render<const N: usize>(info: &DialectInfo) -> [u8; N] {
    let mut out = [0; N];
    let mut writer = Writer { out: &mut out, at: 0 };
    write(&mut writer, info);
    assert!(writer.at == N, "N is the length that `len` counted");
    out
}

/// The note of a dialect that was not made into a plugin.
#[cfg(feature = "engine")]
pub(crate) fn to_vec(info: &DialectInfo) -> Vec<u8> {
    let mut out = vec![0; len(info)];
    write(&mut Writer { out: &mut out, at: 0 }, info);
    out
}

const fn write(w: &mut Writer<'_>, info: &DialectInfo) {
    w.raw("{\"aludel\":");
    w.number(NOTE_VERSION as u64);
    w.text("name", info.name);
    w.text("version", info.version);
    w.text("description", info.description);
    w.key("abi");
    w.byte(b'[');
    w.number(ABI_MAJOR as u64);
    w.byte(b',');
    w.number(ABI_MINOR as u64);
    w.byte(b']');
    w.key("layout");
    w.hex(LAYOUT_HASH);
    w.text("target", env!("ALUDEL_TARGET"));
    w.text("rustc", env!("ALUDEL_RUSTC"));
    w.text("panic", if cfg!(panic = "unwind") { "unwind" } else { "abort" });
    w.list("aliases", info.aliases);
    w.list("drivers", info.drivers);
    w.key("default_port");
    w.number(info.default_port as u64);
    w.text("threading", info.threading.name());
    w.text("ping_statement", info.ping_statement);
    w.text("license", info.license);
    w.text("homepage", info.homepage);
    write_capabilities(w, info);
    write_rules(w, info);
    w.list("reserved_words", info.reserved_words);
    write_types(w, info);
    write_options(w, info);
    write_libraries(w, info);
    w.byte(b'}');
}

const fn write_capabilities(w: &mut Writer<'_>, info: &DialectInfo) {
    w.key("capabilities");
    w.byte(b'[');
    let mut i = 0;
    while i < info.capabilities.len() {
        if i > 0 {
            w.byte(b',');
        }
        w.string(info.capabilities[i].name());
        i += 1;
    }
    w.byte(b']');
    w.key("isolation_levels");
    w.byte(b'[');
    let mut i = 0;
    while i < info.isolation_levels.len() {
        if i > 0 {
            w.byte(b',');
        }
        w.string(info.isolation_levels[i].name());
        i += 1;
    }
    w.byte(b']');
}

const fn write_rules(w: &mut Writer<'_>, info: &DialectInfo) {
    let rules = &info.rules;
    w.raw(",\"rules\":{\"paramstyle\":");
    w.string(rules.paramstyle.name());
    w.key("identifier_quote_open");
    w.character(rules.identifier_quote_open);
    w.key("identifier_quote_close");
    w.character(rules.identifier_quote_close);
    w.text("identifier_case", rules.identifier_case.name());
    w.key("max_identifier");
    w.number(rules.max_identifier as u64);
    w.key("max_parameters");
    w.number(rules.max_parameters as u64);
    w.flag("backslash_escapes", rules.backslash_escapes);
    w.flag("escape_strings", rules.escape_strings);
    w.flag("dollar_quotes", rules.dollar_quotes);
    w.flag("nested_comments", rules.nested_comments);
    w.flag("hash_comments", rules.hash_comments);
    w.flag("backtick_quotes", rules.backtick_quotes);
    w.flag("bracket_quotes", rules.bracket_quotes);
    w.flag("double_quoted_strings", rules.double_quoted_strings);
    w.text("empty_in", rules.empty_in.name());
    w.flag("tuple_in_values", rules.tuple_in_values);
    w.byte(b'}');
}

const fn write_types(w: &mut Writer<'_>, info: &DialectInfo) {
    w.key("type_names");
    w.byte(b'[');
    let mut i = 0;
    while i < info.type_names.len() {
        if i > 0 {
            w.byte(b',');
        }
        w.raw("{\"kind\":");
        w.number(info.type_names[i].kind.code() as u64);
        w.text("name", info.type_names[i].name);
        w.byte(b'}');
        i += 1;
    }
    w.byte(b']');
}

const fn write_options(w: &mut Writer<'_>, info: &DialectInfo) {
    w.key("options");
    w.byte(b'[');
    let mut i = 0;
    while i < info.options.len() {
        if i > 0 {
            w.byte(b',');
        }
        write_option(w, &info.options[i]);
        i += 1;
    }
    w.byte(b']');
}

const fn write_option(w: &mut Writer<'_>, option: &OptionInfo) {
    w.raw("{\"name\":");
    w.string(option.name);
    let words: &[&str] = match option.kind {
        OptionType::OneOf(words) => words,
        _ => &[],
    };
    w.text(
        "type",
        match option.kind {
            OptionType::Text => "text",
            OptionType::Bool => "bool",
            OptionType::Integer => "integer",
            OptionType::Seconds => "seconds",
            OptionType::OneOf(_) => "one_of",
        },
    );
    w.list("values", words);
    w.text("default", option.default);
    w.text("doc", option.doc);
    w.flag("secret", option.secret);
    w.flag("repeatable", option.repeatable);
    w.text("class", option.class.name());
    w.byte(b'}');
}

const fn write_libraries(w: &mut Writer<'_>, info: &DialectInfo) {
    w.key("requires");
    w.byte(b'[');
    let mut i = 0;
    while i < info.native_libraries.len() {
        let library = &info.native_libraries[i];
        if i > 0 {
            w.byte(b',');
        }
        w.raw("{\"soname\":");
        w.string(library.soname);
        w.text("debian", library.debian);
        w.text("fedora", library.fedora);
        w.text("brew", library.brew);
        w.byte(b'}');
        i += 1;
    }
    w.byte(b']');
}

#[cfg(test)]
mod tests {
    use super::{len, render};
    use crate::dialect::{DialectInfo, OptionInfo, OptionType};

    const INFO: DialectInfo = DialectInfo {
        aliases: &["toy+x"],
        description: "quotes \" and \\ and\ncontrol characters",
        options: &[OptionInfo::new("mode", OptionType::OneOf(&["a", "b"]), "a", "one of two")],
        ..DialectInfo::new("toy", "0.1.0")
    };
    const LEN: usize = len(&INFO);
    static NOTE: [u8; LEN] = render::<LEN>(&INFO);

    #[test]
    fn the_note_is_json_with_what_the_dialect_said() {
        let note: serde_json::Value = serde_json::from_slice(&NOTE).unwrap();
        assert_eq!(note["aludel"], 1);
        assert_eq!(note["name"], "toy");
        assert_eq!(note["description"], "quotes \" and \\ and\ncontrol characters");
        assert_eq!(note["aliases"][0], "toy+x");
        assert_eq!(note["options"][0]["values"][1], "b");
        assert_eq!(note["rules"]["identifier_quote_open"], "\"");
        assert_eq!(note["layout"].as_str().unwrap().len(), 16);
    }
}
