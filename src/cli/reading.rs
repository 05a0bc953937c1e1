//! Many photographs read for a command: the one loop behind `read`, `add` and `model eval`.

use super::args::{ReaderArgs, RegistryArgs};
use super::in_use;
use super::progress::Progress;
use super::say::{complain, warn};
use super::stop;
use crate::annotate::Annotator;
use crate::batch::{self, Ending, Outcome, THREAD_NAME};
use crate::confidence::{Purpose, Setting};
use crate::error::{Error, PhotoError, Status};
use crate::model::ModelOptions;
use crate::photo::{self, Named, Photo, Seen};
use crate::pipeline::{Knowledge, Pipeline, ReadHead};
use crate::printable::printable;
use crate::reader::{ReadPhoto, Reading, Want};
use crate::registry::Registry;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A photograph that was found, or why it was not.
pub(super) type Found = Result<PathBuf, PhotoError>;

/// The codes that come with the program, and the user's own before them.
pub(super) fn registry(args: &RegistryArgs) -> Result<Registry, Error> {
    args.own.as_deref().map_or_else(|| Ok(Registry::embedded()), |own| Registry::with(own, args.encoding))
}

/// The photographs of a folder, as lists name them.
pub(super) fn named(folder: &Path) -> Named {
    let found = photo::find(&[folder.to_path_buf()]);
    found.photographs.iter().filter_map(|f| f.as_ref().err()).for_each(|e| complain(e));
    Named::new(found.photographs.into_iter().filter_map(Result::ok).collect())
}

/// All that readers need, opened once. From then on Ctrl-C ends after the photographs in hand.
pub(super) struct Readers<'a> {
    args: &'a ReaderArgs,
    knowledge: Arc<Knowledge>,
    model: String,
    seen: Seen,
    stop: &'static AtomicBool,
}

/// What a command wants of its photographs.
pub(super) struct Job<'a> {
    /// What it does to them, for the progress bar.
    pub doing: &'static str,
    /// What is wanted of each head.
    pub want: Want,
    /// Draws what was seen on copies.
    pub annotate: Option<&'a Annotator>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Finished {
    /// Whether the user interrupted it.
    pub interrupted: bool,
    /// Photographs that were complained of.
    pub failed: usize,
}

impl Finished {
    /// The exit status this means.
    pub(super) fn status(self) -> Status {
        match self {
            Self { interrupted: true, .. } => Status::Interrupted,
            Self { failed: 0, .. } => Status::Done,
            _ => Status::SomeFailed,
        }
    }
}

impl<'a> Readers<'a> {
    /// With the models in use.
    pub(super) fn open(args: &'a ReaderArgs, purpose: Purpose) -> Result<Self, Error> {
        Self::open_with(args, &in_use::options(&args.models)?, purpose)
    }

    /// With other models.
    pub(super) fn open_with(args: &'a ReaderArgs, options: &ModelOptions, purpose: Purpose) -> Result<Self, Error> {
        let registry = registry(&args.registry)?;
        let knowledge = Arc::new(Knowledge::open(options, registry, !args.no_prior, purpose)?);
        let model = knowledge.models.name();
        quiet_panics();
        Ok(Self { args, knowledge, model, seen: Seen::default(), stop: stop::on_interrupt() })
    }

    /// Recognises pictures that were met before.
    pub(super) fn knowing(self, seen: Seen) -> Self {
        Self { seen, ..self }
    }

    /// What confidence is bound to.
    pub(super) fn setting(&self) -> Setting {
        self.knowledge.setting()
    }

    /// Whether confidence was measured with this setting.
    pub(super) fn calibrated(&self) -> bool {
        self.knowledge.calibration.is_some()
    }

    /// The models, as records name them.
    pub(super) fn model(&self) -> &str {
        &self.model
    }

    /// Reads photographs and hands their outcomes to `receive`, in the order given; what went wrong with each was said by
    /// then. An error of the receiver ends it.
    pub(super) fn read(
        &self,
        found: &[Found],
        job: &Job,
        receive: impl FnMut(Outcome<()>) -> Result<(), Error>,
    ) -> Result<Finished, Error> {
        self.read_keeping(found, job, |_, _, _| (), receive)
    }

    /// As [`Readers::read`]; `keep` says, while the photograph is still in memory, what is kept of it beside the record.
    ///
    /// Every outcome of a batch passes through here, in order, before anything is printed or written: what weighs the heads
    /// of many photographs together stands between the readers and `receive`.
    pub(super) fn read_keeping<K: Send>(
        &self,
        found: &[Found],
        job: &Job,
        keep: impl Fn(&Photo, &Reading, Vec<ReadHead>) -> K + Sync,
        mut receive: impl FnMut(Outcome<K>) -> Result<(), Error>,
    ) -> Result<Finished, Error> {
        let mut seen = self.seen.clone();
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let options = batch::Options {
            threads: self.args.threads.map_or_else(cores, usize::from),
            want: job.want,
            model: &self.model,
            annotate: job.annotate,
        };
        let reader = || Ok(Keeping { pipeline: Pipeline::new(Arc::clone(&self.knowledge))?, keep: &keep });
        let mut progress = Progress::new(found.len() as u64, self.args.quiet, job.doing);
        let (mut failed, mut received) = (0, Ok(()));
        let ending = batch::run(found, reader, &options, self.stop, |mut outcome| {
            let bad = !outcome.errors.is_empty();
            outcome.record.recognise(&mut seen, one_picture);
            received = progress.aside(|| {
                outcome.errors.iter().for_each(|e| complain(e));
                outcome.record.remarks.iter().for_each(|text| warn(&said_of(&outcome.record.photo, text)));
                receive(outcome)
            });
            failed += usize::from(bad);
            progress.step(bad);
            if received.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        received.map(|()| Finished { interrupted: ending == Ending::Interrupted, failed })
    }
}

/// Whether two photographs that look alike are one picture. They are read again for it, which happens seldom.
fn one_picture(met: &str, new: &str) -> bool {
    let load = |name: &str| photo::load(Path::new(name)).ok();
    load(met).zip(load(new)).is_some_and(|(met, new)| met.is_picture_of(&new))
}

/// A remark, with the photograph it is about, in one line.
fn said_of(photo: &str, text: &str) -> String {
    printable(&format!("{photo}: {text}"))
}

/// Reads as usual, and keeps of it what is wanted.
struct Keeping<'k, F> {
    pipeline: Pipeline,
    keep: &'k F,
}

impl<K: Send, F: Fn(&Photo, &Reading, Vec<ReadHead>) -> K + Sync> ReadPhoto for Keeping<'_, F> {
    type Beside = K;

    fn read(&mut self, photo: &Photo, want: Want) -> Result<(Reading, K), PhotoError> {
        let (reading, heads) = self.pipeline.read(photo, want)?;
        let kept = (self.keep)(photo, &reading, heads);
        Ok((reading, kept))
    }
}

/// Panics of readers become errors of their photograph; they need not be printed as well.
fn quiet_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let reader = std::thread::current().name().is_some_and(|n| n.starts_with(THREAD_NAME));
        if !reader {
            usual(info);
        }
    }));
}
