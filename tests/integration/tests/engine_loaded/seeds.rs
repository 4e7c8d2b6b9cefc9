//! The URLs that SQLAlchemy's tutorials and their readers' notes begin with.

use std::time::Duration;

use aludel::{Engine, ErrorKind, create_engine};

#[test]
fn the_sqlite_urls_of_the_tutorials_work_verbatim() {
    for url in ["sqlite+pysqlite:///:memory:", "sqlite:///:memory:", "sqlite://"] {
        let engine = create_engine(url).unwrap();
        let one: i64 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
        assert_eq!(one, 1, "{url}");
    }
}

#[test]
fn the_other_urls_of_the_tutorials_say_which_dialect_is_missing_and_where_it_was_sought() {
    for (url, message) in [
        ("mysql://scott:tiger@localhost/test", "dialect `mysql` is not installed"),
        (
            "mysql+mysqldb://@localhost/test",
            "scheme `mysql+mysqldb` needs dialect `mysql`, which is not installed",
        ),
        (
            "mariadb+pymysql://@localhost/test",
            "scheme `mariadb+pymysql` needs dialect `mysql`, which is not installed",
        ),
    ] {
        let error = create_engine(url).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Plugin, Some("P01")), "{error}");
        assert_eq!(error.message(), message);
        let text = error.to_string();
        assert!(!text.contains("tiger"), "{text}");
        let searched = error.notes().find(|(label, _)| *label == "searched").unwrap().1;
        assert!(searched.contains("/deps: ") && searched.contains("sqlite"), "{searched}");
        assert!(searched.contains("system /usr/lib/aludel"), "{searched}");
    }
}

#[test]
fn the_urls_of_postgresql_in_the_tutorials_load_its_plugin() {
    for url in ["postgresql+psycopg2://scott:tiger@localhost/test", "postgresql+asyncpg://@db/x"] {
        assert_eq!(create_engine(url).unwrap().dialect().name, "postgresql");
    }
}

#[test]
fn an_engine_connects_when_it_is_first_asked_to_do_something() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("lazy.db");
    let engine = create_engine(format!("sqlite:///{}", file.display())).unwrap();
    assert!(!file.exists() && engine.server_info().is_none(), "nothing is connected");
    let one: i64 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
    assert!(file.exists() && engine.server_info().is_some());
}

#[test]
fn pool_recycle_is_set_as_in_the_tutorial_and_nothing_connects() {
    let engine = Engine::builder("postgresql://scott:tiger@localhost:1/test")
        .pool_recycle(Duration::from_secs(3600))
        .build()
        .unwrap();
    assert_eq!(engine.pool_config().recycle, Some(Duration::from_secs(3600)));
    assert_eq!(format!("{engine:?}"), "Engine(postgresql://scott:***@localhost:1/test)");
    assert!(engine.server_info().is_none());
}
