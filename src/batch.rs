//! Many photographs on all cores, with bounded memory and in the order given.

use crate::annotate::Annotator;
use crate::error::{PhotoError, Stage};
use crate::photo::{self, Budget};
use crate::reader::{ReadPhoto, Want};
use crate::record::PhotoRecord;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Start of the name of the threads that read, so that a panic hook can know them: what they panic with becomes the
/// error of the photograph.
pub const THREAD_NAME: &str = "headstamp-reader";

/// Results that may wait for an earlier one, for each thread: a slow photograph holds up nobody until then.
const WINDOW: usize = 16;

/// How a batch is to be worked.
#[derive(Debug)]
pub struct Options<'a> {
    /// Threads that read; at least one.
    pub threads: usize,
    /// What is wanted of each head.
    pub want: Want,
    /// What to write as the records' `model`.
    pub model: &'a str,
    /// Draws what was seen on copies.
    pub annotate: Option<&'a Annotator>,
}

/// What came of one photograph; `B` is what its reader tells beside the record.
#[derive(Debug)]
pub struct Outcome<B> {
    /// The record, with `error` set where the photograph could not be read.
    pub record: PhotoRecord,
    /// All that went wrong: the record's error, or that the copy could not be drawn.
    pub errors: Vec<PhotoError>,
    /// What was told beside the record; `None` where the photograph could not be read.
    pub beside: Option<B>,
}

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every photograph was delivered.
    Complete,
    /// The stop flag was set; those that were begun were delivered.
    Interrupted,
    /// The receiver wanted no more.
    Declined,
}

/// Reads photographs and delivers the outcomes in the order given, on the calling thread.
///
/// Every thread makes its own reader and holds one photograph at a time. A photograph that fails, or makes its reader
/// panic, becomes an error record. Only a reader that cannot be made ends the batch with an error.
pub fn run<R: ReadPhoto, E: Send>(
    found: &[Result<PathBuf, PhotoError>],
    make_reader: impl Fn() -> Result<R, E> + Sync,
    options: &Options,
    stop: &AtomicBool,
    mut deliver: impl FnMut(Outcome<R::Beside>) -> ControlFlow<()>,
) -> Result<Ending, E> {
    let threads = options.threads.clamp(1, found.len().max(1));
    let queue = Queue::new(found.len(), threads, stop);
    let budget = Budget::default();
    std::thread::scope(|scope| {
        // Also when `deliver` panics: the scope waits for the workers, and they must not wait for ever.
        let _close = CloseOnDrop(&queue);
        for number in 0..threads {
            let work = || worker(found, &make_reader, options, &queue, &budget);
            let name = format!("{THREAD_NAME}-{number}");
            if std::thread::Builder::new().name(name).spawn_scoped(scope, work).is_err() {
                queue.leave();
            }
        }
        while let Some(outcome) = queue.next() {
            if deliver(outcome).is_break() {
                return Ok(Ending::Declined);
            }
        }
        queue.ending()
    })
}

fn worker<R: ReadPhoto, E: Send>(
    found: &[Result<PathBuf, PhotoError>],
    make_reader: &impl Fn() -> Result<R, E>,
    options: &Options,
    queue: &Queue<R::Beside, E>,
    budget: &Budget,
) {
    let _leave = LeaveOnDrop(queue);
    let mut reader = None;
    while let Some(index) = queue.take() {
        let mut ready = match reader.take().map_or_else(make_reader, Ok) {
            Ok(ready) => ready,
            Err(e) => return queue.fail(e),
        };
        let outcome = match &found[index] {
            Err(e) => failed(PhotoRecord::named(&e.path, options.model), e.clone()),
            Ok(path) => {
                // What a panic leaves of a reader is thrown away, and the next photograph gets a new one.
                match catch_unwind(AssertUnwindSafe(|| one(path, &mut ready, options, budget))) {
                    Ok(outcome) => {
                        reader = Some(ready);
                        outcome
                    }
                    Err(panic) => {
                        let error = PhotoError::new(path, Stage::Read, format!("internal error: {}", text(&*panic)))
                            .hint("please report it, with the photograph if you can");
                        failed(PhotoRecord::named(path, options.model), error)
                    }
                }
            }
        };
        queue.put(index, outcome);
    }
}

fn one<R: ReadPhoto>(path: &Path, reader: &mut R, options: &Options, budget: &Budget) -> Outcome<R::Beside> {
    let start = Instant::now();
    let millis = || start.elapsed().as_secs_f64() * 1000.0;
    let (photo, permit) = match photo::load_within(path, budget) {
        Ok(loaded) => loaded,
        Err(e) => {
            let record = PhotoRecord { millis: millis(), ..PhotoRecord::named(path, options.model) };
            return failed(record, e);
        }
    };
    let mut record = PhotoRecord::of(&photo, options.model);
    let reading = reader.read(&photo, options.want);
    record.millis = millis();
    drop((photo, permit));
    let (reading, beside) = match reading {
        Err(e) => return failed(record, e),
        Ok(read) => read,
    };
    (record.heads, record.reason) = (reading.heads, reading.reason);
    let drawn = options.annotate.map_or(Ok(()), |annotator| annotator.draw(path, &record, budget));
    Outcome { record, errors: drawn.err().into_iter().collect(), beside: Some(beside) }
}

fn failed<B>(mut record: PhotoRecord, error: PhotoError) -> Outcome<B> {
    record.fail(&error);
    Outcome { record, errors: vec![error], beside: None }
}

/// What a panic said.
fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// Hands out numbers in order, and takes the outcomes back in order.
struct Queue<'a, B, E> {
    state: Mutex<State<B, E>>,
    changed: Condvar,
    stop: &'a AtomicBool,
    count: usize,
    window: usize,
}

struct State<B, E> {
    taken: usize,
    delivered: usize,
    waiting: BTreeMap<usize, Outcome<B>>,
    workers: usize,
    closed: bool,
    error: Option<E>,
}

impl<'a, B, E> Queue<'a, B, E> {
    fn new(count: usize, workers: usize, stop: &'a AtomicBool) -> Self {
        let waiting = BTreeMap::new();
        let state = State { taken: 0, delivered: 0, waiting, workers, closed: false, error: None };
        Self { state: Mutex::new(state), changed: Condvar::new(), stop, count, window: workers * WINDOW }
    }

    fn change(&self, change: impl FnOnce(&mut State<B, E>)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<B, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<B, E>>) -> MutexGuard<'s, State<B, E>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next number to work on, waiting while too many outcomes wait for an earlier one.
    fn take(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            if state.closed || state.taken == self.count || self.stop.load(SeqCst) {
                return None;
            }
            if state.taken < state.delivered + self.window {
                state.taken += 1;
                return Some(state.taken - 1);
            }
            state = self.wait(state);
        }
    }

    fn put(&self, index: usize, outcome: Outcome<B>) {
        self.change(|state| {
            state.waiting.insert(index, outcome);
        });
    }

    fn fail(&self, error: E) {
        self.change(|state| {
            state.closed = true;
            state.error.get_or_insert(error);
        });
    }

    fn leave(&self) {
        self.change(|state| state.workers -= 1);
    }

    /// The next outcome in order; `None` when no more will come.
    fn next(&self) -> Option<Outcome<B>> {
        let mut state = self.lock();
        loop {
            let index = state.delivered;
            if let Some(outcome) = state.waiting.remove(&index) {
                state.delivered += 1;
                self.changed.notify_all();
                return Some(outcome);
            }
            if state.workers == 0 {
                return None;
            }
            state = self.wait(state);
        }
    }

    fn ending(&self) -> Result<Ending, E> {
        let mut state = self.lock();
        match state.error.take() {
            Some(error) => Err(error),
            None if state.delivered == self.count => Ok(Ending::Complete),
            None => Ok(Ending::Interrupted),
        }
    }
}

struct CloseOnDrop<'a, 'b, B, E>(&'a Queue<'b, B, E>);

impl<B, E> Drop for CloseOnDrop<'_, '_, B, E> {
    fn drop(&mut self) {
        self.0.change(|state| state.closed = true);
    }
}

struct LeaveOnDrop<'a, 'b, B, E>(&'a Queue<'b, B, E>);

impl<B, E> Drop for LeaveOnDrop<'_, '_, B, E> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

#[cfg(test)]
mod tests;
