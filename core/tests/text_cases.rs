//! What SQLAlchemy makes of `text()` in each paramstyle, as recorded, against what ours makes of it.

#[path = "text_cases/deviations.rs"]
mod deviations;
#[macro_use]
#[path = "recorded/own_tests.rs"]
mod own_tests;
#[path = "recorded/cases.rs"]
mod recorded;

use aludel::Value;
use aludel::dialect::{ParamStyle, SqlRules};
use aludel::text::{TextClause, bindparam, text};
use aludel::value::Array;
use serde_json::Value as Json;

use deviations::DEVIATIONS;

const CASES: usize = 51;

fn cases() -> Vec<Json> {
    recorded::cases("text_params_cases.json")
}

fn string<'a>(case: &'a Json, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("`{field}` is a text in {case}"))
}

fn names<'a>(case: &'a Json, field: &str) -> Vec<&'a str> {
    let list = case.get(field).and_then(Json::as_array);
    list.into_iter().flatten().filter_map(Json::as_str).collect()
}

fn statement(case: &Json) -> TextClause<'_> {
    let expanding = names(case, "expanding").into_iter().map(|name| bindparam(name).expanding());
    let literal =
        names(case, "literal_execute").into_iter().map(|name| bindparam(name).literal_execute());
    text(string(case, "text")).bindparams(expanding.chain(literal)).expect("the binds are there")
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::I64(number.as_i64().expect("recorded numbers are whole")),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::Array(Array::new(items.iter().map(value).collect())),
        other => panic!("no value is {other}"),
    }
}

/// The text and the values that the driver gets, or what is wrong, in the words of the record.
fn run(case: &Json, style: ParamStyle) -> Result<(String, Vec<Value>), String> {
    let mut rules = SqlRules::STANDARD;
    rules.paramstyle = style;
    let compiled = statement(case).compile(&rules);
    let values: Vec<Value> = compiled
        .names()
        .map(|name| case["params"].get(name).map(value).ok_or_else(|| missing(name)))
        .collect::<Result<_, _>>()?;
    let values: Vec<_> = values.iter().map(Value::as_ref).collect();
    let assembled = compiled.assemble(&values).map_err(|error| error.to_string())?;
    let given =
        assembled.slots.iter().map(|slot| slot.value(|bind| values[bind]).to_owned()).collect();
    Ok((assembled.sql, given))
}

fn missing(name: &str) -> String {
    format!("InvalidRequestError: A value is required for bind parameter '{name}'")
}

fn compare(case: &Json, style: ParamStyle) -> Result<(), String> {
    let recorded = &case["styles"][style.name()];
    let ours = run(case, style);
    let Some(sql) = recorded["sql"].as_str() else {
        let wanted = format!("{}: {}", string(recorded, "error"), string(recorded, "message"));
        return match ours {
            Err(error) if wanted.starts_with(&error) => Ok(()),
            other => Err(format!("{}: {other:?}, not {wanted}", style.name())),
        };
    };
    let params: Vec<Value> = match &recorded["params"] {
        Json::Array(params) => params.iter().map(value).collect(),
        // By name: ours go by place, each name once.
        Json::Object(params) => {
            let mut rules = SqlRules::STANDARD;
            rules.paramstyle = style;
            let compiled = statement(case).compile(&rules);
            let fixed: Vec<_> =
                compiled.names().filter_map(|name| params.get(name)).map(value).collect();
            if fixed.len() == params.len() { fixed } else { params.values().map(value).collect() }
        }
        other => panic!("no parameters are {other}"),
    };
    let mut ours = ours?;
    let mut wanted = (sql.to_owned(), params);
    if case.get("expanding").is_some() && recorded["params"].is_object() {
        // The order of a mapping means nothing.
        let sort = |values: &mut Vec<Value>| values.sort_by_key(|value| format!("{value:?}"));
        sort(&mut ours.1);
        sort(&mut wanted.1);
    }
    if ours == wanted { Ok(()) } else { Err(format!("{}: {ours:?}, not {wanted:?}", style.name())) }
}

const STYLES: [ParamStyle; 6] = [
    ParamStyle::Qmark,
    ParamStyle::Numeric,
    ParamStyle::NumericDollar,
    ParamStyle::Named,
    ParamStyle::Format,
    ParamStyle::Pyformat,
];

#[test]
fn every_recorded_case_passes_or_deviates_as_listed() {
    let cases = cases();
    assert_eq!(cases.len(), CASES);
    let mut problems = Vec::new();
    for case in &cases {
        let id = string(case, "id");
        let listed = DEVIATIONS.iter().find(|deviation| deviation.id == id);
        let verdicts = STYLES.iter().map(|style| compare(case, *style));
        let failures: Vec<String> = verdicts.filter_map(Result::err).collect();
        match listed {
            None if failures.is_empty() => {}
            None => problems.push(format!("{id}: {}\n  {}", failures.join(", "), case["text"])),
            Some(_) if failures.is_empty() => problems.push(format!("{id}: stale deviation")),
            Some(_) => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_deviation_names_a_recorded_case_once_and_gives_a_reason() {
    let cases = cases();
    for (index, deviation) in DEVIATIONS.iter().enumerate() {
        let id = deviation.id;
        assert!(cases.iter().any(|case| string(case, "id") == id), "{id} is in the record");
        assert!(DEVIATIONS[..index].iter().all(|earlier| earlier.id != id), "{id} is there once");
        assert!(!deviation.reason.is_empty(), "{id} has a reason");
    }
}

/// That the case gives in every paramstyle what is listed.
fn deviates(id: &str) {
    let cases = cases();
    let case = cases.iter().find(|case| string(case, "id") == id).expect("it is in the record");
    let deviation = DEVIATIONS.iter().find(|known| known.id == id).expect("it is listed");
    for (style, gives) in STYLES.iter().zip(deviation.gives) {
        let ours = run(case, *style);
        let found = ours.as_ref().map(|(sql, values)| (sql.as_str(), values.len()));
        assert_eq!(found, Ok((gives, deviation.values)), "{}: {}", style.name(), deviation.reason);
    }
}

deviations! {
    a_bind_that_is_cast_at_once_is_a_bind: "text-025";
    a_doubled_quote_does_not_end_what_hides_a_bind: "text-053";
    a_colon_in_a_quoted_address_is_no_bind: "text-059";
    a_colon_in_a_comment_is_no_bind: "text-063";
    the_backslash_of_a_quoted_text_stays: "text-065";
    a_quoted_pyformat_token_is_text: "text-069";
    a_quoted_colon_between_percent_signs_is_no_bind: "text-071";
    an_empty_list_is_an_empty_set: "text-089";
}
