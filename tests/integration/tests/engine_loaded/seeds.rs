//! What the documents that this project began with show of an engine, each snippet a test.
//!
//! A module is named after its document. The one that is missing, `003_b37451b8c16599eb`, shows none.

use std::time::Duration;

use aludel::{Echo, Engine, Error, ErrorKind, create_engine};

fn one(engine: &Engine) -> i64 {
    engine.execute("select 1", ()).unwrap().scalar().unwrap()
}

/// Whether a URL is refused because its dialect is not there, and whether the error says where it was
/// looked for, and no password.
fn is_missing(error: &Error, message: &str) {
    assert_eq!((error.kind(), error.code()), (ErrorKind::Plugin, Some("P01")), "{error}");
    assert_eq!(error.message(), message);
    let text = error.to_string();
    assert!(!text.contains("tiger"), "{text}");
    let searched = error.notes().find(|(label, _)| *label == "searched").unwrap().1;
    assert!(searched.contains("/deps: ") && searched.contains("sqlite"), "{searched}");
    assert!(searched.contains("system /usr/lib/aludel"), "{searched}");
}

mod seed_000_081df84607c78cad {
    use super::{Echo, Engine, create_engine, one};

    /// `engine = create_engine("sqlite+pysqlite:///:memory:", echo=True)`
    #[test]
    fn snippet_1_makes_an_engine_on_sqlite_in_memory_with_the_driver_named() {
        let engine = Engine::builder("sqlite+pysqlite:///:memory:").echo(true).build().unwrap();
        assert_eq!((engine.name(), engine.echo()), ("sqlite", Echo::On));
        assert_eq!(one(&engine), 1);
    }

    /// "If omitted, SQLAlchemy will use the default DBAPI for the database."
    #[test]
    fn a_url_without_a_driver_means_the_same_dialect() {
        let named = create_engine("sqlite+pysqlite:///:memory:").unwrap();
        let omitted = create_engine("sqlite:///:memory:").unwrap();
        assert!(std::ptr::eq(named.dialect(), omitted.dialect()));
    }
}

mod seed_001_91feaf240e7b6698 {
    use super::{Engine, ErrorKind, create_engine, one};

    /// `engine = create_engine('sqlite:///:memory:', echo=True)`
    #[test]
    fn snippet_1_makes_an_engine_on_sqlite_in_memory() {
        assert_eq!(one(&Engine::builder("sqlite:///:memory:").echo(true).build().unwrap()), 1);
        assert_eq!(one(&create_engine("sqlite://").unwrap()), 1, "the short form");
    }

    /// "Lazy Connecting": nothing is asked of the database before the first use.
    #[test]
    fn an_engine_connects_when_it_is_first_used_and_not_before() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("shop.db");
        let engine = create_engine(format!("sqlite:///{}", file.display()).as_str()).unwrap();
        assert!(!file.exists() && engine.server_info().is_none(), "it has connected");
        drop(engine.connect().unwrap());
        assert!(file.exists() && engine.server_info().is_some(), "it has not connected");

        let nowhere = create_engine("postgresql://scott:tiger@127.0.0.1:1/test").unwrap();
        assert_eq!(nowhere.connect().unwrap_err().kind(), ErrorKind::Operational);
    }
}

mod seed_002_d4c45b940cb2cac7 {
    use super::{create_engine, is_missing};

    /// "a default size of five, and … a default overflow of ten"
    #[test]
    fn the_pool_has_five_connections_and_ten_more_unless_told_otherwise() {
        let engine = create_engine("postgresql://@localhost/test").unwrap();
        let pool = engine.pool_config();
        assert_eq!(pool.class, aludel::pool::settings::PoolClass::QueuePool);
        assert_eq!((pool.size, pool.max_open), (Some(5), Some(15)));
    }

    /// `postgresql+psycopg2://@localhost/test`
    #[test]
    fn snippet_1_the_url_of_postgresql_loads_its_plugin() {
        let drivers = ["postgresql+psycopg2://@localhost/test", "postgresql+asyncpg://@db/x"];
        for url in drivers {
            assert_eq!(create_engine(url).unwrap().dialect().name, "postgresql");
        }
    }

    /// `mysql+mysqldb://@localhost/test`; MySQL's dialect is not there yet.
    #[test]
    fn snippet_2_the_url_of_mysql_says_which_dialect_is_missing_and_where_it_was_sought() {
        let error = create_engine("mysql+mysqldb://@localhost/test").unwrap_err();
        is_missing(&error, "scheme `mysql+mysqldb` needs dialect `mysql`, which is not installed");
        let error = create_engine("mariadb+pymysql://@localhost/test").unwrap_err();
        is_missing(
            &error,
            "scheme `mariadb+pymysql` needs dialect `mysql`, which is not installed",
        );
    }
}

mod seed_004_9b7bd7c6fd4e607c {
    use super::{Duration, Engine, create_engine, is_missing, one};

    /// `sqlalchemy.__version__`
    #[test]
    fn snippet_1_tells_its_version() {
        assert_eq!(aludel::VERSION, env!("CARGO_PKG_VERSION"));
    }

    /// `engine = create_engine('sqlite:///:memory:', echo=True)`
    #[test]
    fn snippet_2_makes_an_engine_on_sqlite_in_memory() {
        assert_eq!(one(&Engine::builder("sqlite:///:memory:").echo(true).build().unwrap()), 1);
    }

    /// `create_engine("mysql://scott:tiger@localhost/test", pool_recycle=3600)`; MySQL's dialect is
    /// not there yet.
    #[test]
    fn snippet_3_the_url_of_mysql_says_which_dialect_is_missing() {
        let engine = Engine::builder("mysql://scott:tiger@localhost/test")
            .pool_recycle(Duration::from_secs(3600))
            .build();
        is_missing(&engine.unwrap_err(), "dialect `mysql` is not installed");
    }

    /// "The option `pool_recycle` controls the lifetime of a connection": on a database that is there.
    #[test]
    fn snippet_3_the_setting_is_accepted_for_a_dialect_that_is_there() {
        let hour = Duration::from_secs(3600);
        for url in ["postgresql://scott:tiger@localhost/test", "sqlite:///shop.db"] {
            let engine = Engine::builder(url).pool_recycle(hour).build().unwrap();
            assert_eq!(engine.pool_config().recycle, Some(hour), "{url}");
            assert!(engine.server_info().is_none(), "{url} has connected");
        }
    }

    /// `engine.execute("select 1").scalar()`
    #[test]
    fn snippet_4_executes_on_the_engine_and_reads_the_scalar() {
        let engine = create_engine("sqlite:///:memory:").unwrap();
        assert_eq!(engine.execute("select 1", ()).unwrap().scalar::<i64>().unwrap(), 1);
        // "The connection is then returned": the one of a database in memory is free again.
        assert_eq!(engine.connect().unwrap().scalar::<i64>("select 1", ()).unwrap(), 1);
    }
}
