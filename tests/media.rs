//! Catalogues on media and drives as they are: read-only, without locks, full, with what does not belong beside them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, Run, Said, headstamp};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A catalogue of so many entries.
fn entries(folder: &Folder, name: &str, count: usize) -> PathBuf {
    let notes = "x".repeat(200);
    let rows: String = (0..count).map(|n| format!("10_{:02},BG,{notes} {n}\n", n % 100)).collect();
    let list = folder.write("list.csv", format!("headstamp,country,notes\n{rows}"));
    let catalogue = folder.path(name);
    on("import", &catalogue).args(["--format", "csv"]).arg(list).success();
    catalogue
}

fn on(command: &str, catalogue: &Path) -> Run {
    headstamp([command, "--catalogue"]).arg(catalogue)
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

/// Compiles a small library that stands between the program and the system; `None` where there is no compiler.
fn between(folder: &Folder, name: &str, code: &str) -> Option<PathBuf> {
    let (source, library) = (folder.write(&format!("{name}.c"), code), folder.path(&format!("{name}.so")));
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").output();
    built.is_ok_and(|o| o.status.success()).then_some(library)
}

#[test]
fn what_only_reads_changes_nothing_and_leaves_nothing() {
    let folder = Folder::new();
    let catalogue = entries(&folder, "a.catalogue", 3);
    let before = (bytes(&catalogue), folder.names());
    on("status", &catalogue).success();
    on("verify", &catalogue).success();
    on("export", &catalogue).args(["--format", "csv"]).success();
    assert!((bytes(&catalogue), folder.names()) == before);
}

/// Root may write anywhere, so that this is tried as somebody else where the test runs as root.
#[test]
fn a_folder_that_may_not_be_written_can_be_read() {
    let folder = Folder::new();
    let catalogue = entries(&folder, "a.catalogue", 3);
    fs::set_permissions(folder.root(), fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(&catalogue, fs::Permissions::from_mode(0o444)).unwrap();
    let root = fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let as_other = |run: Run| if root { run.through(["setpriv", "--reuid=65534", "--clear-groups"]) } else { run };
    if root && Command::new("setpriv").arg("--version").output().is_err() {
        eprintln!("not tried: no setpriv here");
        return;
    }
    assert!(as_other(on("status", &catalogue)).success().out.contains("entries                 3"));
    assert_eq!(as_other(on("export", &catalogue).args(["--format", "csv"])).success().out.lines().count(), 4);
    as_other(on("verify", &catalogue)).success();
    as_other(on("import", &catalogue).args(["--format", "csv"]).arg(folder.path("list.csv")))
        .status(3)
        .complains("may not be");
    fs::set_permissions(folder.root(), fs::Permissions::from_mode(0o755)).unwrap();
}

/// A backup for which there is no room leaves nothing, and what was left by another program beside that name does no harm.
#[test]
fn a_backup_without_room_leaves_nothing() {
    let folder = Folder::new();
    let catalogue = entries(&folder, "a.catalogue", 1500);
    let copy = folder.path("copy.catalogue");
    let before = folder.names();
    on("backup", &catalogue)
        .arg("--out")
        .arg(&copy)
        .through(["sh", "-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh"])
        .status(3)
        .complains("no room")
        .complains("make room");
    assert_eq!(folder.names(), before);
    on("backup", &catalogue).arg("--out").arg(&copy).success();
    on("verify", &copy).success();
    on("backup", &catalogue).arg("--out").arg(&copy).status(3).complains("there already");
}

/// A journal of another file would be rolled back into this one, and empty it.
#[test]
fn a_journal_of_another_file_is_not_taken_in() {
    let folder = Folder::new();
    let catalogue = entries(&folder, "a.catalogue", 500);
    // what a file leaves that was being made when its program was killed: it was empty before
    let mut journal = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0];
    journal.extend([0u32.to_be_bytes(), 512u32.to_be_bytes(), 4096u32.to_be_bytes()].concat());
    journal.resize(512, 0);
    folder.write("a.catalogue-journal", &journal);
    let before = bytes(&catalogue);
    for command in ["status", "verify"] {
        on(command, &catalogue).status(3).complains("a.catalogue-journal lies beside it").complains("not taken in");
    }
    on("import", &catalogue).args(["--format", "csv"]).arg(folder.path("list.csv")).status(3);
    assert!(bytes(&catalogue) == before);
    fs::rename(folder.path("a.catalogue-journal"), folder.path("elsewhere")).unwrap();
    assert!(on("status", &catalogue).success().out.contains("entries               500"));
}

/// The log of another catalogue, beside a copy that bears the name it was written for.
#[test]
fn a_log_of_another_file_is_not_taken_in() {
    let folder = Folder::new();
    let (ours, theirs) = (entries(&folder, "ours.catalogue", 40), entries(&folder, "theirs.catalogue", 60));
    // their log, as it is while they work
    let db = rusqlite::Connection::open(&theirs).unwrap();
    db.execute_batch("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; UPDATE photographs SET path = path")
        .unwrap();
    db.execute_batch("CREATE TABLE IF NOT EXISTS marker (a); INSERT INTO marker VALUES (1); DROP TABLE marker")
        .unwrap();
    let log = bytes(&folder.path("theirs.catalogue-wal"));
    assert!(!log.is_empty());
    drop(db);
    folder.write("ours.catalogue-wal", &log);
    let before = bytes(&ours);
    on("status", &ours).status(3).complains("ours.catalogue-wal lies beside it").complains("not taken in");
    on("import", &ours).args(["--format", "csv"]).arg(folder.path("list.csv")).status(3);
    assert!(bytes(&ours) == before);
    fs::remove_file(folder.path("ours.catalogue-wal")).unwrap();
    let _ = fs::remove_file(folder.path("ours.catalogue-shm"));
    on("verify", &ours).success();
    on("verify", &theirs).success();
}

/// Who was killed leaves a log: it is the catalogue's own, and taken in.
#[test]
fn a_log_of_its_own_is_taken_in() {
    let folder = Folder::new();
    let catalogue = entries(&folder, "a.catalogue", 10);
    let db = rusqlite::Connection::open(&catalogue).unwrap();
    db.execute_batch("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0").unwrap();
    on("import", &catalogue).args(["--format", "csv"]).arg(folder.write("more.csv", "headstamp\n31_94\n")).success();
    for name in ["a.catalogue", "a.catalogue-wal"] {
        fs::copy(folder.path(name), folder.path(&name.replace("a.", "copy."))).unwrap();
    }
    drop(db);
    let copy = folder.path("copy.catalogue");
    assert!(on("status", &copy).success().out.contains("entries                11"));
    on("verify", &copy).success();
    assert!(!folder.path("copy.catalogue-wal").exists(), "the last to close folds it in");
}

#[cfg(target_os = "linux")]
#[test]
fn a_drive_without_locks_is_named_at_once() {
    let folder = Folder::new();
    let code = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <errno.h>\n#include <fcntl.h>\n#include <stdarg.h>\n\
        static int pass(const char *n, int f, int c, void *p) {\n\
        if (c == F_SETLK || c == F_SETLKW || c == 37 || c == 38) { errno = ENOLCK; return -1; }\n\
        return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, n))(f, c, p); }\n\
        int fcntl(int f, int c, ...) { va_list a; va_start(a, c); void *p = va_arg(a, void *); va_end(a); return pass(\"fcntl\", f, c, p); }\n\
        int fcntl64(int f, int c, ...) { va_list a; va_start(a, c); void *p = va_arg(a, void *); va_end(a); return pass(\"fcntl64\", f, c, p); }\n";
    let Some(library) = between(&folder, "locks", code) else {
        eprintln!("not tried: no C compiler here");
        return;
    };
    let list = folder.write("list.csv", "headstamp\n31_94\n");
    let refused =
        on("import", &folder.path("a.catalogue")).args(["--format", "csv"]).arg(list).env("LD_PRELOAD", library);
    refused.status(3).complains("cannot be locked on this drive").complains("drive of this computer");
    assert!(!folder.names().iter().any(|n| n.starts_with("a.catalogue")), "{:?}", folder.names());
}

#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_is_wrong_is_doubted_before_anything_is_entered() {
    let folder = Folder::new();
    let code = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdlib.h>\n#include <time.h>\n\
        int clock_gettime(clockid_t c, struct timespec *t) {\n\
        int r = ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, \"clock_gettime\"))(c, t);\n\
        const char *v = getenv(\"SAYS\"); if (!r && c == CLOCK_REALTIME && v) t->tv_sec = atol(v); return r; }\n";
    let Some(library) = between(&folder, "clock", code) else {
        eprintln!("not tried: no C compiler here");
        return;
    };
    let catalogue = folder.path("a.catalogue");
    let enter = |at: &str, name: &str| -> Said {
        let list = folder.write("list.csv", format!("headstamp,notes\n31_94,{name}\n"));
        on("import", &catalogue)
            .args(["--format", "csv"])
            .arg(list)
            .env("LD_PRELOAD", &library)
            .env("SAYS", at)
            .success()
    };
    assert!(enter("86400", "one").err.contains("before this program was made"));
    assert!(!enter("1900000000", "two").err.contains("clock"));
    assert!(enter("1850000000", "three").err.contains("the last decision was taken at 2030"));
    let said = on("verify", &catalogue).env("LD_PRELOAD", &library).env("SAYS", "1900000001").success();
    assert!(
        said.err.contains("1 decisions are dated before there was a program, 1 before the decision"),
        "{}",
        said.err
    );
}
