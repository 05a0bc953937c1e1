//! `headstamp dataset`.

use super::args::{DatasetArgs, DatasetFormat, Shown, WayArg};
use super::entries::{originals, readable, whereabouts};
use super::say::{complain, json_line, unwritten};
use crate::catalogue::{CatalogueError, Way};
use crate::dataset::suggest::{Suggested, suggest};
use crate::dataset::{Choice, DatasetError, Format, Part, Sample, Shares, Wanted, What, Written, gather, split, write};
use crate::error::{Error, Status};
use crate::output::OutputError;
use crate::printable::printable;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) fn run(args: &DatasetArgs) -> Result<Status, Error> {
    if let Some(most) = args.suggest {
        return next(args, most as usize);
    }
    let (Some(out), Some(form)) = (&args.out, args.format) else {
        return Err(Error::Usage("name --out and --format, or ask with --suggest".into()));
    };
    let (format, what) = shape(form, args.show)?;
    let catalogue = readable(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let (all, mut left_out) = {
        let _one_state = catalogue.reading().map_err(failed)?;
        gather(&catalogue).map_err(failed)?
    };
    let choice = Choice {
        legibility: args.legibility,
        ways: args.way.iter().map(|w| w.get()).collect(),
        one_by_one: args.one_by_one,
        most: args.most.map(|n| n as usize),
    };
    let chosen = choice.of(all, &mut left_out);
    let parts = split(&chosen, args.split.unwrap_or_default(), what);
    let samples: Vec<(Sample, Part)> = chosen.into_iter().zip(parts).collect();
    let moved = originals(args.photos.as_deref());
    let find = |sample: &Sample| whereabouts(sample, moved.as_ref());
    let name = args.catalogue.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let wanted = Wanted {
        format,
        what,
        private: args.private,
        title: args.title.clone().unwrap_or(name),
        licence: args.licence.clone().unwrap_or_else(|| "not stated".into()),
    };
    let written = write(&samples, &left_out, &wanted, out, &find).map_err(|e| at_fault(e, out))?;
    written.failed.iter().for_each(|e| complain(e));
    let parts: Vec<String> = written.heads.iter().map(|(part, n)| format!("{n} {}", part.name())).collect();
    let heads: usize = written.heads.values().sum();
    anstream::eprintln!("{heads} heads written to {} ({})", out.display(), parts.join(", "));
    for (why, count) in &left_out {
        anstream::eprintln!("left out: {count}: {}", why.words());
    }
    if written.unfit > 0 {
        anstream::eprintln!("left out: {}: {}", written.unfit, Written::UNFIT);
    }
    Ok(if written.failed.is_empty() { Status::Done } else { Status::SomeFailed })
}

/// The form, and what it shows: a head each, unless whole photographs or strips are asked for and the form takes them.
fn shape(form: DatasetFormat, shown: Option<Shown>) -> Result<(Format, What), Error> {
    let format = form.get();
    let what = match (format, shown) {
        (Format::Records, None | Some(Shown::Strips)) => What::Strips,
        (Format::Records, Some(_)) => return Err(Error::Usage("--show: records are strips".into())),
        (Format::Coco | Format::Yolo, None) => What::Photographs,
        (_, None) => What::Heads,
        (_, Some(shown)) => shown.get(),
    };
    Ok((format, what))
}

fn at_fault(error: DatasetError, out: &Path) -> Error {
    match error {
        DatasetError::Output(e) => OutputError::into_error(e),
        e @ DatasetError::NotEmpty(_) => Error::Usage(format!("--out: {e}")),
        e => Error::Write { what: format!("into {}", out.display()), source: io::Error::other(e) },
    }
}

/// What is worth a person's time next.
fn next(args: &DatasetArgs, most: usize) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    let all = suggest(&catalogue, most).map_err(|e| e.at(&args.catalogue))?;
    let mut out = BufWriter::new(io::stdout().lock());
    for one in &all {
        let written = if args.json { json_line(&mut out, one) } else { writeln!(out, "{}", line(one)) };
        written.map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)?;
    if all.is_empty() {
        anstream::eprintln!("no head waits for review");
    }
    Ok(Status::Done)
}

fn line(one: &Suggested) -> String {
    let head = one.head.map(|n| format!("#{n}")).unwrap_or_default();
    let read = if one.variety.is_empty() { "-" } else { &one.variety };
    printable(&format!("{:.2}  {}{head}  {read}  {}", one.worth, one.photo, one.reasons.join("; ")))
}

impl DatasetFormat {
    fn get(self) -> Format {
        match self {
            Self::Imagefolder => Format::ImageFolder,
            Self::Coco => Format::Coco,
            Self::Yolo => Format::Yolo,
            Self::Paddleocr => Format::PaddleOcr,
            Self::Csv => Format::Csv,
            Self::Records => Format::Records,
        }
    }
}

impl Shown {
    fn get(self) -> What {
        match self {
            Self::Heads => What::Heads,
            Self::Strips => What::Strips,
            Self::Photographs => What::Photographs,
        }
    }
}

impl WayArg {
    fn get(self) -> Way {
        match self {
            Self::Accepted => Way::Accepted,
            Self::Chosen => Way::Chosen,
            Self::Edited => Way::Edited,
            Self::Typed => Way::Typed,
            Self::Imported => Way::Imported,
        }
    }
}

/// Shares of the parts, as 80,10,10.
pub(super) fn shares(text: &str) -> Result<Shares, String> {
    let numbers: Option<Vec<f32>> = text.split([',', '/']).map(|n| n.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[train, validation, test])
            if [train, validation, test].iter().all(|v| (0.0..=1e6).contains(v)) && train > 0.0 =>
        {
            Ok(Shares([train, validation, test]))
        }
        _ => Err("write three shares, as 80,10,10".into()),
    }
}
