//! What is said when something fails, as a whole, and the exit code that goes with it.

use std::fs;

use tempfile::tempdir;

use crate::run::{MEMORY, program, run, url};

/// The exit code and standard error of a run that prints nothing.
fn failed(arguments: &[&str]) -> (Option<i32>, String) {
    let ran = run(arguments);
    assert_eq!(ran.out, "");
    (ran.code, ran.err)
}

fn failure(code: i32, message: &str) -> (Option<i32>, String) {
    (Some(code), message.to_owned())
}

#[test]
fn a_mistake_in_a_script_is_shown_with_its_line_and_a_caret() {
    let ran = run(&["-q", MEMORY, "select 1;\n\nselect 'ü',\n\tfrom t;\nselect 2"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "1\n-\n1\n"));
    assert_eq!(
        ran.err,
        "(sqlite.ProgrammingError) near \"from\": syntax error\n  \
         at line 4, column 2:\n     from t;\n     ^\n"
    );
}

#[test]
fn a_statement_that_fails_without_a_place_is_shown_with_its_beginning() {
    assert_eq!(
        failed(&["-q", MEMORY, "create table t(x);\n\nselect *\n  from missing\n where x = 1"]),
        failure(
            1,
            "(sqlite.ProgrammingError) no such table: missing\n\
             [SQL: select *\n  from missing\n where x = 1]\n  at line 3, column 1\n"
        )
    );
}

#[test]
fn a_constraint_that_refuses_is_shown_with_the_statement() {
    let sql = "create table t(id integer primary key);\ninsert into t values (1);\n  \
               insert into t values (1);\nselect 1";
    assert_eq!(
        failed(&["-q", MEMORY, sql]),
        failure(
            1,
            "(sqlite.IntegrityError) UNIQUE constraint failed: t.id\n\
             [SQL: insert into t values (1);]\n  at line 3, column 3\n"
        )
    );
}

#[test]
fn rows_before_a_failure_are_printed() {
    let sql = "select abs(x) a from (select 1 as x union all select -9223372036854775808)";
    let ran = run(&["-f", "csv", MEMORY, sql]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "a\n1\n"));
    assert!(ran.err.starts_with("(sqlite."), "{}", ran.err);
    assert!(ran.err.contains("integer overflow\n[SQL: select abs(x)"), "{}", ran.err);
}

#[test]
fn files_that_cannot_be_opened_end_with_1() {
    let directory = tempdir().unwrap();
    let missing = url(&directory.path().join("missing/shop.db"));
    let (code, message) = failed(&[&missing, "select 1"]);
    assert_eq!(code, Some(1));
    assert!(message.starts_with("(sqlite.OperationalError) "), "{message}");
    let text = directory.path().join("notes.txt");
    fs::write(&text, "no database ".repeat(1000)).unwrap();
    let (code, message) = failed(&[&url(&text), "select * from t"]);
    assert_eq!(code, Some(1));
    assert!(message.contains("file is not a database"), "{message}");
}

#[test]
fn a_scheme_that_no_dialect_serves_ends_with_3_and_the_nearest_name() {
    let (code, message) = failed(&["sqlit://app:secret@db1/orders", "select 1"]);
    assert_eq!(code, Some(3));
    let lines: Vec<&str> = message.lines().collect();
    let [what, help, url, searched] = lines[..] else { panic!("{message}") };
    assert_eq!(what, "error[P01]: no dialect for scheme `sqlit`");
    assert!(help.starts_with("  help: did you mean `sqlite`?"), "{help}");
    assert_eq!(url, "  url: sqlit://app:***@db1/orders");
    let levels = "  searched: static: none · api: not set · env ALUDEL_PLUGIN_PATH: not set · app ";
    assert!(searched.starts_with(levels), "{searched}");
}

#[test]
fn a_dialect_that_is_not_installed_ends_with_3() {
    for url in ["oracle+oracledb://scott:tiger@localhost/test", "mysql+pymysql://root@db/x"] {
        let (code, message) = failed(&[url, "select 1"]);
        assert_eq!(code, Some(3), "{message}");
        assert!(message.starts_with("error[P01]: "), "{message}");
    }
}

#[test]
fn a_broken_plugin_is_refused_with_4() {
    let directory = tempdir().unwrap();
    let path = fs::canonicalize(directory.path()).unwrap();
    let file = path.join("libaludel_fake.so");
    fs::write(&file, "no library").unwrap();
    let output = program(&["fake://", "select 1"]).env("ALUDEL_PLUGIN_PATH", &path).output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error[P06]: {} is not an aludel plugin (it is no ELF file)\n  \
             help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)\n",
            file.display()
        )
    );
}

#[test]
fn what_a_url_must_not_ask_for_is_refused_with_4() {
    let (code, message) = failed(&["sqlite://?load_extension=evil.so", "select 1"]);
    assert_eq!(code, Some(4));
    assert_eq!(
        message,
        "error[P09]: option `load_extension` is dangerous and not accepted from a URL\n  \
         help: leave it out of the URL: only a program in Rust can allow it\n"
    );
    let (code, message) = failed(&["sqlite+pysqlcipher://:secret@/shop.db", "select 1"]);
    assert_eq!(code, Some(4));
    assert!(message.starts_with("error[P17]: scheme `sqlite+pysqlcipher` is refused"), "{message}");
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn a_scheme_that_looks_like_a_path_is_wrong_usage() {
    for url in ["../evil://", "/tmp/evil://", "a.b://", "sqlite%2f://"] {
        let (code, message) = failed(&[url, "select 1"]);
        assert_eq!(code, Some(2), "{message}");
    }
    let (_, message) = failed(&["../evil://", "select 1"]);
    assert_eq!(
        message,
        "error[P11]: the dialect name before `://` has something other than letters, digits, `_`, `-` \
         and `+` at character 1\n  help: a URL looks like \
         `dialect[+driver]://user:password@host:port/database?name=value`, for example \
         `sqlite:///file.db`\n"
    );
}

#[test]
fn sql_with_a_nul_is_refused_at_its_place() {
    let ran = crate::run::run_with(b"select 1;\nselect '\0'", &["-q", "-f", "csv", MEMORY]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "1\n1\n"));
    assert_eq!(
        ran.err,
        "(sqlite.ProgrammingError) the SQL text holds a NUL byte, which ends it for SQLite\n  \
         at line 2, column 9:\n    select '\\u{0}'\n            ^\n  \
         help: pass text with NUL bytes as a parameter\n"
    );
}
