//! Text that would be a path if it reached the file system: in URLs, in notes, in places to search.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use aludel::plugin::{Environment, Policy, Scheme, Search};
use aludel::{ErrorKind, Url};
use aludel_tests::hostile::{Library, Stage, assert_answers};

/// What a URL could hold before `://`, and where it is stopped.
const HOSTILE: [&str; 14] = [
    "..",
    "../env/libaludel_named.so",
    "/etc/passwd",
    "named/../named",
    "named\\..\\named",
    "named.so",
    "named:",
    "named%2fnamed",
    "%2e%2e%2fnamed",
    "named%00",
    "named\0",
    "named\n",
    " named",
    "named named",
];

const SHAPE: &str = "a URL looks like \
    `dialect[+driver]://user:password@host:port/database?name=value`, for example \
    `sqlite:///file.db`";

/// A stage with a plugin that must not be reached.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.put("env", &Library::new("named"));
    stage
}

#[test]
fn no_scheme_of_a_url_is_a_path() {
    let stage = stage();
    for text in HOSTILE {
        let at = 1 + text.chars().take_while(|c| c.is_alphanumeric()).count();
        assert_eq!(
            stage.refusal(text),
            format!(
                "error[P11]: the dialect name before `://` has something other than letters, \
                 digits, `_`, `-` and `+` at character {at}\n  help: {SHAPE}"
            ),
            "{text:?}"
        );
    }
}

#[test]
fn letters_of_other_scripts_are_no_scheme() {
    let stage = stage();
    for (text, character, at) in [("nämed", 'ä', 1), ("named²", '²', 5), ("паmed", 'п', 0)] {
        assert_eq!(
            stage.refusal(text),
            format!(
                "error[P11]: a scheme holds {character:?} at byte {at}\n  help: a scheme is \
                 letters, digits and `_`, with `+driver` after it where needed"
            )
        );
    }
    assert_eq!(
        stage.refusal(&"a".repeat(65)),
        "error[P11]: a scheme of 65 bytes is too long: at most 64\n  help: a scheme is letters, \
         digits and `_`, with `+driver` after it where needed"
    );
    assert_eq!(
        stage.refusal("named+a+b"),
        "error[P11]: a scheme has more than one `+`\n  help: a scheme is letters, digits and `_`, \
         with `+driver` after it where needed"
    );
    for text in ["1named", "_named", "-named", "named+", "+named", "named+1"] {
        assert_eq!(
            stage.refusal(text),
            "error[P11]: a scheme has a part that does not begin with a letter\n  help: a scheme \
             is letters, digits and `_`, with `+driver` after it where needed",
            "{text:?}"
        );
    }
}

#[test]
fn no_hostile_text_is_a_scheme_even_without_a_url() {
    for text in HOSTILE {
        let error = Scheme::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Plugin, Some("P11")), "{text:?}");
        assert!(Url::create(text).is_err(), "{text:?}");
    }
}

#[test]
fn no_alias_of_a_note_is_a_path() {
    let stage = Stage::new();
    let library = Library::new("aliased").set("aliases", [&HOSTILE[..], &["Good-Alias"]].concat());
    stage.put("env", &library);
    for text in HOSTILE {
        assert!(stage.refusal(text).starts_with("error[P11]: "), "{text:?}");
    }
    assert_eq!(
        stage.refusal("good_alia"),
        "error[P01]: no dialect for scheme `good_alia`\n  \
         help: did you mean `aliased`? (aliases: good_alias)\n  url: good_alia://\n  \
         searched: static: none · api: not set · env ROOT/env: aliased · app: the program's path \
         is unknown · user ROOT/user: does not exist · system ROOT/system: does not exist"
    );
    assert_answers(stage.load("good_alias").unwrap().dialect);
}

#[test]
fn a_directory_with_a_nul_in_its_name_is_told_and_passed_over() {
    let stage = Stage::new();
    let search = Search::new().with_environment(Environment::empty()).path("/plugins\0/env");
    assert_eq!(
        stage.refusal_with("named", &search, &Policy::new()),
        "error[P01]: no dialect for scheme `named`\n  help: put libaludel_named.so into one of the \
         places below, or its directory into ALUDEL_PLUGIN_PATH\n  url: named://\n  \
         searched: static: none · api /plugins\0/env: cannot be read: file name contained an \
         unexpected NUL byte · env ALUDEL_PLUGIN_PATH: not set · app: the program's path is \
         unknown · user: has no home directory"
    );
}

#[test]
fn empty_and_relative_entries_of_the_path_are_refused_and_not_taken_for_here() {
    let stage = stage();
    let env = stage.path("env").into_os_string().into_string().unwrap();
    for (path, entry, fault) in [
        (":".to_owned(), 1, "is empty"),
        (format!("{env}:"), 2, "is empty"),
        (format!(":{env}"), 1, "is empty"),
        (format!("{env}::{env}"), 2, "is empty"),
        (".".to_owned(), 1, "is not an absolute path"),
        (format!("{env}:plugins"), 2, "is not an absolute path"),
        (format!("../env:{env}"), 1, "is not an absolute path"),
        ("~/plugins".to_owned(), 1, "is not an absolute path"),
    ] {
        let environment =
            Environment { plugin_path: Some(path.clone().into()), ..Environment::empty() };
        let search = Search::new().with_environment(environment);
        let shown = stage.without_root(&format!("{path:?}"));
        assert_eq!(
            stage.refusal_with("named", &search, &Policy::new()),
            format!(
                "error[P12]: entry {entry} of ALUDEL_PLUGIN_PATH {fault}: {shown}\n  help: write \
                 absolute directories, without a separator at the beginning or end"
            )
        );
    }
}

#[test]
fn a_relative_directory_in_code_is_refused() {
    let stage = stage();
    for path in ["", ".", "env", "../env"] {
        let search = Search::new().with_environment(Environment::empty()).path(path);
        assert_eq!(
            stage.refusal_with("named", &search, &Policy::new()),
            format!(
                "error[P12]: plugin directory {path:?} is not an absolute path\n  \
                 help: give the directory from the root on"
            )
        );
    }
}

#[test]
fn odd_names_of_files_and_directories_are_no_obstacle() {
    let stage = Stage::new();
    let odd = OsString::from_vec(b"env/libaludel_\xff.so".to_vec());
    stage.dir("env");
    for file in [odd, "env/libaludel_Named.so".into(), "env/libaludel_a.b.so".into()] {
        std::fs::write(stage.path("").join(file), "no library").unwrap();
    }
    let dir = "env/it's \"odd\"\n$(dir)";
    stage.put(dir, &Library::new("odd_place"));
    let search = Search::new()
        .with_environment(Environment::empty())
        .path(stage.path("env"))
        .path(stage.path(dir));
    let found = stage.load_with("odd_place", &search, &Policy::new()).unwrap();
    assert_answers(found.dialect);
}
