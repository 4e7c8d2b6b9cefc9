//! A test program finds the plugin as the program does.

use aludel::plugin::{Policy, Search, loaded_dialect};

#[test]
fn sqlite_answers() -> aludel::Result<()> {
    let url = aludel::Url::parse("sqlite:///:memory:")?;
    let version: String =
        aludel::create_engine(url.clone())?.execute("select sqlite_version()", ())?.scalar()?;
    assert!(version.starts_with("3."), "{version}");
    let found = loaded_dialect(&url, &Search::new(), &Policy::new())?;
    println!("{:?}", found.origin);
    Ok(())
}
