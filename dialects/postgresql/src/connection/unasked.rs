//! What a server says unasked: parameters, notices, notifications.

use std::collections::{HashMap, VecDeque};

use aludel::dbapi::{Notice, Notification};

use crate::wire::{Body, ErrorFields, Message, WireError};

/// Most notices that are kept. The oldest go first: a program that never asks for them must not run
/// out of memory.
const NOTICES: usize = 1024;

/// Most notifications that are kept, likewise; a warning is logged when the first goes.
const NOTIFICATIONS: usize = 8192;

/// Bytes of text that they may have together; the newest is kept however long it is.
const KEPT_BYTES: usize = 1 << 20;

/// The newest of what came.
#[derive(Debug)]
struct Kept<T> {
    items: VecDeque<(T, usize)>,
    bytes: usize,
    most: usize,
}

impl<T> Kept<T> {
    /// A queue of at most this many.
    fn new(most: usize) -> Self {
        Kept { items: VecDeque::new(), bytes: 0, most }
    }

    /// False when older ones had to go for it.
    fn push(&mut self, item: T, bytes: usize) -> bool {
        self.items.push_back((item, bytes));
        self.bytes += bytes;
        let mut fits = true;
        while self.items.len() > self.most || self.bytes > KEPT_BYTES && self.items.len() > 1 {
            self.pop();
            fits = false;
        }
        fits
    }

    fn pop(&mut self) -> Option<T> {
        let (item, bytes) = self.items.pop_front()?;
        self.bytes -= bytes;
        Some(item)
    }
}

/// Parameters as the server last reported them, and what the program has not taken yet.
#[derive(Debug)]
pub(super) struct Unasked {
    pub(super) parameters: HashMap<String, String>,
    notices: Kept<Notice>,
    notifications: Kept<Notification>,
    /// Notifications are being lost, and that was logged.
    is_overrun: bool,
}

impl Unasked {
    /// What came while the session began.
    pub(super) fn new(parameters: HashMap<String, String>, notices: Vec<ErrorFields>) -> Self {
        let mut unasked = Unasked {
            parameters,
            notices: Kept::new(NOTICES),
            notifications: Kept::new(NOTIFICATIONS),
            is_overrun: false,
        };
        notices.into_iter().for_each(|fields| unasked.keep_notice(fields));
        unasked
    }

    /// Takes in a message that may come at any time; others say nothing here.
    ///
    /// # Errors
    /// When it is malformed.
    pub(super) fn absorb(&mut self, message: Message<'_>) -> Result<(), WireError> {
        let mut body = Body::new(message.body);
        match message.tag {
            b'S' => {
                let name = body.text()?;
                self.parameters.insert(name, body.text()?);
            }
            b'N' => self.keep_notice(ErrorFields::parse(message.body)),
            b'A' => {
                let sender = body.u32()?;
                let notification = Notification {
                    channel: body.text()?,
                    payload: body.text()?,
                    sender: Some(u64::from(sender)),
                };
                self.keep_notification(notification, message.body.len());
            }
            _ => {}
        }
        Ok(())
    }

    fn keep_notification(&mut self, notification: Notification, bytes: usize) {
        let fits = self.notifications.push(notification, bytes);
        if !fits && !self.is_overrun {
            self.is_overrun = true;
            tracing::warn!(
                "notifications are lost, the oldest first: the program does not take them"
            );
        }
    }

    fn keep_notice(&mut self, fields: ErrorFields) {
        let bytes = fields.message.len();
        tell(&fields);
        self.notices.push(notice(fields), bytes);
    }

    pub(super) fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop()
    }

    /// Forgets what was not taken.
    pub(super) fn forget(&mut self) {
        self.notices = Kept::new(NOTICES);
        self.notifications = Kept::new(NOTIFICATIONS);
    }

    pub(super) fn next_notification(&mut self) -> Option<Notification> {
        self.is_overrun = false;
        self.notifications.pop()
    }
}

/// Hands a notice to the program's log as well, on a level of its severity.
fn tell(fields: &ErrorFields) {
    let ErrorFields { severity, code, message, .. } = fields;
    match severity.as_str() {
        "WARNING" => tracing::warn!(severity, code, "{message}"),
        "NOTICE" | "INFO" => tracing::info!(severity, code, "{message}"),
        _ => tracing::debug!(severity, code, "{message}"),
    }
}

fn notice(fields: ErrorFields) -> Notice {
    Notice {
        severity: fields.severity,
        message: fields.message,
        sqlstate: (!fields.code.is_empty()).then_some(fields.code),
        native_code: None,
    }
}
