//! The page that shows what became of every labelled head: one file, with its pictures beside it.
//!
//! Pictures are written as they come; what is kept until the end is text. Nothing on the page comes from the network, and
//! it runs no program.

mod cards;
mod figures;
mod html;
mod pictures;

pub use pictures::{CROP, Pictures};

use super::{Judged, Kind, Summary, Verdict};
use html::Safe;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The folder of the pictures, inside that of the page.
const PICTURES: &str = "pictures";
/// What an earlier page is known by, which may be written over.
const GENERATOR: &str = "<meta name=\"generator\" content=\"headstamp model eval\">";
/// Bytes at the start of a page in which that is looked for.
const HEAD: usize = 1024;

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
    /// Begins a page in a new or empty folder, or over an earlier page.
    pub fn create(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join(PICTURES))?;
        let page = Self { folder: folder.to_path_buf(), names: Vec::new() };
        let mut file = fs::File::create(page.file())?;
        writeln!(file, "<!DOCTYPE html>{GENERATOR}<meta charset=\"utf-8\"><title>headstamp</title><p>Not finished.")?;
        Ok(page)
    }

    /// Whether a folder can take a page without anything of somebody else's being written over.
    pub fn fits(folder: &Path) -> bool {
        let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        let earlier = || {
            let start = fs::read(folder.join("index.html")).unwrap_or_default();
            String::from_utf8_lossy(&start[..start.len().min(HEAD)]).contains(GENERATOR)
        };
        empty || earlier()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("index.html")
    }

    /// Writes the pictures of the next photograph.
    pub fn add(&mut self, photo: &str, pictures: &Pictures) -> io::Result<()> {
        let number = self.names.len();
        let write = |name: String, bytes: &[u8]| fs::write(self.folder.join(name), bytes);
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
        let mut out = BufWriter::new(fs::File::create(&path)?);
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{GENERATOR}\n<meta name=\"viewport\" \
             content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; img-src 'self' file: data:\">\n<title>headstamp: {labels}</title>\n<style>\n{css}\
             </style>\n</head>\n<body>\n",
            labels = Safe(&about.labels),
            css = include_str!("style.css"),
        )?;
        self.header(&mut out, summary, about)?;
        figures::all(&mut out, summary)?;
        self.heads(&mut out, photos)?;
        writeln!(out, "</body>\n</html>")?;
        out.flush()?;
        Ok(path)
    }

    fn header(&self, out: &mut dyn Write, summary: &Summary, about: &About) -> io::Result<()> {
        let score = &summary.score;
        writeln!(
            out,
            "<header><h1>What became of every head</h1>\n<p class=\"soft\">{} photographs of <span class=\"mono\">{}</span>, \
             {} labelled heads, {} of them legible. Read with {}{}.{}</p></header>",
            score.photos,
            Safe(&about.labels),
            score.heads,
            score.legible,
            Safe(&about.model),
            if about.prior { "" } else { ", by what was seen alone" },
            if about.interrupted { " <b>Interrupted: the rest was not read.</b>" } else { "" },
        )
    }

    /// Every head, by what became of it.
    fn heads(&self, out: &mut dyn Write, photos: &[Judged]) -> io::Result<()> {
        let all: Vec<(usize, usize, &Verdict)> = photos
            .iter()
            .enumerate()
            .flat_map(|(p, judged)| judged.verdicts.iter().enumerate().map(move |(l, v)| (p, l, v)))
            .collect();
        writeln!(
            out,
            "<h2>Heads</h2><p class=\"soft key\">In the pictures:<i style=\"color:#00b8cc\"></i>rim found<i style=\"color:\
             #e04fc0\"></i>label<i style=\"color:#d9a400\"></i>marks. Under them the ring unrolled, clockwise from the top. \
             Boxes beside a reading: the label's character over the one read.</p>"
        )?;
        for kind in Kind::ALL {
            let mut here: Vec<_> = all.iter().filter(|(.., v)| v.kind == kind).collect();
            // the surest first: of what went wrong, that is the worst
            let sure = |v: &Verdict| v.confidence().unwrap_or(0.0);
            here.sort_by(|a, b| sure(b.2).total_cmp(&sure(a.2)));
            writeln!(out, "<section><h2 id=\"{}\">{} ({})</h2>", kind.key(), kind.title(), here.len())?;
            writeln!(out, "<p class=\"soft\">{}</p>", kind.meaning())?;
            // what went well is there to be looked up, not to be leafed through
            let folded = kind.is_well() && !here.is_empty();
            if folded {
                writeln!(out, "<details><summary>show them</summary>")?;
            }
            writeln!(out, "<div class=\"cards\">")?;
            for &&(photo, label, verdict) in &here {
                cards::verdict(out, &self.names[photo], photo, label, verdict)?;
            }
            writeln!(out, "</div>{}</section>", if folded { "</details>" } else { "" })?;
        }
        let extra: usize = photos.iter().map(|p| p.extra.len()).sum();
        writeln!(out, "<section><h2 id=\"extra\">heads without a label ({extra})</h2>")?;
        writeln!(out, "<p class=\"soft\">Found where the labels have none.</p><div class=\"cards\">")?;
        for (photo, judged) in photos.iter().enumerate() {
            for head in &judged.extra {
                cards::extra(out, &self.names[photo], photo, head)?;
            }
        }
        writeln!(out, "</div></section>")
    }
}

fn crop_name(photo: usize, head: usize) -> String {
    format!("{PICTURES}/{photo:05}-{head}.jpg")
}

fn strip_name(photo: usize, head: usize) -> String {
    format!("{PICTURES}/{photo:05}-{head}-ring.jpg")
}

fn missed_name(photo: usize, label: usize) -> String {
    format!("{PICTURES}/{photo:05}-label-{label}.jpg")
}
