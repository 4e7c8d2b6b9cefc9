//! Opening fails where the database cannot be used, and says why.

use std::fs;

use crate::support::{connect, error_of, file_url, rows, run, scalar, text, try_connect};
use aludel::Value;
use aludel::abi::host::Limits;
use aludel::error::ErrorKind;

#[test]
fn a_missing_file_is_created_unless_the_mode_forbids_it() {
    let directory = tempfile::tempdir().unwrap();
    for mode in ["ro", "rw"] {
        let error =
            try_connect(&file_url(&directory, "x.db", &format!("mode={mode}"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operational);
        assert_eq!(
            error.to_string(),
            format!(
                "(sqlite.OperationalError) cannot open SQLite database `{}/x.db`: the file does \
                 not exist\n  help: check the path, or write mode=rwc to create the file",
                directory.path().display()
            )
        );
    }
    run(&mut connect(&file_url(&directory, "x.db", "")), "create table t (a)");
    let mut again = connect(&file_url(&directory, "x.db", "mode=rw"));
    assert_eq!(rows(&mut again, "select * from t"), Vec::<Vec<Value>>::new());
}

#[test]
fn a_directory_that_does_not_exist_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let error = try_connect(&file_url(&directory, "no/such/x.db", "")).unwrap_err();
    let path = directory.path().display();
    assert_eq!(
        error.to_string(),
        format!(
            "(sqlite.OperationalError) cannot open SQLite database `{path}/no/such/x.db`: directory \
             `{path}/no/such` does not exist\n  help: create the directory first; SQLite creates \
             only the file"
        )
    );
    assert_eq!(error.native_code().map(|code| code & 0xff), Some(14));
}

#[test]
fn a_directory_is_not_a_database() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("d")).unwrap();
    let error = try_connect(&file_url(&directory, "d", "")).unwrap_err();
    assert_eq!(
        error.message(),
        format!(
            "cannot open SQLite database `{}/d`: it is a directory",
            directory.path().display()
        )
    );
}

#[test]
fn a_path_through_a_file_cannot_be_opened() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "").unwrap();
    let error = try_connect(&file_url(&directory, "file/x.db", "")).unwrap_err();
    let path = directory.path().display();
    assert!(
        error
            .message()
            .starts_with(&format!("cannot open SQLite database `{path}/file/x.db`: Not a")),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_when_connecting() {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in [("short", "hello".to_owned()), ("long", "x".repeat(10_000))] {
        fs::write(directory.path().join(name), content).unwrap();
        let error = try_connect(&file_url(&directory, name, "")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operational);
        assert_eq!(error.native_code(), Some(26));
        assert_eq!(
            error.to_string(),
            format!(
                "(sqlite.OperationalError) cannot open SQLite database `{}/{name}`: file is not a \
                 database\n  help: check the path; encrypted databases cannot be read either",
                directory.path().display()
            )
        );
    }
}

#[test]
fn a_read_only_database_refuses_changes() {
    let directory = tempfile::tempdir().unwrap();
    run(&mut connect(&file_url(&directory, "x.db", "")), "create table t (a)");
    let help = "check the option mode, the permissions of the file and of its directory, and \
                read_only";
    for query in ["mode=ro", "immutable=1&mode=ro", "read_only=true"] {
        let mut connection = connect(&file_url(&directory, "x.db", query));
        let error = error_of(&mut connection, "insert into t values (1)");
        assert_eq!(error.kind(), ErrorKind::Operational, "{query}");
        assert_eq!(
            error.to_string(),
            format!(
                "(sqlite.OperationalError) attempt to write a readonly database\n  help: {help}"
            ),
        );
    }
}

#[test]
fn a_locked_database_can_be_connected_to_and_refuses_the_first_statement() {
    let directory = tempfile::tempdir().unwrap();
    let url = file_url(&directory, "x.db", "busy_timeout=0");
    let mut holder = connect(&url);
    run(&mut holder, "create table t (a)");
    run(&mut holder, "begin exclusive");
    let mut other = connect(&url);
    let error = error_of(&mut other, "select * from t");
    assert_eq!(
        error.to_string(),
        "(sqlite.OperationalError) database is locked\n[SQL: select * from t]\n  help: another \
         connection holds the lock; end its transaction, wait longer with \
         busy_timeout=<milliseconds>, or take the lock early with begin=immediate"
    );
    assert!(error.is_retryable());
    assert!(!error.is_transaction_aborted());
    run(&mut holder, "commit");
    assert_eq!(rows(&mut other, "select * from t").len(), 0);
}

#[test]
fn the_server_is_sqlite_with_its_version() {
    let mut connection = connect("sqlite://");
    let info = connection.server_info(Limits::NONE).unwrap();
    assert_eq!(info.name, "SQLite");
    assert_eq!(scalar(&mut connection, "select sqlite_version()"), text(&info.version));
    connection.ping(Limits::NONE).unwrap();
    assert!(connection.is_alive());
}

#[test]
fn a_path_with_a_nul_byte_is_refused() {
    let error = try_connect("sqlite:///a%00b.db").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(error.message(), "the path of a SQLite database cannot hold a NUL byte");
}
