//! What a server says unasked: parameters, notices, notifications.

use std::collections::{HashMap, VecDeque};

use aludel::dbapi::{Notice, Notification};

use crate::wire::{Body, ErrorFields, Message, WireError};

/// Most notices that are kept. The oldest go first: a program that never asks for them must not run
/// out of memory.
const NOTICES: usize = 1024;

/// Most notifications that are kept, likewise; a warning is logged when the first goes.
const NOTIFICATIONS: usize = 8192;

/// Parameters as the server last reported them, and what the program has not taken yet.
#[derive(Debug)]
pub(super) struct Unasked {
    pub(super) parameters: HashMap<String, String>,
    notices: VecDeque<Notice>,
    notifications: VecDeque<Notification>,
    /// Notifications are being lost, and that was logged.
    is_overrun: bool,
}

impl Unasked {
    /// What came while the session began.
    pub(super) fn new(parameters: HashMap<String, String>, notices: Vec<ErrorFields>) -> Self {
        let mut kept = VecDeque::new();
        for fields in notices {
            keep(&mut kept, notice(fields), NOTICES);
        }
        Unasked { parameters, notices: kept, notifications: VecDeque::new(), is_overrun: false }
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
            b'N' => keep(&mut self.notices, notice(ErrorFields::parse(message.body)), NOTICES),
            b'A' => {
                let sender = body.u32()?;
                let notification = Notification {
                    channel: body.text()?,
                    payload: body.text()?,
                    sender: Some(u64::from(sender)),
                };
                self.keep_notification(notification);
            }
            _ => {}
        }
        Ok(())
    }

    fn keep_notification(&mut self, notification: Notification) {
        if self.notifications.len() == NOTIFICATIONS && !self.is_overrun {
            self.is_overrun = true;
            tracing::warn!(
                channel = notification.channel,
                kept = NOTIFICATIONS,
                "notifications are lost, the oldest first: the program does not take them"
            );
        }
        keep(&mut self.notifications, notification, NOTIFICATIONS);
    }

    pub(super) fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }

    /// Forgets what was not taken.
    pub(super) fn forget(&mut self) {
        self.notices.clear();
        self.notifications.clear();
    }

    pub(super) fn next_notification(&mut self) -> Option<Notification> {
        self.is_overrun = false;
        self.notifications.pop_front()
    }
}

fn keep<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}

fn notice(fields: ErrorFields) -> Notice {
    Notice {
        severity: fields.severity,
        message: fields.message,
        sqlstate: (!fields.code.is_empty()).then_some(fields.code),
        native_code: None,
    }
}
