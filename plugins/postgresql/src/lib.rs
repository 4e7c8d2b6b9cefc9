//! The PostgreSQL dialect as a plugin.

aludel::export_dialect!(aludel_dialect_postgresql::Postgresql);
