//! Listeners that have no connection of their own to be told by: none is called of what it does.

use std::cell::RefCell;

thread_local! {
    /// Numbers of the listeners that this thread is in, the innermost last.
    static BEING_CALLED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// This thread is in a listener, until this is dropped.
pub(super) struct BeingCalled;

impl BeingCalled {
    /// `None` when this thread is in the listener already: what it does there would call it for
    /// ever.
    pub(super) fn enter(listener: u64) -> Option<Self> {
        BEING_CALLED.with_borrow_mut(|called| {
            if called.contains(&listener) {
                return None;
            }
            called.push(listener);
            Some(BeingCalled)
        })
    }
}

impl Drop for BeingCalled {
    fn drop(&mut self) {
        BEING_CALLED.with_borrow_mut(|called| called.pop());
    }
}

#[cfg(test)]
mod tests {
    use super::BeingCalled;

    #[test]
    fn a_listener_is_entered_once_and_others_inside_it() {
        let outer = BeingCalled::enter(1);
        assert!(outer.is_some() && BeingCalled::enter(1).is_none());
        assert!(BeingCalled::enter(2).is_some() && BeingCalled::enter(2).is_some());
        drop(outer);
        assert!(BeingCalled::enter(1).is_some());
    }
}
