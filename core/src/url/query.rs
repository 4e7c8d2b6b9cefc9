//! The options of a URL: names with one value or several.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};

use super::parse;
use super::password::MASK;
use crate::Result;

/// Options whose values are never printed; `odbc_connect` is a connection string with its password.
const SECRETS: [&str; 5] = ["password", "passwd", "pwd", "sslpassword", "odbc_connect"];

/// The options of a [`Url`](super::Url), sorted by name, the values of each in the order given.
///
/// An option has at least one value; the value may be empty. `Debug` hides the values of options
/// that carry passwords, as the URL does when printed.
///
/// ```
/// use aludel::Url;
///
/// let url = Url::parse("db://h/d?b=2&a=1&b=3&c")?;
/// assert_eq!(url.query().get("a"), Some("1"));
/// assert_eq!(url.query().get_all("b"), ["2", "3"]);
/// assert_eq!(url.query().get("c"), Some(""));
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Query {
    options: BTreeMap<String, Vec<String>>,
    secrets: Secrets,
}

/// Names of further options whose values are never printed. Two URLs are equal whoever must not
/// see them.
#[derive(Clone, Default)]
struct Secrets(BTreeSet<String>);

impl PartialEq for Secrets {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Secrets {}

impl Hash for Secrets {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Query {
    /// The value of an option, the first one where there are several.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).first().map(String::as_str)
    }

    /// All values of an option; none when it is not there.
    pub fn get_all(&self, name: &str) -> &[String] {
        self.options.get(name).map_or(&[], Vec::as_slice)
    }

    /// True when the option is there.
    pub fn contains(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    /// The options in the order of their names, each with all its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.options.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// How many different names there are.
    pub fn len(&self) -> usize {
        self.options.len()
    }

    /// True without any option.
    pub fn is_empty(&self) -> bool {
        self.options.is_empty()
    }

    pub(super) fn is_secret(&self, name: &str) -> bool {
        SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
            || self.secrets.0.contains(name)
    }

    /// Hides the values of these options too when the URL is printed.
    #[cfg(feature = "engine")] // the dialect says which, and only hosts know the dialect
    pub(super) fn hide(&mut self, names: impl Iterator<Item = String>) {
        self.secrets.0.extend(names);
    }

    /// Reads what stands after the `?`; a name without `=` has an empty value.
    pub(super) fn parse(text: &str) -> Result<Query> {
        let mut query = Query::default();
        for piece in text.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            query.options.entry(decode(name)?).or_default().push(decode(value)?);
        }
        Ok(query)
    }

    pub(super) fn update<K, V, S>(
        &mut self,
        options: impl IntoIterator<Item = (K, V)>,
        append: bool,
    ) where
        K: Into<String>,
        V: IntoIterator<Item = S>,
        S: Into<String>,
    {
        // Collected first: a name that comes twice must not replace its own first values.
        let mut new = BTreeMap::<String, Vec<String>>::new();
        for (name, values) in options {
            new.entry(name.into()).or_default().extend(values.into_iter().map(Into::into));
        }
        for (name, values) in new {
            match append {
                true => self.options.entry(name).or_default().extend(values),
                false => drop(self.options.insert(name, values)),
            }
        }
        self.options.retain(|_, values| !values.is_empty());
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.options.remove(name);
    }

    pub(super) fn into_map(self) -> BTreeMap<String, Vec<String>> {
        self.options
    }
}

/// Collects names with their values; names without values are left out.
impl<K, V, S> FromIterator<(K, V)> for Query
where
    K: Into<String>,
    V: IntoIterator<Item = S>,
    S: Into<String>,
{
    fn from_iter<I: IntoIterator<Item = (K, V)>>(options: I) -> Self {
        let mut query = Query::default();
        query.update(options, true);
        query
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, values) in self.iter() {
            match self.is_secret(name) {
                true => map.entry(&name, &format_args!("{MASK}")),
                false => map.entry(&name, &values),
            };
        }
        map.finish()
    }
}

fn decode(text: &str) -> Result<String> {
    parse::decode(&text.replace('+', " "), "query")
}
