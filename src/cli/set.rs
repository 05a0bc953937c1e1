//! `headstamp set`.

use super::args::SetArgs;
use super::entries::{existing, readable};
use super::lists;
use super::say::{complain, say_passed, unwritten, who};
use crate::catalogue::tell::{Said, Saying};
use crate::catalogue::told::Told;
use crate::catalogue::{Catalogue, Field, Values};
use crate::error::{Error, Status};
use crate::photo::{self, Named};
use crate::printable::printable;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::PathBuf;

pub(super) fn run(args: &SetArgs) -> Result<Status, Error> {
    let who = who(args.by.as_deref());
    let usage = |cause: &str| Err(Error::Usage(cause.into()));
    match () {
        () if args.set.is_empty() && args.fields.is_none() => {
            return usage("say something: --set FIELD=VALUE, or --fields LIST");
        }
        () if !args.set.is_empty() && args.paths.is_empty() => {
            return usage("--set is said of the photographs that are named: name files or folders");
        }
        () if args.fields.is_none() && !args.list.is_empty() => {
            return usage("what is said of a list has no effect without --fields");
        }
        () if args.set.iter().any(|(f, _)| *f == Field::Headstamp) => {
            return usage("what a case bears is confirmed by reviewing it, not told");
        }
        () => {}
    }
    let mut catalogue = if args.dry_run { readable(&args.catalogue)? } else { existing(&args.catalogue)? };
    let (photographs, failed) = photographs(args, &catalogue)?;
    let told = told(args, &who, &photographs)?;
    let of = |(path, sha256): &(PathBuf, String)| (sha256.clone(), told.of(path));
    let all: Vec<(String, Values)> = photographs.iter().map(of).filter(|(_, values)| !values.is_empty()).collect();
    let saying = if args.dry_run { Saying::OnTrial } else { Saying::Now };
    let said = catalogue.tell(&all, &who, saying).map_err(|e| e.at(&args.catalogue))?;
    if !said.contradictions.is_empty() {
        said.contradictions.iter().for_each(|c| complain(&printable(c)));
        anstream::eprintln!("nothing was said");
        return Ok(Status::SomeFailed);
    }
    for (case, field, before, now) in &said.replaced {
        anstream::eprintln!("{}", printable(&format!("case {case}: {field} was `{before}`, becomes `{now}`")));
    }
    if args.dry_run {
        let mut out = io::stdout().lock();
        if let Some((dialect, columns)) = told.shape() {
            lists::columns(&mut out, dialect, columns).map_err(unwritten)?;
        }
        writeln!(out, "{}; nothing was written", summary(&said, "would be")).map_err(unwritten)?;
    } else {
        anstream::eprintln!("{}", summary(&said, "were"));
    }
    Ok(if failed == 0 { Status::Done } else { Status::SomeFailed })
}

fn summary(said: &Said, were: &str) -> String {
    let Said { told, amended, unchanged, passed_over, .. } = said;
    let mut all = vec![
        format!("{told} heads that wait {were} told"),
        format!("{amended} entries {were} changed"),
        format!("{unchanged} have it so already"),
    ];
    if *passed_over > 0 {
        all.push(format!("{passed_over} found to be no heads passed over"));
    }
    all.join("; ")
}

/// The photographs that are spoken of, by path and SHA-256: those named, or else all that are held; and how many of those
/// named could not be taken.
fn photographs(args: &SetArgs, catalogue: &Catalogue) -> Result<(Vec<(PathBuf, String)>, usize), Error> {
    let mut held = BTreeMap::new();
    catalogue.readable(|sha256, path| drop(held.insert(sha256, path))).map_err(|e| e.at(&args.catalogue))?;
    if args.paths.is_empty() {
        let mut alike: HashMap<&str, usize> = HashMap::new();
        held.values().for_each(|path| *alike.entry(path).or_default() += 1);
        // two that were added from two places under one name are told apart by their hash before it
        let own = |(sha256, path): (&String, &String)| match alike.get(path.as_str()) {
            Some(1) => (PathBuf::from(path), sha256.clone()),
            _ => (PathBuf::from(sha256).join(path), sha256.clone()),
        };
        return Ok((held.iter().map(own).collect(), 0));
    }
    let photo::Found { photographs: found, passed_over } = photo::find(&args.paths);
    let (mut out, mut failed) = (Vec::new(), 0);
    for one in found {
        let known = one.and_then(|path| photo::sha256(&path).map(|sha256| (path, sha256)));
        match known {
            Ok((path, sha256)) if held.contains_key(&sha256) => out.push((path, sha256)),
            Ok((path, _)) => {
                complain(&format!("{}: the catalogue does not hold it: add it first", path.display()));
                failed += 1;
            }
            Err(e) => {
                complain(&e);
                failed += 1;
            }
        }
    }
    say_passed(&passed_over);
    Ok((out, failed))
}

/// What is told of them, on the command line and by the list.
fn told(args: &SetArgs, who: &str, photographs: &[(PathBuf, String)]) -> Result<Told, Error> {
    let files = || photographs.iter().map(|(path, sha256)| (path.clone(), Some(sha256.clone())));
    lists::told(&args.set, args.fields.as_deref(), &args.list, &args.registry, who, || Named::hashed(files()))
}
