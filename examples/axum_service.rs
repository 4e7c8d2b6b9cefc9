//! A web service: the engine is its state, and what blocks runs on threads that may block.

use aludel::{Engine, FromRow, Result, params};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;

#[derive(FromRow, Serialize)]
struct Note {
    id: i64,
    body: String,
}

type Reply<T> = std::result::Result<T, (StatusCode, String)>;

/// Execution blocks until the async engine is there: never on the runtime's own threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Reply<T> {
    let done = tokio::task::spawn_blocking(work).await.expect("the work does not panic");
    done.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.message().to_owned()))
}

async fn add(State(engine): State<Engine>, body: String) -> Reply<Json<Note>> {
    let sql = "insert into note (body) values (:body) returning id, body";
    blocking(move || engine.execute(sql, params! { body: body })?.one()).await.map(Json)
}

async fn show(State(engine): State<Engine>, Path(id): Path<i64>) -> Reply<Json<Note>> {
    let sql = "select id, body from note where id = ?";
    let note = blocking(move || engine.execute(sql, (id,))?.one_or_none()).await?;
    note.map(Json).ok_or((StatusCode::NOT_FOUND, format!("there is no note {id}")))
}

fn service(url: &str) -> Result<Router> {
    let engine = aludel::create_engine(url)?;
    engine.execute("create table if not exists note (id integer primary key, body text)", ())?;
    Ok(Router::new().route("/", post(add)).route("/{id}", get(show)).with_state(engine))
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, service("sqlite:///notes.db")?).await?)
}

#[tokio::test]
async fn a_note_is_added_and_shown() {
    use tower::ServiceExt;
    let service = service("sqlite://").unwrap();
    let add = axum::http::Request::post("/").body("a note".to_owned()).unwrap();
    assert_eq!(service.clone().oneshot(add).await.unwrap().status(), StatusCode::OK);
    let show = axum::http::Request::get("/1").body(String::new()).unwrap();
    let reply = service.oneshot(show).await.unwrap().into_body();
    let reply = axum::body::to_bytes(reply, 1024).await.unwrap();
    assert_eq!(&reply[..], br#"{"id":1,"body":"a note"}"#);
}
