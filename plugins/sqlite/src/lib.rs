//! The SQLite dialect as a plugin.

aludel::export_dialect!(aludel_dialect_sqlite::Sqlite);
