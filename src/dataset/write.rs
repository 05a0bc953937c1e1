//! A dataset written into a folder.

use super::card;
use super::croissant;
use super::cut::{Cut, Opened, What};
use super::folder::{DatasetError, Folder, Wanted, Written};
use super::formats;
use super::gather::{Counts, Sample};
use super::page::Page;
use super::split::Part;
use super::table;
use crate::output;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Writes samples, each with its part, into a new or empty folder. `find` tells where a photograph is now. Photographs that
/// cannot be read are left out and told.
pub fn write(
    samples: &[(Sample, Part)],
    left_out: &Counts,
    wanted: &Wanted,
    folder: &Path,
    find: &dyn Fn(&Sample) -> PathBuf,
) -> Result<Written, DatasetError> {
    if std::fs::read_dir(folder).is_ok_and(|mut there| there.next().is_some()) {
        return Err(DatasetError::NotEmpty(folder.to_path_buf()));
    }
    output::make_folder(folder)?;
    let mut to = Folder::new(folder, wanted, find);
    let mut written = Written::default();
    let mut pages: Vec<Page> = Vec::new();
    let mut rows = vec![table::names(wanted.private)];
    // a photograph is opened once: samples are in the order of their photographs
    for together in samples.chunk_by(|a, b| a.0.place.photo == b.0.place.photo) {
        let Some((first, _)) = together.first() else { continue };
        let opened = match Opened::open(&find(first), &first.place.photo, wanted.what) {
            Ok(opened) => opened,
            Err(e) => {
                written.failed.push(e);
                continue;
            }
        };
        let one_by_one: Vec<Vec<&(Sample, Part)>> = match wanted.what {
            What::Photographs => vec![together.iter().collect()],
            _ => together.iter().map(|s| vec![s]).collect(),
        };
        for members in one_by_one {
            let Some(&&(ref sample, part)) = members.first() else { continue };
            let mut cut = Cut::of(wanted.what, &opened, sample)?;
            let file = table::file(&wanted.format.folder(part), sample, wanted.what, cut.ending);
            to.put(&file, &std::mem::take(&mut cut.bytes))?;
            for (sample, _) in members.iter().copied() {
                rows.push(table::cells(sample, part, &file, wanted.private));
                *written.heads.entry(part).or_default() += 1;
            }
            pages.push(Page { file, part, cut, samples: members.into_iter().map(|(s, _)| s).collect() });
        }
    }
    formats::write(wanted.format, &pages, wanted.what == What::Photographs, &mut to)?;
    written.unfit = to.unfit_heads();
    let heads = table::csv(&rows)?;
    to.put("heads.csv", &heads)?;
    let hash = hex::encode(Sha256::digest(&heads));
    to.put("croissant.json", croissant::metadata(wanted, &rows[0], &hash).as_bytes())?;
    to.put("README.md", card::card(&pages, left_out, wanted, &written).as_bytes())?;
    Ok(written)
}
