//! The page that shows what became of every labelled head: one file, with its pictures beside it.
//!
//! Pictures are written as they come; what is kept until the end is text. Nothing on the page comes from the network, and
//! it runs no program.

mod cards;
mod figures;
mod names;
mod pictures;

pub use pictures::Pictures;

use super::{Judged, Kind, Summary, Verdict};
use crate::html::{DOCTYPE, Markup, Outside, PreEscaped, html};
use crate::output::{self, Existing, Made, Output, OutputError};
use names::{PICTURES, crop_name, missed_name, strip_name};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What an earlier page is known by, which may be written over.
const GENERATOR: &str = "<meta name=\"generator\" content=\"headstamp model eval\">";
/// Where the page may take anything from: nowhere but its own folder.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: data:";
/// Bytes at the start of a page in which that is looked for.
const HEAD: usize = 1024;

/// The page, and the pictures beside it, whose folder is the page's own.
const PAGE: Made = Made { name: "report", begins: is_page, lasting: false };
const PICTURE: Made =
    Made { name: "picture of a report", begins: |start| start.starts_with(b"\xff\xd8\xff"), lasting: false };

fn is_page(start: &[u8]) -> bool {
    String::from_utf8_lossy(&start[..start.len().min(HEAD)]).contains(GENERATOR)
}

/// What is said of how the readings came about.
#[derive(Debug, Clone)]
pub struct About {
    /// The file of labels.
    pub labels: String,
    /// The models.
    pub model: String,
    /// Whether conventions of headstamps helped to choose.
    pub prior: bool,
    /// Whether the user interrupted it.
    pub interrupted: bool,
}

/// A page that is being made.
#[derive(Debug)]
pub struct Page {
    folder: PathBuf,
    names: Vec<String>,
}

impl Page {
    /// Begins a page in a new or empty folder, or in the place of an earlier page.
    pub fn create(folder: &Path, existing: Existing) -> Result<Self, OutputError> {
        let page = Self { folder: folder.to_path_buf(), names: Vec::new() };
        let begun =
            format!("<!DOCTYPE html>{GENERATOR}<meta charset=\"utf-8\"><title>headstamp</title><p>Not finished.\n");
        output::allowed(&page.file(), PAGE, existing)?;
        output::make_folder(&folder.join(PICTURES))?;
        output::write(&page.file(), begun.as_bytes(), PAGE, existing)?;
        Ok(page)
    }

    /// Whether a folder can take a page without anything of somebody else's being written over.
    pub fn fits(folder: &Path) -> bool {
        let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        let earlier = || fs::read(folder.join("index.html")).is_ok_and(|page| is_page(&page));
        empty || earlier()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("index.html")
    }

    /// Writes the pictures of the next photograph.
    pub fn add(&mut self, photo: &str, pictures: &Pictures) -> io::Result<()> {
        let number = self.names.len();
        let write = |name: String, bytes: &[u8]| {
            output::write(&self.folder.join(name), bytes, PICTURE, Existing::ReplaceEarlier)
        };
        for (i, (crop, strip)) in pictures.heads.iter().enumerate() {
            write(crop_name(number, i), crop)?;
            write(strip_name(number, i), strip)?;
        }
        for (label, crop) in &pictures.missed {
            write(missed_name(number, *label), crop)?;
        }
        self.names.push(photo.to_owned());
        Ok(())
    }

    /// Writes the page: the photographs that were added, as they were judged, and what follows from them.
    pub fn finish(self, photos: &[Judged], summary: &Summary, about: &About) -> io::Result<PathBuf> {
        let path = self.file();
        let mut out = Output::create(&path, PAGE, Existing::ReplaceEarlier)?;
        let top = html! {
            meta charset="utf-8";
            (PreEscaped(GENERATOR))
            meta name="viewport" content="width=device-width";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            title { "headstamp: " (Outside(&about.labels)) }
            style { (PreEscaped(include_str!("style.css"))) }
        };
        write!(out, "{}<html lang=\"en\">\n<head>{}</head>\n<body>\n", DOCTYPE.0, top.0)?;
        write!(out, "{}\n{}\n", header(summary, about).0, figures::all(summary).0)?;
        self.heads(&mut out, photos)?;
        writeln!(out, "</body>\n</html>")?;
        out.finish()?;
        Ok(path)
    }

    /// Every head, by what became of it.
    fn heads(&self, out: &mut dyn Write, photos: &[Judged]) -> io::Result<()> {
        let all: Vec<(usize, usize, &Verdict)> = photos
            .iter()
            .enumerate()
            .flat_map(|(p, judged)| judged.verdicts.iter().enumerate().map(move |(l, v)| (p, l, v)))
            .collect();
        writeln!(out, "{}", key().0)?;
        for kind in Kind::ALL {
            let mut here: Vec<_> = all.iter().filter(|(.., v)| v.kind == kind).collect();
            // the surest first: of what went wrong, that is the worst
            let sure = |v: &Verdict| v.confidence().unwrap_or(0.0);
            here.sort_by(|a, b| sure(b.2).total_cmp(&sure(a.2)));
            let begin = html! {
                h2 id=(kind.key()) { (kind.title()) " (" (here.len()) ")" }
                p.soft { (kind.meaning()) }
            };
            // what went well is there to be looked up, not to be leafed through
            let (open, close) = if kind.is_well() && !here.is_empty() {
                ("<details><summary>show them</summary>", "</details>")
            } else {
                ("", "")
            };
            writeln!(out, "<section>{}{open}<div class=\"cards\">", begin.0)?;
            for &&(photo, label, verdict) in &here {
                out.write_all(cards::verdict(&self.names[photo], photo, label, verdict).0.as_bytes())?;
            }
            writeln!(out, "</div>{close}</section>")?;
        }
        let extra: usize = photos.iter().map(|p| p.extra.len()).sum();
        let begin = html! {
            h2 #extra { "heads without a label (" (extra) ")" }
            p.soft { "Found where the labels have none." }
        };
        writeln!(out, "<section>{}<div class=\"cards\">", begin.0)?;
        for (photo, judged) in photos.iter().enumerate() {
            for head in &judged.extra {
                out.write_all(cards::extra(&self.names[photo], photo, head).0.as_bytes())?;
            }
        }
        writeln!(out, "</div></section>")
    }
}

fn header(summary: &Summary, about: &About) -> Markup {
    let score = &summary.score;
    html! {
        header {
            h1 { "What became of every head" }
            p.soft {
                (score.photos) " photographs of " span.mono { (Outside(&about.labels)) } ", "
                (score.heads) " labelled heads, " (score.legible) " of them legible. Read with " (Outside(&about.model))
                @if !about.prior { ", by what was seen alone" } "."
                @if about.interrupted { " " b { "Interrupted: the rest was not read." } }
            }
        }
    }
}

/// What the colours in the pictures mean.
fn key() -> Markup {
    let colours = [("#00b8cc", "rim found"), ("#e04fc0", "label"), ("#d9a400", "marks")];
    html! {
        h2 { "Heads" }
        p.soft.key {
            "In the pictures:"
            @for (colour, of) in colours { i style={ "color:" (colour) } {} (of) }
            ". Under them the ring unrolled, clockwise from the top. Boxes beside a reading: the label's character over the \
             one read."
        }
    }
}
