//! An archive of Debian packages in a folder, from which apt fetches without a network.

use crate::session::{XTASK, printed};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// An archive, apt's settings for it, and a cache for what comes from it.
pub(crate) struct Repository {
    folder: TempDir,
    codename: String,
    architecture: String,
}

/// What stands in a package, besides its files.
pub(crate) struct Control<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) depends: &'a str,
}

/// A folder that every user can enter.
pub(crate) fn open_folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("aludel-").tempdir().unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    folder
}

impl Repository {
    /// An archive without packages, if this system has what packages are made and fetched with.
    pub(crate) fn make() -> Option<Self> {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
        let found = |tool: &&str| Command::new(tool).arg("--version").output().is_ok();
        if codename.is_none() || !["apt-get", "dpkg", "dpkg-deb"].iter().all(found) {
            eprintln!("skipped: this system is not made from Debian packages");
            return None;
        }
        let architecture = printed(Command::new("dpkg").arg("--print-architecture"));
        let repository = Self {
            folder: open_folder(),
            codename: codename?.trim_matches('"').to_owned(),
            architecture: architecture.trim().to_owned(),
        };
        fs::create_dir_all(repository.index().parent()?).unwrap();
        fs::create_dir_all(repository.pool()).unwrap();
        fs::write(repository.status(), "").unwrap();
        repository.configure("");
        Some(repository)
    }

    /// Writes apt's settings: the archive as its only source, no package installed, and `more`.
    pub(crate) fn configure(&self, more: &str) {
        let list = self.path("sources.list");
        let archive = self.path("archive");
        let line = format!("deb [trusted=yes] file:{} {} main\n", archive.display(), self.codename);
        fs::write(&list, line).unwrap();
        let settings = format!(
            "Dir::Etc::sourcelist \"{}\";\nDir::Etc::sourceparts \"/dev/null\";\n\
             Dir::State::status \"{}\";\n{more}",
            list.display(),
            self.status().display()
        );
        fs::write(self.path("apt.conf"), settings).unwrap();
    }

    /// A path in its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where its packages lie.
    pub(crate) fn pool(&self) -> PathBuf {
        self.path("archive/pool")
    }

    /// The list of installed packages, of which there are none.
    pub(crate) fn status(&self) -> PathBuf {
        self.path("status")
    }

    fn index(&self) -> PathBuf {
        let folder = format!("archive/dists/{}/main/binary-{}", self.codename, self.architecture);
        self.path(&folder).join("Packages")
    }

    /// Adds a package with `files`, which are scripts if they lie among programs.
    pub(crate) fn add(&self, control: &Control<'_>, files: &[(&str, &str)]) -> PathBuf {
        let stage = self.stage(control.name);
        for (name, text) in files {
            let path = stage.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let mode = if name.contains("bin/") { 0o755 } else { 0o644 };
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        }
        self.build(control)
    }

    /// The folder whose content becomes the package `name`.
    pub(crate) fn stage(&self, name: &str) -> PathBuf {
        let stage = self.path("stage").join(name);
        fs::create_dir_all(stage.join("DEBIAN")).unwrap();
        stage
    }

    /// Makes a package of what is in its stage, and lists it.
    pub(crate) fn build(&self, control: &Control<'_>) -> PathBuf {
        let Control { name, version, depends } = control;
        let mut text = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: {}\nMaintainer: none <n@n>\n\
             Description: a test\n",
            self.architecture
        );
        if !depends.is_empty() {
            text += &format!("Depends: {depends}\n");
        }
        let stage = self.stage(name);
        fs::write(stage.join("DEBIAN/control"), &text).unwrap();
        let (_, short) = version.split_once(':').unwrap_or(("", version));
        let deb = self.pool().join(format!("{name}_{short}.deb"));
        let mut command = Command::new("dpkg-deb");
        command.args(["--root-owner-group", "-Znone", "-b"]).arg(&stage).arg(&deb);
        printed(&mut command);
        fs::remove_dir_all(stage).unwrap();
        self.list(&text, &deb);
        deb
    }

    /// Adds to the index of packages that `deb`, which `control` describes, is as it is now.
    pub(crate) fn list(&self, control: &str, deb: &Path) {
        let bytes = fs::read(deb).unwrap();
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let name = deb.file_name().unwrap().to_str().unwrap();
        let mut index = OpenOptions::new().create(true).append(true).open(self.index()).unwrap();
        writeln!(index, "{control}Filename: pool/{name}\nSize: {}\nSHA256: {sum}\n", bytes.len())
            .unwrap();
    }

    /// Empties the archive, whose index is from yesterday if apt has it already.
    pub(crate) fn clear(&self) {
        fs::remove_file(self.index()).unwrap();
        fs::remove_dir_all(self.pool()).unwrap();
        fs::create_dir_all(self.pool()).unwrap();
    }

    /// Makes the index old enough to be told from one that is made now.
    pub(crate) fn age(&self) {
        let yesterday = SystemTime::now() - Duration::from_secs(86_400);
        File::options().write(true).open(self.index()).unwrap().set_modified(yesterday).unwrap();
    }

    /// The cache for what is fetched.
    pub(crate) fn cache(&self) -> PathBuf {
        self.path("cache")
    }

    /// Has `command` fetch from here alone.
    pub(crate) fn lead<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("APT_CONFIG", self.path("apt.conf"))
            .env("ALUDEL_SERVICES_UNPACKED", "1")
            .env_remove("ALUDEL_SERVICES_OFFLINE")
            .stdin(Stdio::null())
    }

    /// A `services` command that has nothing but the packages of the archive.
    pub(crate) fn services(&self, args: &[&str]) -> Command {
        let mut command = Command::new(XTASK);
        command.arg("services").args(args).env("ALUDEL_SERVICES_CACHE", self.cache());
        self.lead(&mut command);
        command
    }
}
