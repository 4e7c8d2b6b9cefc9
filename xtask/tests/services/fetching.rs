//! Packages are announced, fetched, unpacked and found; what cannot be had is told with its reason.

use crate::repository::{Control, Repository};
use crate::session::{XTASK, is_root, said};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A program that tells which package it is from, and fails.
fn script(package: &str) -> String {
    format!("#!/bin/sh\necho from {package}\nexit 3\n")
}

fn control<'a>(name: &'a str, version: &'a str, depends: &'a str) -> Control<'a> {
    Control { name, version, depends }
}

/// Adds openssl, which all servers need: the system's own.
fn add_openssl(repository: &Repository) {
    let text = "#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin exec openssl \"$@\"\n";
    repository.add(&control("openssl", "3.0-1", ""), &[("usr/bin/openssl", text)]);
}

/// Adds packages that pass for MariaDB's until one of its programs runs.
fn add_mariadb(repository: &Repository, version: &str) {
    let text = script(version);
    let needs = "libaludel-test1, aludel-test-common";
    repository.add(
        &control("mariadb-server-core", version, needs),
        &[("usr/sbin/mariadbd", &text), ("usr/bin/mariadb-install-db", &text)],
    );
    let client = [("usr/bin/mariadb", text.as_str())];
    repository.add(&control("mariadb-client-core", version, ""), &client);
    let library = [("usr/lib/x-linux-gnu/libaludel-test.so.1", "")];
    repository.add(&control("libaludel-test1", "1", ""), &library);
    repository.add(&control("aludel-test-common", "1", ""), &[("usr/share/common", "")]);
    repository.add(&control("libmariadb3", version, ""), &[]);
    let plugin = [("usr/lib/mysql/plugin/auth_ed25519.so", "")];
    repository.add(&control("mariadb-server", version, "nothing-of-the-kind"), &plugin);
}

fn archive() -> Option<Repository> {
    let repository = Repository::make()?;
    add_openssl(&repository);
    add_mariadb(&repository, "1:10.1-1");
    Some(repository)
}

fn run(repository: &Repository) -> Output {
    repository.services(&["run", "mariadb", "--", "echo", "ran"]).output().unwrap()
}

/// Checks that MariaDB is skipped for `reason`, which does not keep the command from running.
fn is_skipped(output: &Output, reason: &str) {
    let text = said(output);
    let expected = "skipped: mariadb is not installed and cannot be fetched: ";
    let line = text.lines().find_map(|line| Some(line.split_once(expected)?.1));
    assert!(line.is_some_and(|told| told.contains(reason)), "{text}");
    assert!(output.status.success() && output.stdout.starts_with(b"ran"), "{text}");
}

/// Checks that the program of the package was found: it says so, and fails.
fn is_found(output: &Output, tree: &Path, version: &str) {
    let text = said(output);
    let program = tree.join("usr/bin/mariadb-install-db");
    let expected = format!("{} ended with exit status: 3: from {version}", program.display());
    assert!(text.contains(&expected), "{text}");
}

fn nothing_half_done(repository: &Repository) {
    for folder in ["debs", "trees"] {
        let entries = fs::read_dir(repository.cache().join(folder)).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names: Vec<String> = names.collect();
        assert!(folder == "trees" || names.is_empty(), "{folder}: {names:?}");
        assert!(names.iter().all(|name| !name.ends_with(".new")), "{folder}: {names:?}");
    }
}

#[test]
fn packages_are_named_with_their_sizes_before_any_is_fetched_and_then_unpacked_and_found() {
    let Some(repository) = archive() else { return };
    let output = run(&repository);
    let text = said(&output);
    let (before, after) = text.split_once("Get:1 ").unwrap_or_else(|| panic!("{text}"));
    for package in [
        "openssl: 1 packages, ",
        "mariadb: 4 packages, ",
        "mariadb-server-core 1:10.1-1 (",
        "mariadb-client-core 1:10.1-1 (",
        "libaludel-test1 1 (",
        "mariadb-plugins: 1 packages, ",
        "\nfetching ",
    ] {
        assert!(before.contains(package), "{package}: {text}");
    }
    let line = before.lines().find(|line| line.starts_with("mariadb: ")).unwrap();
    assert_eq!(line.matches(" kB)").count(), 4, "{line}");
    assert!(after.contains("mariadb: unpacked 4 of 4"), "{text}");
    let tree = repository.cache().join("trees/mariadb");
    is_found(&output, &tree, "1:10.1-1");
    assert!(tree.join("usr/lib/x-linux-gnu/libaludel-test.so.1").exists(), "{text}");
    assert!(!tree.join("usr/share/common").exists(), "only an installation needs it");
    let plugins = repository.cache().join("trees/mariadb-plugins");
    assert!(plugins.join("usr/lib/mysql/plugin/auth_ed25519.so").exists(), "{text}");
    nothing_half_done(&repository);

    // The second time the archive may be gone.
    fs::remove_dir_all(repository.path("archive")).unwrap();
    let output = run(&repository);
    is_found(&output, &tree, "1:10.1-1");
    assert!(!said(&output).contains("fetching"), "{}", said(&output));
}

#[test]
fn a_package_that_counts_as_installed_is_taken_as_the_archive_has_it() {
    let Some(repository) = archive() else { return };
    let installed = "Package: mariadb-client-core\nStatus: install ok installed\n\
                     Version: 1:99-1\nArchitecture: all\nMaintainer: none <n@n>\n\
                     Description: its files are gone\n\n";
    fs::write(repository.status(), installed).unwrap();
    let output = run(&repository);
    assert!(said(&output).contains("mariadb-client-core 1:10.1-1 ("), "{}", said(&output));
    is_found(&output, &repository.cache().join("trees/mariadb"), "1:10.1-1");
}

#[test]
fn what_is_gone_from_the_mirror_since_yesterday_is_fetched_by_new_lists() {
    let Some(repository) = archive() else { return };
    // The lists come with openssl alone.
    repository.age();
    let output = repository.services(&["run", "odbc", "--", "true"]).output().unwrap();
    assert!(said(&output).contains("fetching lists of packages"), "{}", said(&output));
    repository.clear();
    add_mariadb(&repository, "1:10.2-1");
    let output = run(&repository);
    let text = said(&output);
    assert!(text.contains("mariadb-server-core 1:10.1-1 ("), "as yesterday: {text}");
    assert!(text.contains("mariadb-server-core 1:10.2-1 ("), "as now: {text}");
    is_found(&output, &repository.cache().join("trees/mariadb"), "1:10.2-1");
    nothing_half_done(&repository);
}

#[test]
fn without_the_mirror_a_server_is_skipped_and_had_once_it_is_back() {
    let Some(repository) = archive() else { return };
    fs::rename(repository.path("archive"), repository.path("gone")).unwrap();
    let output = run(&repository);
    let text = said(&output);
    assert!(text.contains("mariadb: apt-get failed: Failed to fetch file:"), "{text}");
    // Without openssl no server is tried.
    let reason = "skipped: openssl is not installed and cannot be fetched: apt-get failed: Failed";
    assert!(text.contains(reason), "{text}");
    assert!(output.status.success() && output.stdout.starts_with(b"ran"), "{text}");
    fs::rename(repository.path("gone"), repository.path("archive")).unwrap();
    is_found(&run(&repository), &repository.cache().join("trees/mariadb"), "1:10.1-1");
}

#[test]
fn a_truncated_package_is_refused_by_its_sum_and_leaves_nothing() {
    let Some(repository) = archive() else { return };
    let deb = repository.pool().join("mariadb-server-core_10.1-1.deb");
    let whole = fs::read(&deb).unwrap();
    fs::write(&deb, &whole[..whole.len() / 2]).unwrap();
    is_skipped(&run(&repository), "mariadb-server-core_10.1-1.deb  Hash Sum mismatch");
    assert!(!repository.cache().join("trees/mariadb").exists());
    nothing_half_done(&repository);
    fs::write(&deb, whole).unwrap();
    is_found(&run(&repository), &repository.cache().join("trees/mariadb"), "1:10.1-1");
}

#[test]
fn a_package_that_was_truncated_before_it_was_listed_is_refused_when_unpacked() {
    let Some(repository) = Repository::make() else { return };
    add_openssl(&repository);
    let deb =
        repository.add(&control("libmariadb3", "1", ""), &[("usr/share/x", &"x".repeat(9999))]);
    let bytes = fs::read(&deb).unwrap();
    repository.clear();
    add_openssl(&repository);
    fs::write(&deb, &bytes[..bytes.len() - 4096]).unwrap();
    let text = format!("Package: libmariadb3\nVersion: 1\nArchitecture: {}\n", "all");
    repository.list(&text, &deb);
    for name in ["mariadb-server-core", "mariadb-client-core"] {
        repository.add(&control(name, "1", ""), &[]);
    }
    is_skipped(&run(&repository), "dpkg-deb failed: ");
    assert!(!repository.cache().join("trees/mariadb").exists());
    nothing_half_done(&repository);
}

#[test]
fn a_package_that_does_not_exist_is_named() {
    let Some(repository) = Repository::make() else { return };
    add_openssl(&repository);
    is_skipped(&run(&repository), "Unable to locate package mariadb-server-core");
    let output = repository.services(&["run", "pg", "--", "true"]).output().unwrap();
    let reason = "cannot be fetched: apt knows no package postgresql-*";
    assert!(said(&output).contains(reason), "{}", said(&output));
}

#[test]
fn without_sources_of_this_release_it_is_said_where_they_were_looked_for() {
    let Some(repository) = archive() else { return };
    let list = repository.path("sources.list");
    fs::write(&list, "deb [trusted=yes] file:/nowhere another-release main\n").unwrap();
    let text = said(&run(&repository));
    assert!(text.contains("apt has no source for "), "{text}");
    assert!(text.contains(&format!("in {}", list.display())), "{text}");
}

#[test]
fn offline_nothing_is_fetched() {
    let Some(repository) = archive() else { return };
    let mut command = repository.services(&["run", "mariadb", "--", "echo", "ran"]);
    let output = command.env("ALUDEL_SERVICES_OFFLINE", "1").output().unwrap();
    let text = said(&output);
    assert!(text.contains("cannot be fetched: ALUDEL_SERVICES_OFFLINE forbids"), "{text}");
    assert!(output.status.success() && output.stdout.starts_with(b"ran"), "{text}");
    for folder in ["apt", "debs", "trees"] {
        assert!(!repository.cache().join(folder).exists(), "{folder}");
    }
}

/// Makes apt install below `root`, where nothing is installed so far.
fn install_below(repository: &Repository, root: &Path) {
    let dpkg = root.join("var/lib/dpkg");
    for folder in ["info", "updates", "triggers"] {
        fs::create_dir_all(dpkg.join(folder)).unwrap();
    }
    for folder in ["var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/log/apt"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(dpkg.join("status"), "").unwrap();
    repository.configure(&format!(
        "Dir \"{root}/\";\nDir::State::status \"{root}/var/lib/dpkg/status\";\n\
         Dir::Etc::main \"/dev/null\";\nDir::Etc::parts \"/dev/null\";\n\
         APT::Sandbox::User \"root\";\n\
         DPkg::Options {{ \"--root={root}\"; \"--log={root}/var/log/dpkg.log\"; }};\n",
        root = root.display()
    ));
}

#[test]
fn root_has_them_installed_after_they_were_named_with_their_sizes() {
    let hidden = "unshare -m true 2> /dev/null";
    let may_hide = Command::new("sh").args(["-c", hidden]).status().unwrap().success();
    if !is_root() || !may_hide {
        eprintln!("skipped: only root installs, and only root hides what is installed");
        return;
    }
    let Some(repository) = archive() else { return };
    let root = repository.path("root");
    install_below(&repository, &root);
    // Hidden from this command alone; one program of the three is enough.
    let script = "\
for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
    if [ -e $folder/mariadb-install-db ]; then
        mount --bind /dev/null $folder/mariadb-install-db || exit 9
    fi
done
exec \"$0\" services run mariadb -- echo ran";
    let mut command = Command::new("unshare");
    command
        .args(["-m", "sh", "-c", script, XTASK])
        .env("ALUDEL_SERVICES_CACHE", repository.cache());
    repository.lead(&mut command).env_remove("ALUDEL_SERVICES_UNPACKED");
    let folders =
        [root.join("usr/sbin"), root.join("usr/bin")].map(|path| path.display().to_string());
    let path = format!("{}:{}", folders.join(":"), std::env::var("PATH").unwrap());
    let output = command.env("PATH", path).stderr(Stdio::piped()).output().unwrap();
    let text = said(&output);
    let (before, after) = text.split_once("Get:1 ").unwrap_or_else(|| panic!("{text}"));
    for package in ["mariadb-server-core 1:10.1-1 (", "aludel-test-common 1 (", "\nfetching "] {
        assert!(before.contains(package), "{package}: {text}");
    }
    assert!(after.contains("Unpacking mariadb-server-core (1:10.1-1)"), "{text}");
    is_found(&output, &root, "1:10.1-1");
    assert!(!repository.cache().join("trees/mariadb").exists(), "{text}");
    let status = fs::read_to_string(root.join("var/lib/dpkg/status")).unwrap();
    assert!(status.contains("Package: mariadb-server-core\nStatus: install ok installed"));
}
