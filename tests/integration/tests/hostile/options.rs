//! Options and schemes that a URL may not give, for the options that a plugin's note declares.

use aludel::{Engine, EngineBuilder};
use aludel_tests::hostile::{Library, Stage};
use serde_json::json;

/// A stage with a plugin of this name that declares an option of each class.
fn stage(name: &str) -> Stage {
    let stage = Stage::new();
    let options = json!([
        {"name": "plain"},
        {"name": "certificate", "class": "file"},
        {"name": "extension", "class": "code"},
        {"name": "newer", "class": "worse than code"},
        {"name": "secret", "class": "code", "secret": true},
    ]);
    stage.put("api", &Library::new(name).set("options", options));
    stage
}

fn builder(stage: &Stage, url: &str) -> EngineBuilder {
    Engine::builder(url).plugin_path(stage.path("api"))
}

fn refusal(builder: EngineBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

fn answer(builder: EngineBuilder) -> i64 {
    builder.build().unwrap().execute("ask", ()).unwrap().scalar().unwrap()
}

#[test]
fn an_option_that_runs_code_is_refused_from_a_url() {
    let stage = stage("option_code");
    for option in ["extension", "newer", "secret"] {
        let url = format!("option_code://h/d?{option}=/tmp/evil.so");
        let message = format!(
            "error[P09]: option `{option}` is dangerous and not accepted from a URL\n  \
             help: allow it in code: .allow_option(\"option_code.{option}\")"
        );
        assert_eq!(refusal(builder(&stage, &url)), message);
        let other = builder(&stage, &url).allow_option("option_code.plain");
        assert_eq!(refusal(other.allow_option(format!("other.{option}"))), message);
        let allowed = builder(&stage, &url).allow_option(format!("option_code.{option}"));
        assert_eq!(answer(allowed), 42);
    }
    let in_code = builder(&stage, "option_code://h/d").connect_arg("extension", "/tmp/evil.so");
    assert_eq!(answer(in_code), 42);
}

#[test]
fn an_option_that_names_a_file_is_refused_from_the_url_of_a_stranger() {
    let stage = stage("option_file");
    let url = "option_file://h/d?plain=1&certificate=/etc/shadow";
    assert_eq!(answer(builder(&stage, url)), 42);
    assert_eq!(
        refusal(builder(&stage, url).untrusted_url()),
        "error[P24]: option `certificate` names a file and is not accepted from an untrusted URL\n  \
         help: allow it in code: .allow_option(\"option_file.certificate\")"
    );
    let allowed = builder(&stage, url).untrusted_url().allow_option("option_file.certificate");
    assert_eq!(answer(allowed), 42);
    assert_eq!(answer(builder(&stage, "option_file://h/d?plain=1").untrusted_url()), 42);
}

#[test]
fn an_option_of_another_case_or_encoding_is_the_same_or_unknown() {
    let stage = stage("option_case");
    assert_eq!(
        refusal(builder(&stage, "option_case://h/d?%65xtension=x")),
        "error[P09]: option `extension` is dangerous and not accepted from a URL\n  \
         help: allow it in code: .allow_option(\"option_case.extension\")"
    );
    for (written, read) in [
        ("Extension", "Extension"),
        ("extension%00", "extension\0"),
        ("extension%20", "extension "),
    ] {
        assert_eq!(
            refusal(builder(&stage, &format!("option_case://h/d?{written}=x"))),
            format!(
                "ArgumentError: dialect `option_case` has no option `{read}`\n  \
                 help: did you mean `extension`?"
            )
        );
    }
}

#[test]
fn a_scheme_that_the_program_does_not_accept_is_refused_before_anything_is_looked_for() {
    let stage = stage("option_scheme");
    let url = "option_scheme://user:secret@h/d";
    for (accepted, help) in [
        (&["postgresql", "mysql+pymysql"][..], "accepted: postgresql, mysql+pymysql"),
        (&[], "it accepts no URL at all"),
    ] {
        assert_eq!(
            refusal(builder(&stage, url).schemes(accepted.iter().copied())),
            format!(
                "error[P22]: scheme `option_scheme` is not accepted here\n  help: {help}\n  \
                 url: option_scheme://user:***@h/d"
            )
        );
        stage.assert_nothing_ran();
    }
    assert_eq!(answer(builder(&stage, url).schemes(["option_scheme"])), 42);
}
