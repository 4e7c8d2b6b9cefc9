//! The URLs that SQLAlchemy's tutorials and their readers' notes begin with.

use aludel::{ErrorKind, create_engine};

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
