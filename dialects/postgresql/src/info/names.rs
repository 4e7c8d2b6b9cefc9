//! The names under which people know the dialect.

/// What users of SQLAlchemy and of PostgreSQL's own tools write. Databases with a dialect of their
/// own in SQLAlchemy (cockroachdb, redshift) are not among them.
pub(crate) const ALIASES: &[&str] = &[
    "postgres",
    "pg",
    "pgsql",
    "postgresql+psycopg2",
    "postgresql+psycopg",
    "postgresql+psycopg_async",
    "postgresql+psycopg2cffi",
    "postgresql+asyncpg",
    "postgresql+pg8000",
];

pub(crate) const DRIVERS: &[&str] = &["postgres-protocol"];
