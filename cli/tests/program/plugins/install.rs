//! `aludel plugins install`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use aludel_tests::c::{Language, root};
use serde_json::json;

use super::home::{Home, json};

const INSTALLED: &str = "data/aludel/plugins/libaludel_toy.so";

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

/// The files of a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_file_of_any_name_is_installed_and_found() {
    let home = Home::new();
    let built = home.plugin("downloads", "sqlite");
    let hashed = built.with_file_name("libaludel_sqlite-0123456789abcdef.so");
    fs::rename(built, &hashed).unwrap();
    let ran = home.run(&["plugins", "install", hashed.to_str().unwrap()]);
    assert_eq!(ran.err, "");
    assert_eq!(
        ran.ok(),
        "installed sqlite 0.1.0\n  file: ROOT/data/aludel/plugins/libaludel_sqlite.so (level user)\n"
    );
    let ran = home.run(&["-q", "-f", "csv", "sqlite:///:memory:", "select 1 as a"]);
    assert_eq!(ran.ok(), "a\n1\n");
    assert_eq!(home.run(&["doctor"]).code, Some(0));
}

#[test]
fn without_xdg_the_directory_is_that_below_home() {
    let home = Home::new();
    let toy = home.plugin("downloads", "toy");
    let mut program = home.program(&["plugins", "install", "--json", toy.to_str().unwrap()]);
    program.env_remove("XDG_DATA_HOME");
    let answer = json(&home.finish(program));
    assert_eq!(answer["path"], "ROOT/home/.local/share/aludel/plugins/libaludel_toy.so");
    let mut program = home.program(&["plugins", "install", toy.to_str().unwrap()]);
    program.env_remove("XDG_DATA_HOME").env_remove("HOME");
    let ran = home.finish(program);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("there is no directory for plugins of this user"), "{}", ran.err);
}

#[test]
fn a_program_is_told_what_was_replaced_and_what_comes_first() {
    let home = Home::new();
    let old = home.with_version("toy", "0.0.9", "downloads/old");
    let new = home.plugin("downloads", "toy");
    let run = |file: &Path| {
        home.run_with_path("env", &["plugins", "install", "--json", file.to_str().unwrap()])
    };
    let first = json(&run(&old));
    assert_eq!(
        first,
        json!({
            "name": "toy", "version": "0.0.9", "level": "user", "replaced": null,
            "path": "ROOT/data/aludel/plugins/libaludel_toy.so", "shadowed": [], "warnings": [],
        })
    );
    home.plugin("env", "toy");
    let second = json(&run(&new));
    assert_eq!(second["replaced"], json!({"version": "0.0.9"}));
    let path = "ROOT/env/libaludel_toy.so";
    assert_eq!(second["shadowed"], json!([{"scheme": "toy", "level": "env", "path": path}]));
    let ran = home.run_with_path("env", &["plugins", "install", old.to_str().unwrap()]);
    assert_eq!(
        ran.err,
        "warning: `toy://` does not lead to it: ROOT/env/libaludel_toy.so (level env) comes first\n"
    );
    assert_eq!(
        ran.ok(),
        "installed toy 0.0.9\n  file: ROOT/data/aludel/plugins/libaludel_toy.so (level user)\n  \
         replaced: version 0.1.0\n"
    );
}

#[test]
fn a_directory_that_no_search_looks_at_is_told() {
    let home = Home::new();
    let toy = home.plugin("downloads", "toy");
    let to = home.path("opt/drivers");
    let ran =
        home.run(&["plugins", "install", toy.to_str().unwrap(), "--to", to.to_str().unwrap()]);
    assert_eq!(
        ran.err,
        "warning: ROOT/opt/drivers is not searched: add it to ALUDEL_PLUGIN_PATH, or name it in the \
         program\n"
    );
    assert_eq!(ran.ok(), "installed toy 0.1.0\n  file: ROOT/opt/drivers/libaludel_toy.so\n");
    let ran = home.run(&["plugins", "install", toy.to_str().unwrap(), "--to", "drivers"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("directory drivers is not an absolute path"), "{}", ran.err);
    let both = ["plugins", "install", toy.to_str().unwrap(), "--system", "--to", "/x"];
    assert_eq!(home.run(&both).code, Some(2));
}

#[test]
fn the_umask_neither_opens_nor_closes_what_is_installed() {
    for umask in ["000", "002", "077"] {
        let home = Home::new();
        let toy = home.plugin("downloads", "toy");
        let mut shell = Command::new("sh");
        home.prepare(&mut shell);
        shell.args(["-c", "umask $0; exec \"$@\"", umask]);
        shell.arg(home.path("bin/aludel")).args(["plugins", "install"]).arg(toy);
        home.finish(shell).ok();
        assert_eq!(mode(&home.path(INSTALLED)), 0o644, "umask {umask}");
        let above = if umask == "077" { 0o700 } else { 0o755 };
        for (dir, expected) in
            [("data", above), ("data/aludel", 0o755), ("data/aludel/plugins", 0o755)]
        {
            assert_eq!(mode(&home.path(dir)), expected, "umask {umask}: {dir}");
        }
        assert_eq!(home.run(&["verify", "toy"]).code, Some(0), "umask {umask}");
    }
}

#[test]
fn a_refused_file_leaves_nothing() {
    let home = Home::new();
    let toy = home.plugin("downloads", "toy");
    let whole = fs::read(&toy).unwrap();
    let cut = home.write("downloads/cut.so", &whole[..8192]);
    let text = home.write("downloads/text.so", b"no library");
    for (file, code) in [(&cut, "P07"), (&text, "P06"), (&home.path("downloads"), "P12")] {
        let ran = home.run(&["plugins", "install", file.to_str().unwrap()]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""), "{}", file.display());
        assert!(ran.err.starts_with(&format!("error[{code}]: ")), "{}", ran.err);
        assert!(!home.path("data").exists());
        let ran = home.run(&["plugins", "install", "--json", file.to_str().unwrap()]);
        assert_eq!(json(&ran)["error"]["code"], code);
    }
    let ran = home.run(&["plugins", "install", text.to_str().unwrap()]);
    assert!(!ran.err.contains("remove"), "{}", ran.err);
}

#[test]
fn an_installation_that_is_killed_is_tidied_up_by_a_later_one() {
    let home = Home::new();
    let toy = home.plugin("downloads", "toy");
    let mut shell = Command::new("sh");
    home.prepare(&mut shell);
    // The signal comes when the copy is longer than a few blocks.
    shell.args(["-c", "ulimit -c 0; ulimit -f 8; exec \"$@\"", "sh"]);
    shell.arg(home.path("bin/aludel")).args(["plugins", "install"]).arg(&toy);
    assert_eq!(home.finish(shell).code, None, "a signal ended it");
    let dir = home.path("data/aludel/plugins");
    let [left] = &files(&dir)[..] else { panic!("{:?}", files(&dir)) };
    let name = left.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with(".aludel-") && name.ends_with(".so"), "{name}");
    let listed = home.run(&["plugins"]).ok();
    assert!(listed.contains("user ROOT/data/aludel/plugins: no plugins\n"), "{listed}");
    let file = fs::File::options().write(true).open(left).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(61 * 60)).unwrap();
    home.run(&["plugins", "install", toy.to_str().unwrap()]).ok();
    assert_eq!(files(&dir), [home.path(INSTALLED)]);
}

#[test]
fn a_plugin_whose_library_is_missing_is_refused() {
    let home = Home::new();
    let source =
        home.write("build/needed.c", b"int needed(void);\nint needed(void) { return 0; }\n");
    let library = home.path("build/libaludel_absent.so.1");
    let link = |out: &Path, inputs: &[&str]| {
        let out = out.to_str().unwrap();
        let fixed = ["-shared", "-fPIC", "-fvisibility=hidden", "-Wl,--no-as-needed", "-o", out];
        Language::C.compile(&[&fixed, inputs].concat());
    };
    let soname = "-Wl,-soname,libaludel_absent.so.1";
    link(&library, &[source.to_str().unwrap(), "-fvisibility=default", soname]);
    let needy = home.path("build/needy.so");
    let plugin = root().join("tests/c/needy.c");
    link(&needy, &["-DTRACE=\"\"", plugin.to_str().unwrap(), library.to_str().unwrap()]);
    fs::remove_file(library).unwrap();
    let ran = home.run(&["plugins", "install", needy.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.starts_with("error[P02]: "), "{}", ran.err);
    assert!(ran.err.contains("libaludel_absent.so.1") && ran.err.contains("absent"), "{}", ran.err);
    assert!(ran.err.contains("ROOT/data/aludel/plugins/libaludel_needy.so"), "{}", ran.err);
    assert!(!home.path("data").exists());
}

#[test]
fn another_file_with_its_scheme_at_its_level_is_refused() {
    let home = Home::new();
    let toy = home.plugin("downloads", "toy");
    home.plugin("lib/aludel", "toy");
    let to = home.path("bin/plugins");
    let ran =
        home.run(&["plugins", "install", toy.to_str().unwrap(), "--to", to.to_str().unwrap()]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.starts_with("error[P08]: scheme `toy` is claimed by two files"), "{}", ran.err);
    assert!(!to.exists());
}

#[test]
fn a_program_that_uses_the_old_file_goes_on() {
    let home = Home::new();
    let sqlite = home.plugin("data/aludel/plugins", "sqlite");
    let new = home.with_version("sqlite", "0.1.1", "downloads/new");
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) \
               select i from n";
    let mut running = home
        .program(&["-q", "-f", "csv", "sqlite:///:memory:", sql])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut rows = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut line = String::new();
    rows.read_line(&mut line).unwrap();
    assert_eq!(line, "i\n");
    let answer = json(&home.run(&["plugins", "install", "--json", new.to_str().unwrap()]));
    assert_eq!(answer["replaced"], json!({"version": "0.1.0"}));
    let mut rest = String::new();
    rows.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("\n300000\n"));
    assert_eq!(running.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read(sqlite).unwrap(), fs::read(new).unwrap());
}

#[test]
fn installing_twice_at_once_leaves_one_whole_file() {
    let home = Home::new();
    let sources = ["0.1.1", "0.1.2"]
        .map(|version| home.with_version("toy", version, &format!("downloads/{version}")));
    let running: Vec<_> = (0..8)
        .map(|turn| {
            let file = sources[turn % 2].to_str().unwrap();
            home.program(&["plugins", "install", file]).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    let installed = home.path(INSTALLED);
    for mut program in running {
        assert_eq!(program.wait().unwrap().code(), Some(0));
        let found = fs::read(&installed).unwrap();
        assert!(sources.iter().any(|source| fs::read(source).unwrap() == found));
    }
    assert_eq!(files(installed.parent().unwrap()), [installed]);
}
