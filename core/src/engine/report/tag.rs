//! Where the text of a statement comes from, as the line of its parameters says.

use std::cell::OnceCell;
use std::fmt;
use std::time::Duration;

use crate::text::{Age, Stamp};

/// Where a text comes from that is sent.
#[derive(Clone, Copy)]
pub(crate) enum TextOrigin<'t> {
    /// The program has written it for the driver.
    Raw,
    /// It was made from a text with binds.
    Compiled(&'t Stamp),
    /// It is one of the inserts of many rows that one was made into.
    Page { stamp: &'t Stamp, number: usize, pages: usize },
}

/// The tag of a statement. What is not looked at stays new for whoever looks next.
pub(super) struct Tag<'t> {
    origin: TextOrigin<'t>,
    /// The engine keeps compiled texts.
    keeps: bool,
    age: OnceCell<Option<Age>>,
}

impl<'t> Tag<'t> {
    pub(super) fn of(origin: TextOrigin<'t>, keeps: bool) -> Self {
        Tag { origin, keeps, age: OnceCell::new() }
    }

    /// Nothing is known of the age of a text that is not compiled.
    fn age(&self) -> Option<Age> {
        *self.age.get_or_init(|| match self.origin {
            TextOrigin::Raw => None,
            TextOrigin::Compiled(stamp) | TextOrigin::Page { stamp, .. } => Some(stamp.age()),
        })
    }

    /// True when the text was compiled before; nothing is known of one that is not compiled.
    pub(super) fn is_cached(&self) -> Option<bool> {
        self.age().map(|age| !matches!(age, Age::New(_)))
    }

    fn page(&self) -> Option<(usize, usize)> {
        match self.origin {
            TextOrigin::Page { number, pages, .. } => Some((number, pages)),
            TextOrigin::Raw | TextOrigin::Compiled(_) => None,
        }
    }
}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of the pages of one execution the first says how the text was come by.
        if let Some((number, pages)) = self.page()
            && number > 1
        {
            return write!(f, "insertmanyvalues {number}/{pages} (unordered)");
        }
        match self.age() {
            None => f.write_str("raw sql")?,
            Some(Age::New(took)) if self.keeps => write!(f, "generated in {}s", five(took))?,
            Some(Age::New(took)) => write!(f, "caching disabled {}s", five(took))?,
            Some(Age::Since(time)) => write!(f, "cached since {}s ago", short(time))?,
            Some(Age::Unknown) => f.write_str("cached")?,
        }
        match self.page() {
            Some((number, pages)) => {
                write!(f, " (insertmanyvalues) {number}/{pages} (unordered)")
            }
            None => Ok(()),
        }
    }
}

/// Seconds with five digits after the point.
pub(super) fn five(time: Duration) -> String {
    format!("{:.5}", time.as_secs_f64())
}

/// Seconds with the four digits that matter, as C's `%.4g` without exponents.
fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let before = (seconds.max(1e-9).log10().floor() + 1.0) as i32;
    let digits = usize::try_from(4 - before).unwrap_or(0);
    let text = format!("{seconds:.digits$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_shows_four_digits() {
        let shown = |seconds: f64| short(Duration::from_secs_f64(seconds));
        assert_eq!(shown(0.000_123_456), "0.0001235");
        assert_eq!(shown(1.5), "1.5");
        assert_eq!(shown(12.3456), "12.35");
        assert_eq!(shown(86_400.0), "86400");
        assert_eq!(shown(0.0), "0");
    }

    #[test]
    fn a_page_says_its_number() {
        let stamp = Stamp::default();
        let page = |number| {
            let tag = Tag::of(TextOrigin::Page { stamp: &stamp, number, pages: 3 }, true);
            let known = tag.age.set(Some(Age::New(Duration::from_millis(1))));
            known.map(|()| tag.to_string()).expect("nobody has asked")
        };
        assert_eq!(page(1), "generated in 0.00100s (insertmanyvalues) 1/3 (unordered)");
        assert_eq!(page(2), "insertmanyvalues 2/3 (unordered)");
    }
}
