use super::*;
use crate::photo::testing::{noise, png};
use crate::reader::testing::Fake;
use std::convert::Infallible;

static GO: AtomicBool = AtomicBool::new(false);

fn photographs(names: &[&str]) -> (tempfile::TempDir, Vec<Result<PathBuf, PhotoError>>) {
    let dir = tempfile::tempdir().unwrap();
    let found = names.iter().map(|name| {
        let path = dir.path().join(name);
        std::fs::write(&path, png(&noise(8, 8))).unwrap();
        Ok(path)
    });
    let found = found.collect();
    (dir, found)
}

fn options(threads: usize) -> Options<'static> {
    Options { threads, want: Want::default(), model: "fake", annotate: None }
}

fn make() -> Result<Fake, Infallible> {
    Ok(Fake)
}

fn all(found: &[Result<PathBuf, PhotoError>], threads: usize) -> Vec<Outcome<PathBuf>> {
    let mut out = Vec::new();
    let ending = run(found, make, &options(threads), &GO, |o| {
        out.push(o);
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ok(Ending::Complete));
    out
}

#[test]
fn results_come_in_the_order_given() {
    let names: Vec<String> = (0..80).map(|i| format!("{i}{}.png", if i % 16 == 0 { "slow" } else { "" })).collect();
    let (_dir, found) = photographs(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for threads in [1, 2, 7] {
        let got: Vec<String> = all(&found, threads).into_iter().map(|o| o.record.photo).collect();
        let want: Vec<String> = found.iter().flatten().map(|p| p.to_string_lossy().into_owned()).collect();
        assert_eq!(got, want, "{threads} threads");
        let beside = all(&found, threads).into_iter().map(|o| o.beside);
        assert!(beside.eq(found.iter().map(|f| f.clone().ok())), "each with what is its own");
    }
}

#[test]
fn nothing_ends_a_batch() {
    let (dir, mut found) = photographs(&["a.png", "panic.png", "fail.png", "none.png", "text.png", "z.png"]);
    std::fs::write(dir.path().join("text.png"), "text").unwrap();
    found.insert(1, Err(PhotoError::new(&dir.path().join("gone.png"), Stage::Find, "no such file or folder")));
    let got = all(&found, 3);
    let stage = |o: &Outcome<PathBuf>| o.record.error.as_ref().map(|e| e.stage);
    let stages: Vec<_> = got.iter().map(stage).collect();
    let want = [None, Some(Stage::Find), Some(Stage::Read), Some(Stage::Detect), None, Some(Stage::Decode), None];
    assert_eq!(stages, want);
    assert_eq!(got[2].errors[0].message, "internal error: a defect");
    assert_eq!(got[4].record.reason.as_deref(), Some("no case head found"));
    assert!(got.iter().all(|o| o.record.heads.is_empty() || o.record.error.is_none()));
    assert_eq!(got[6].record.heads.len(), 1, "a reader is there again after the panic");
}

#[test]
fn a_stop_delivers_what_was_begun_and_says_so() {
    let (_dir, found) = photographs(&["a.png"; 1].repeat(200));
    let stop = AtomicBool::new(false);
    let mut delivered = 0;
    let ending = run(&found, make, &options(2), &stop, |_| {
        delivered += 1;
        if delivered == 3 {
            stop.store(true, SeqCst);
        }
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ok(Ending::Interrupted));
    assert!((3..=3 + 2 * WINDOW + 2).contains(&delivered), "{delivered}");
}

#[test]
fn a_receiver_may_decline() {
    let (_dir, found) = photographs(&["a.png"; 1].repeat(100));
    let ending = run(&found, make, &options(2), &GO, |_| ControlFlow::Break(()));
    assert_eq!(ending, Ok(Ending::Declined));
}

#[test]
fn a_receiver_that_panics_leaves_no_thread_behind() {
    let (_dir, found) = photographs(&["a.png"; 1].repeat(100));
    let caught = catch_unwind(|| run(&found, make, &options(2), &GO, |_| panic!("in the receiver")));
    assert!(caught.is_err());
}

#[test]
fn a_reader_that_cannot_be_made_is_an_error() {
    let (_dir, found) = photographs(&["a.png", "b.png"]);
    let ending = run(&found, || Err::<Fake, _>("no model"), &options(2), &GO, |_| ControlFlow::Continue(()));
    assert_eq!(ending, Err("no model"));
}

#[test]
fn no_photographs_are_no_trouble() {
    assert!(all(&[], 4).is_empty());
}
