//! The drivers that ours is set beside, as their users write them.

mod postgres;
mod sqlx;
mod tokio_postgres;

pub(crate) use self::postgres::prepare as postgres;
pub(crate) use self::sqlx::prepare as sqlx;
pub(crate) use self::tokio_postgres::prepare as tokio_postgres;
