//! `aludel which`.

use serde_json::json;

use super::home::{Home, file_name, json};

#[test]
fn the_file_is_told_with_its_level_and_all_places_before() {
    let home = Home::new();
    home.plugin("lib/aludel", "sqlite");
    home.write(&format!("env/{}", file_name("text")), b"no library");
    let ran = home.run_with_path("env", &["which", "sqlite3:///shop.db"]);
    assert_eq!(
        ran.ok(),
        "ROOT/lib/aludel/libaludel_sqlite.so\n  \
           dialect: sqlite\n  \
           level: app\n  \
           scheme: `sqlite3` is an alias that the dialect declares\n  \
           searched:\n    \
             static: none\n    \
             api: not set\n    \
             env ROOT/env: text (P06)\n    \
             app ROOT/lib/aludel: sqlite\n    \
             app ROOT/bin/plugins: does not exist\n  \
           rejected:\n    \
             ROOT/env/libaludel_text.so is not an aludel plugin (it is no ELF file) [P06]\n"
    );
}

#[test]
fn a_program_gets_the_same_as_json() {
    let home = Home::new();
    home.plugin("env", "toy");
    home.write(&format!("env/{}", file_name("text")), b"no library");
    let ran = home.run_with_path("env", &["which", "--json", "toy://me:secret@host/x?key=secret"]);
    assert_eq!(
        json(&ran),
        json!({
            "url": "toy://me:***@host/x?key=***",
            "path": "ROOT/env/libaludel_toy.so",
            "dialect": "toy",
            "level": "env",
            "declared_by": "name",
            "searched": [
                {"level": "static", "dir": null, "held": "none"},
                {"level": "api", "dir": null, "held": "not set"},
                {"level": "env", "dir": "ROOT/env", "held": "text (P06), toy"},
            ],
            "rejected": [{
                "path": "ROOT/env/libaludel_text.so",
                "code": "P06",
                "reason": "ROOT/env/libaludel_text.so is not an aludel plugin (it is no ELF file)",
            }],
        })
    );
}

#[test]
fn what_cannot_be_found_ends_as_when_sql_is_run() {
    let home = Home::new();
    home.plugin("lib/aludel", "toy");
    home.plugin("bin/plugins", "toy");
    home.write(&format!("lib/aludel/{}", file_name("text")), b"no library");
    let sqlite = home.plugin("data/aludel/plugins", "sqlite");
    std::fs::rename(&sqlite, sqlite.with_file_name(file_name("renamed"))).unwrap();
    for (url, code, error) in [
        ("renamed://me:secret@host", 4, "P13"),
        ("sqlite3://me:secret@host", 4, "P13"),
        ("oracle://me:secret@host/x", 3, "P01"),
        ("mysql+pymysql://me:secret@host/x", 3, "P01"),
        ("toy://me:secret@host", 4, "P08"),
        ("text://me:secret@host", 4, "P06"),
        ("sqlite+pysqlcipher://:secret@/x", 4, "P17"),
    ] {
        let ran = home.run(&["which", url]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{url}");
        assert!(ran.err.starts_with(&format!("error[{error}]: ")), "{}", ran.err);
        assert_eq!(home.run(&[url, "select 1"]).code, Some(code), "{url}");
        let as_json = home.run(&["which", "--json", url]);
        assert_eq!(as_json.code, Some(code), "{url}");
        assert_eq!(json(&as_json)["error"]["code"], error);
        for text in [ran.err, as_json.out] {
            assert!(!text.contains("secret"), "{text}");
        }
    }
}

#[test]
fn notes_of_an_error_are_lists() {
    let home = Home::new();
    home.write(&format!("env/{}", file_name("text")), b"no library");
    let ran = home.run_with_path("env", &["which", "--json", "oracle://me:secret@host/x"]);
    let error = &json(&ran)["error"];
    assert_eq!(error["kind"], "PluginError");
    assert_eq!(error["message"], "no dialect for scheme `oracle`");
    assert_eq!(error["help"], "`odbc+oracle://` reaches it through an ODBC driver");
    assert_eq!(error["notes"]["url"], json!(["oracle://me:***@host/x"]));
    let rejected = "ROOT/env/libaludel_text.so is not an aludel plugin (it is no ELF file) [P06]";
    assert_eq!(error["notes"]["rejected"], json!([rejected]));
    let searched = error["notes"]["searched"][0].as_str().unwrap();
    assert!(searched.contains(" · env ROOT/env: text (P06) · app "), "{searched}");
}

#[test]
fn what_is_no_url_is_wrong_usage() {
    let home = Home::new();
    for url in ["sqlite", "../evil://", ""] {
        let ran = home.run(&["which", url]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{url}");
        let ran = home.run(&["which", "--json", url]);
        assert_eq!(ran.code, Some(2), "{url}");
        assert_eq!(json(&ran)["error"]["kind"], "UrlError");
    }
}
