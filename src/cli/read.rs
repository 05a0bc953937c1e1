//! `headstamp read`.

use super::args::ReadArgs;
use super::reading::{Found, Job, Readers};
use super::say::{json_line, say_passed, unwritten};
use super::table;
use crate::annotate::Annotator;
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::output::{Existing, OutputError};
use crate::photo;
use crate::reader::Want;
use crate::record::PhotoRecord;
use crate::together::{SPEAKING, together};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &ReadArgs) -> Result<Status, Error> {
    let readers = Readers::open(&args.reader, Purpose::Reading)?;
    let photo::Found { photographs: found, passed_over } = photo::find(&args.paths);
    let annotator =
        args.annotate.as_deref().map(|folder| annotator(folder, &found, Existing::forced(args.force))).transpose()?;
    let top = usize::from(args.top);
    let want = Want::Proposals(if args.alone { top } else { top.max(SPEAKING) });
    let job = Job { doing: "reading", want, annotate: annotator.as_ref() };
    let mut out = anstream::AutoStream::auto(io::stdout());
    let mut table = table::Table::new(out.is_terminal());
    let mut write = |record: &PhotoRecord| {
        if args.json {
            json_line(&mut out, record)?;
        } else {
            table.row(&mut out, record)?;
        }
        out.flush()
    };
    let mut read: Vec<PhotoRecord> = Vec::new();
    let finished = readers.read(&found, &job, |outcome| {
        if args.alone {
            return write(&outcome.record).map_err(unwritten);
        }
        read.push(outcome.record);
        Ok(())
    })?;
    // what was read before an interruption is weighed and told as well
    together(&mut read, top);
    read.iter().try_for_each(&mut write).map_err(unwritten)?;
    if !args.json {
        table.end(&mut out).map_err(unwritten)?;
    }
    if found.is_empty() {
        anstream::eprintln!("no photographs found: the folders hold no images");
    }
    say_passed(&passed_over);
    let status = finished.status();
    if status == Status::SomeFailed {
        let (failed, all) = (finished.failed, found.len());
        anstream::eprintln!("{failed} of {all} photographs could not be read; the others were");
    }
    Ok(status)
}

fn annotator(folder: &Path, found: &[Found], existing: Existing) -> Result<Annotator, Error> {
    let photographs = found.iter().flatten().map(PathBuf::as_path);
    Annotator::new(folder, photographs, existing).map_err(OutputError::into_error)
}
