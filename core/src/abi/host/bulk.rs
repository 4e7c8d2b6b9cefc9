//! Bulk loading and unloading.

use super::connection::DriverConnection;
use super::limits::Limits;
use super::params::BindRow;
use crate::abi::data::{BulkArgs, KeyValue, Str};
use crate::dbapi::{BulkDirection, BulkSpec};
use crate::error::Result;

impl DriverConnection {
    /// Begins a bulk operation; it must be [ended](Self::bulk_end) before anything else.
    ///
    /// # Errors
    /// `NotSupported` when the dialect has none of this kind.
    pub fn bulk_begin(&mut self, spec: &BulkSpec<'_>, limits: Limits) -> Result<()> {
        let entry = self.table.bulk_begin.ok_or_else(|| self.missing("bulk operations"))?;
        let columns: Vec<Str> = spec.columns.iter().map(|column| Str::new(column)).collect();
        let options: Vec<KeyValue> = spec
            .options
            .iter()
            .map(|(key, value)| KeyValue { key: Str::new(key), value: Str::new(value) })
            .collect();
        let args = BulkArgs {
            size: size_of::<BulkArgs>(),
            direction: match spec.direction {
                BulkDirection::In => 1,
                BulkDirection::Out => 2,
            },
            payload: u32::from(spec.format.is_some()),
            schema: Str::new(spec.schema),
            table: Str::new(spec.table),
            query: Str::new(spec.query),
            format: spec.format.map_or(Str::EMPTY, Str::new),
            columns: columns.as_ptr(),
            n_columns: columns.len(),
            options: options.as_ptr(),
            n_options: options.len(),
            reserved: [0; 2],
        };
        self.call(limits, |data, call, error| {
            // SAFETY: live connection, valid pointers, no other call on the connection; so in all
            // of this file.
            unsafe { entry(data, &raw const args, call, error) }
        })
        .map(drop)
    }

    /// Sends rows of values.
    ///
    /// # Errors
    /// What the database reports.
    pub fn bulk_write_rows<P: BindRow>(&mut self, rows: &[P], limits: Limits) -> Result<()> {
        let entry = self.table.bulk_write.ok_or_else(|| self.missing("bulk operations"))?;
        let set = self.params.bind_rows(rows, 0, 0)?;
        self.call(limits, |data, call, error| {
            // SAFETY: see `bulk_begin`; the parameters live in the store until the next call.
            unsafe { entry(data, &raw const set, Str::EMPTY, call, error) }
        })
        .map(drop)
    }

    /// Sends bytes in the format of the operation.
    ///
    /// # Errors
    /// What the database reports.
    pub fn bulk_write_bytes(&mut self, bytes: &[u8], limits: Limits) -> Result<()> {
        let entry = self.table.bulk_write.ok_or_else(|| self.missing("bulk operations"))?;
        self.call(limits, |data, call, error| {
            // SAFETY: see `bulk_begin`.
            unsafe { entry(data, core::ptr::null(), Str::from_bytes(bytes), call, error) }
        })
        .map(drop)
    }

    /// Receives bytes, lent until the next call; `None` at the end.
    ///
    /// # Errors
    /// What the database reports.
    pub fn bulk_read(&mut self, limits: Limits) -> Result<Option<&[u8]>> {
        let entry = self.table.bulk_read.ok_or_else(|| self.missing("bulk operations"))?;
        let mut out = Str::EMPTY;
        // SAFETY: see `bulk_begin`.
        let there = self
            .call(limits, |data, call, error| unsafe { entry(data, call, &raw mut out, error) })?;
        // SAFETY: the dialect lends the bytes until the next call, which needs `&mut self`.
        Ok(there.then(|| unsafe { out.bytes() }))
    }

    /// Ends a bulk operation, keeps or abandons it, and tells how many rows it moved.
    ///
    /// # Errors
    /// What the database reports.
    pub fn bulk_end(&mut self, commit: bool, limits: Limits) -> Result<u64> {
        let entry = self.table.bulk_end.ok_or_else(|| self.missing("bulk operations"))?;
        let mut affected = 0;
        self.call(limits, |data, call, error| {
            // SAFETY: see `bulk_begin`.
            unsafe { entry(data, u32::from(commit), call, &raw mut affected, error) }
        })?;
        Ok(affected)
    }
}
