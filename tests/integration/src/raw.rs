//! A host without the host: tables called by hand, cells looked at as they are.

use std::ffi::c_void;

use aludel::abi::constants::status;
use aludel::abi::data::{
    Batch, CallOptions, Cell, ConnectArgs, ParamSet, RawConnection, RawStatement, Str,
};
use aludel::abi::failure::ErrorOut;
use aludel::abi::tables::{ConnectionVt, DialectVt, StatementVt};

static UNLIMITED: CallOptions = CallOptions::UNLIMITED;

/// What came back of a call that fills a batch.
#[derive(Clone)]
pub struct Delivered {
    /// Status of the call.
    pub status: i32,
    /// The batch as the dialect left it.
    pub batch: Batch,
    /// The cells of each row. Pointers are good until the next call.
    pub rows: Vec<Vec<Cell>>,
}

/// A connection and a statement on it.
pub struct RawSession {
    connection: RawConnection,
    statement: RawStatement,
    cells: Vec<Cell>,
    arena: Vec<u64>,
    message: Vec<u8>,
}

impl RawSession {
    /// Connects and prepares.
    ///
    /// # Safety
    /// The table follows the ABI.
    ///
    /// # Panics
    /// When either fails.
    pub unsafe fn open(dialect: *const DialectVt, sql: &str) -> Self {
        let args = ConnectArgs {
            size: size_of::<ConnectArgs>(),
            scheme: Str::new("test"),
            hosts: std::ptr::null(),
            n_hosts: 0,
            username: Str::EMPTY,
            password: Str::EMPTY,
            database: Str::EMPTY,
            flags: 0,
            options: std::ptr::null(),
            n_options: 0,
            engine: 0,
            reserved: 0,
        };
        let none = RawConnection { data: std::ptr::null_mut(), vt: std::ptr::null() };
        let mut session = RawSession {
            connection: none,
            statement: RawStatement { data: std::ptr::null_mut(), vt: std::ptr::null() },
            cells: vec![Cell::NULL; 512],
            arena: vec![0; 1024],
            message: vec![0; 8192],
        };
        let (connection, statement) = (&raw mut session.connection, &raw mut session.statement);
        let mut consumed = 0;
        let mut error = session.error();
        let call = &raw const UNLIMITED;
        // SAFETY: the caller vouches for the table; all pointers are valid for the call.
        unsafe {
            let connect = (*dialect).connect.expect("the dialect connects");
            let connected = connect(&raw const args, call, connection, &raw mut error);
            assert_eq!(connected, status::OK);
            let table = (*connection).vt.cast::<ConnectionVt>();
            let prepare = (*table).prepare.expect("the connection prepares");
            let sql = Str::new(sql);
            let data = (*connection).data;
            let prepared =
                prepare(data, sql, 0, call, statement, &raw mut consumed, &raw mut error);
            assert_eq!(prepared, status::OK);
        }
        session
    }

    /// An empty error over the memory of this session.
    fn error(&mut self) -> ErrorOut {
        ErrorOut {
            kind: 0,
            constraint: 0,
            sqlstate: [0; 8],
            native_code: 0,
            failing_row: u64::MAX,
            flags: 0,
            message_len: 0,
            extras_len: 0,
            capacity: self.message.len() as u32,
            buffer: self.message.as_mut_ptr(),
            reserved: [0; 2],
        }
    }

    fn batch(&mut self, hint: u32) -> Batch {
        Batch {
            cells: self.cells.as_mut_ptr(),
            arena: self.arena.as_mut_ptr().cast(),
            cells_capacity: self.cells.len() as u32,
            arena_capacity: (self.arena.len() * 8) as u32,
            max_rows: 64,
            hint,
            rows: 0,
            columns: 0,
            arena_used: 0,
            state: 0,
            affected: u64::MAX,
            last_insert_id: 0,
            columns_epoch: 0,
            reserved_0: 0,
            reserved: [0; 2],
        }
    }

    /// Executes with options of any size.
    ///
    /// # Safety
    /// `call` is null or has as many bytes as its size says.
    ///
    /// # Panics
    /// When the statement has no execute.
    pub unsafe fn execute(&mut self, call: *const CallOptions) -> Delivered {
        let none = params(&[], 0);
        let table = self.statement.vt.cast::<StatementVt>();
        // SAFETY: the table follows the ABI, as `open` was promised.
        let execute = unsafe { (*table).execute }.expect("the statement executes");
        self.deliver(0, |connection, statement, batch, error| {
            // SAFETY: live handles and valid pointers; the caller vouches for `call`.
            unsafe { execute(connection, statement, &raw const none, call, batch, error) }
        })
    }

    /// Executes once for each row of integers; rows that come back are wanted.
    ///
    /// # Panics
    /// When the statement has no executemany.
    pub fn execute_many(&mut self, rows: &[[i64; 2]], hint: u32) -> Delivered {
        let cell = |number: &i64| Cell::inline(aludel::abi::constants::tag::I64, *number as u64);
        let cells: Vec<Cell> = rows.iter().flatten().map(cell).collect();
        let set = params(&cells, rows.len());
        let table = self.statement.vt.cast::<StatementVt>();
        // SAFETY: as in `execute`.
        let execute_many = unsafe { (*table).execute_many }.expect("the statement executes many");
        let call = &raw const UNLIMITED;
        self.deliver(hint, |connection, statement, batch, error| {
            // SAFETY: live handles and valid pointers.
            unsafe { execute_many(connection, statement, &raw const set, call, batch, error) }
        })
    }

    /// The next rows.
    ///
    /// # Panics
    /// When the statement has no fetch.
    pub fn fetch(&mut self) -> Delivered {
        let table = self.statement.vt.cast::<StatementVt>();
        // SAFETY: as in `execute`.
        let fetch = unsafe { (*table).fetch }.expect("the statement fetches");
        let call = &raw const UNLIMITED;
        self.deliver(0, |connection, statement, batch, error| {
            // SAFETY: live handles and valid pointers.
            unsafe { fetch(connection, statement, call, batch, error) }
        })
    }

    fn deliver(
        &mut self,
        hint: u32,
        call: impl FnOnce(*mut c_void, *mut c_void, *mut Batch, *mut ErrorOut) -> i32,
    ) -> Delivered {
        let mut batch = self.batch(hint);
        let mut error = self.error();
        let (connection, statement) = (self.connection.data, self.statement.data);
        let status = call(connection, statement, &raw mut batch, &raw mut error);
        let columns = batch.columns.max(1) as usize;
        let used = (batch.rows * batch.columns) as usize;
        let rows = self.cells[..used].chunks(columns).map(<[Cell]>::to_vec).collect();
        Delivered { status, batch, rows }
    }
}

fn params(cells: &[Cell], rows: usize) -> ParamSet {
    ParamSet {
        cells: cells.as_ptr(),
        types: std::ptr::null(),
        n_params: cells.len().checked_div(rows).unwrap_or(0) as u32,
        flags: 0,
        n_rows: rows as u64,
        first_row: 0,
        reserved: [0; 2],
    }
}

impl Drop for RawSession {
    fn drop(&mut self) {
        // SAFETY: live handles, each freed once, the statement before its connection.
        unsafe {
            let statement = &*self.statement.vt.cast::<StatementVt>();
            statement.free.expect("statements are freed")(
                self.connection.data,
                self.statement.data,
            );
            let connection = &*self.connection.vt.cast::<ConnectionVt>();
            connection.free.expect("connections are freed")(self.connection.data);
        }
    }
}
