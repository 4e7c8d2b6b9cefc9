//! What a URL may say of files and code, on a dialect that has options of every class.

use aludel::abi::static_dialect;
use aludel::{Engine, EngineBuilder, ErrorKind};
use aludel_test_everything::Everything;

fn builder(query: &str) -> EngineBuilder {
    Engine::builder(format!("everything://?{query}")).dialect(static_dialect::<Everything>())
}

fn refusal(builder: EngineBuilder) -> String {
    builder.build().expect_err("the option is not accepted").to_string()
}

/// The dialect was given the option: it says that there is no such file.
fn assert_arrived(builder: EngineBuilder) {
    let error = builder.build().expect("the option is accepted").connect().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operational);
    assert_eq!(error.message(), "there is no file `/no/such/file`");
}

const FILE: &str = "file=/no/such/file";
const SCRIPT: &str = "script=/no/such/file";
const FILE_REFUSED: &str = "error[P24]: option `file` names a file and is not accepted from an \
                            untrusted URL\n  \
                            help: allow it in code: .allow_option(\"everything.file\")";
const SCRIPT_REFUSED: &str = "error[P09]: option `script` is dangerous and not accepted from a URL\n  \
                              help: allow it in code: .allow_option(\"everything.script\")";

#[test]
fn a_file_is_accepted_from_a_url_unless_the_url_is_untrusted() {
    assert_arrived(builder(FILE));
    assert_eq!(refusal(builder(FILE).untrusted_url()), FILE_REFUSED);
    let harmless = builder("flag=true&number=1&key=k&mode=fast").untrusted_url().build().unwrap();
    harmless.connect().unwrap();
}

#[test]
fn code_is_accepted_from_no_url() {
    assert_eq!(refusal(builder(SCRIPT)), SCRIPT_REFUSED);
    assert_eq!(refusal(builder(SCRIPT).untrusted_url()), SCRIPT_REFUSED);
}

#[test]
fn the_program_allows_an_option_by_its_whole_name_and_no_other() {
    for (query, name) in [(FILE, "everything.file"), (SCRIPT, "everything.script")] {
        assert_arrived(builder(query).untrusted_url().allow_option(name));
        assert_arrived(builder(query).allow_option(name));
    }
    let allows_script = |query| builder(query).untrusted_url().allow_option("everything.script");
    assert_eq!(refusal(allows_script(FILE)), FILE_REFUSED);
    let allows_file = |query| builder(query).untrusted_url().allow_option("everything.file");
    assert_eq!(refusal(allows_file(SCRIPT)), SCRIPT_REFUSED);
    assert_eq!(refusal(builder(FILE).untrusted_url().allow_option("other.file")), FILE_REFUSED);
    let both = format!("{FILE}&{SCRIPT}");
    assert_eq!(refusal(allows_file(&both)), SCRIPT_REFUSED);
    assert_arrived(allows_file(&both).allow_option("everything.script"));
}

#[test]
fn the_program_itself_gives_any_option_whatever_it_thinks_of_the_url() {
    for name in ["file", "script"] {
        assert_arrived(builder("").untrusted_url().connect_arg(name, "/no/such/file"));
    }
    let given = builder(FILE).untrusted_url().connect_arg("file", "/no/such/file");
    assert_eq!(refusal(given), FILE_REFUSED, "the URL still says it");
}

#[test]
fn an_option_that_the_dialect_does_not_have_cannot_be_allowed() {
    let error = builder("").allow_option("everything.fil").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(error.help(), Some("did you mean `file`?"));
}

#[test]
fn a_dialect_is_told_whether_the_url_is_a_strangers() {
    let told = |builder: EngineBuilder| {
        let mut connection = builder.build().unwrap().connect().unwrap();
        let mut rows = connection.execute("arguments", ()).unwrap();
        let mut names = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            names.push(row.get::<(String, String)>().unwrap().0);
        }
        names.contains(&"untrusted".to_owned())
    };
    assert!(told(builder("flag=true").untrusted_url()));
    assert!(!told(builder("flag=true")));
}
