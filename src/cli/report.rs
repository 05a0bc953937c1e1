//! `headstamp report`.

use super::args::ReportArgs;
use super::entries::readable;
use super::say::unwritten;
use crate::catalogue::CatalogueError;
use crate::error::{Error, Status};
use crate::output::{self, Existing, OutputError};
use crate::report::case;
use crate::report::files::{self, ReportError};
use crate::report::page::About;
use crate::report::study::Study;
use crate::report::tables::{Setting, tables};
use std::io::{self, Write};

pub(super) fn run(args: &ReportArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let existing = Existing::forced(args.force);
    let at = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    let page = if let Some(id) = &args.case {
        let found = catalogue.find_case(id).map_err(failed)?;
        let sheet = found.map(|case| Ok((case, case::sheet(&catalogue, case, &at)?))).transpose().map_err(failed)?;
        let Some((case, Some(sheet))) = sheet else {
            return Err(Error::Usage(format!("{id}: no entry of {} has this id", args.catalogue.display())));
        };
        let io = |source| OutputError::Io { path: args.out.clone(), source }.into_error();
        std::fs::create_dir_all(&args.out).map_err(io)?;
        let path = args.out.join(format!("case-{case}.html"));
        output::write(&path, sheet.as_bytes(), case::SHEET, existing).map_err(OutputError::into_error)?;
        path
    } else {
        let _one_state = catalogue.reading().map_err(failed)?;
        let study = Study::of(&catalogue, &args.conditions).map_err(failed)?;
        let setting = Setting { threshold: args.threshold / 100.0, top: usize::from(args.top) };
        let tables = tables(&study, &catalogue, setting).map_err(failed)?;
        let conditions: Vec<String> = args.conditions.iter().map(ToString::to_string).collect();
        let name = args.catalogue.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let about = About {
            title: args.title.as_deref().unwrap_or(&name),
            at: &at,
            head: &catalogue.chain_head().map_err(failed)?.hash,
            conditions: &conditions,
        };
        files::write(&catalogue, &study, &tables, &about, &args.out, existing).map_err(|e| at_fault(e, args))?
    };
    writeln!(io::stdout(), "{}", page.display()).map_err(unwritten)?;
    Ok(Status::Done)
}

fn at_fault(error: ReportError, args: &ReportArgs) -> Error {
    match error {
        ReportError::Catalogue(e) => e.at(&args.catalogue),
        ReportError::Output(e) => e.into_error(),
        other => Error::Write { what: format!("to {}", args.out.display()), source: io::Error::other(other) },
    }
}
