//! `headstamp synth`.

use super::args::{Format, SubjectArg, SynthArgs};
use super::progress::Progress;
use super::say::unwritten;
use super::stop;
use crate::error::{Error, Status};
use crate::output::{self, OutputError};
use crate::synth::dice::Dice;
use crate::synth::glyphs::{self, Typeface};
use crate::synth::photos::Order;
use crate::synth::rough::Metal;
use crate::synth::scene::{self, Subject};
use crate::synth::words::Split;
use crate::synth::{stream, strips};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::Ordering::SeqCst;

/// Size of a photograph if none is asked for, in pixels.
const SIZE: (usize, usize) = (1200, 900);

pub(super) fn run(args: &SynthArgs) -> Result<Status, Error> {
    let usage = |text: &str| Err(Error::Usage(text.into()));
    let to_pipe = args.out == Path::new("-");
    if args.format == Format::Photos {
        if to_pipe {
            return usage("--out: photographs go to a folder; only records go to `-`");
        }
        if args.crowded.is_some() {
            return usage("--crowded has an effect on strips for training only");
        }
        return photos(args);
    }
    if !to_pipe {
        return usage("--out: records go to standard output, `-`");
    }
    if args.subject.is_some() || args.size.is_some() || args.legible || args.recurring || args.rough {
        return usage("--subject, --size, --legible, --recurring and --rough have an effect on photographs only");
    }
    if args.crowded.is_some() && (args.format != Format::Strips || args.held_aside) {
        return usage("--crowded has an effect on strips for training only");
    }
    records(args)
}

fn split(args: &SynthArgs) -> Split {
    if args.held_aside { Split::HeldAside } else { Split::Training }
}

fn photos(args: &SynthArgs) -> Result<Status, Error> {
    let cannot = |source: io::Error| Error::Write { what: format!("into {}", args.out.display()), source };
    if std::fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Usage(format!(
            "--out: {} is not empty; photographs are rendered into a new folder",
            args.out.display()
        )));
    }
    output::make_folder(&args.out).map_err(OutputError::into_error)?;
    let subject = match args.subject.unwrap_or(SubjectArg::Any) {
        SubjectArg::Any => None,
        SubjectArg::Single => Some(Subject::Single),
        SubjectArg::Mixed => Some(Subject::Mixed),
        SubjectArg::Tray => Some(Subject::Tray),
        SubjectArg::None => Some(Subject::NoHeads),
    };
    let (width, height) = args.size.unwrap_or(SIZE);
    let order = Order {
        count: args.count,
        seed: args.seed,
        subject,
        width,
        height,
        split: split(args),
        legible: args.legible,
        recurring: args.recurring,
        metal: if args.rough { Metal::Rough } else { Metal::Known },
    };
    let faces = faces(args)?;
    let progress = Progress::new(args.count, args.quiet, "rendering");
    let stop = stop::on_interrupt();
    let done = order.write(&args.out, &faces, &|| {
        progress.bar().inc(1);
        !stop.load(SeqCst)
    });
    match done {
        Ok(()) => Ok(Status::Done),
        Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(Status::Interrupted),
        Err(e) => Err(cannot(e)),
    }
}

fn records(args: &SynthArgs) -> Result<Status, Error> {
    let faces = faces(args)?;
    let crowded = args.crowded.unwrap_or(strips::CROWDED);
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    for index in 0..args.count {
        let mut dice = Dice::new(args.seed, index);
        if args.format == Format::Strips {
            stream::write_strip(&mut out, &strips::render(&mut dice, &faces, split(args), crowded))
        } else {
            stream::write_scene(&mut out, &scene::for_training(&mut dice, &faces, split(args)))
        }
        .map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)?;
    Ok(Status::Done)
}

fn faces(args: &SynthArgs) -> Result<Vec<Typeface>, Error> {
    let Some(folder) = &args.fonts else { return Ok(glyphs::embedded()) };
    let unusable = |cause: String| Error::Needed { what: format!("typefaces {}", folder.display()), cause, hint: None };
    let others = glyphs::from_folder(folder).map_err(|e| unusable(e.to_string()))?;
    if others.is_empty() {
        return Err(unusable("no typeface (.ttf, .otf) with all digits and capitals".into()));
    }
    Ok(if args.only_fonts { others } else { glyphs::embedded().into_iter().chain(others).collect() })
}
