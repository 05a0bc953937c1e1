//! `headstamp read`.

use super::args::{ReadArgs, ReaderArgs};
use super::progress::Progress;
use super::{complain, stop, table, unwritten};
use crate::annotate::Annotator;
use crate::batch::{self, Ending, THREAD_NAME};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::model::ModelOptions;
use crate::photo;
use crate::pipeline::{Knowledge, Pipeline};
use crate::reader::ReadOptions;
use crate::registry::Registry;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens models and registry once for all readers.
pub fn open(args: &ReaderArgs, purpose: Purpose) -> Result<Arc<Knowledge>, Error> {
    let options = ModelOptions { models_dir: args.models.models.clone(), onnxruntime: args.models.onnxruntime.clone() };
    let registry = registry(args.registry.as_deref())?;
    Ok(Arc::new(Knowledge::open(&options, registry, !args.no_prior, purpose)?))
}

/// The codes that come with the program, and the user's own before them.
pub fn registry(own: Option<&Path>) -> Result<Registry, Error> {
    own.map_or_else(|| Ok(Registry::embedded()), Registry::with)
}

/// How many photographs are read side by side.
pub fn threads(args: &ReaderArgs) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(cores, usize::from)
}

/// Panics of readers become errors of their photograph; they need not be printed as well.
pub fn quiet_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let reader = std::thread::current().name().is_some_and(|n| n.starts_with(THREAD_NAME));
        if !reader {
            usual(info);
        }
    }));
}

pub fn run(args: &ReadArgs) -> Result<Status, Error> {
    let knowledge = open(&args.reader, Purpose::Reading)?;
    quiet_readers();
    let stop = stop::on_interrupt();
    let found = photo::find(&args.paths);
    let annotator = args.annotate.as_deref().map(|folder| annotator(folder, &found)).transpose()?;
    let name = knowledge.models.name();
    let options = batch::Options {
        threads: threads(&args.reader),
        read: ReadOptions { top: usize::from(args.top) },
        model: &name,
        annotate: annotator.as_ref(),
    };
    let mut progress = Progress::new(found.len() as u64, args.reader.quiet, "reading");
    let mut out = anstream::AutoStream::auto(std::io::stdout());
    let mut failed = 0usize;
    let mut written = Ok(());
    let mut table = table::Table::new(out.is_terminal());
    let reader = || Pipeline::new(Arc::clone(&knowledge));
    let ending = batch::run(&found, reader, &options, stop, |outcome| {
        written = progress.aside(|| {
            outcome.errors.iter().for_each(|e| complain(e));
            if args.json {
                serde_json::to_writer(&mut out, &outcome.record).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            } else {
                table.row(&mut out, &outcome.record)?;
            }
            out.flush()
        });
        failed += usize::from(!outcome.errors.is_empty());
        progress.step(!outcome.errors.is_empty());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    drop(progress);
    written.map_err(unwritten)?;
    if !args.json {
        table.end(&mut out).map_err(unwritten)?;
    }
    if found.is_empty() {
        anstream::eprintln!("no photographs found: the folders hold no images");
    }
    Ok(match ending {
        Ending::Interrupted => Status::Interrupted,
        _ if failed > 0 => {
            anstream::eprintln!("{failed} of {} photographs could not be read; the others were", found.len());
            Status::SomeFailed
        }
        _ => Status::Done,
    })
}

fn annotator(folder: &Path, found: &[Result<PathBuf, crate::error::PhotoError>]) -> Result<Annotator, Error> {
    let photographs = found.iter().flatten().map(PathBuf::as_path);
    Annotator::new(folder, photographs)
        .map_err(|source| Error::Write { what: format!("into {}", folder.display()), source })
}
