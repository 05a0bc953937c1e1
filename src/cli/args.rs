//! What can be asked for.

use crate::catalogue::Field;
use crate::evaluate::Trait;
use crate::list::{self, Charset};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Reads the headstamps of cartridge cases from photographs.
///
/// headstamp finds the case heads in photographs, reads the marks stamped on them, and proposes ranked headstamps with
/// country, for a person to confirm. It works offline: no photograph leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "headstamp", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read photographs and print ranked proposals; writes no catalogue
    Read(ReadArgs),
    /// Read photographs into the worklist of a catalogue; what it holds already is passed over
    Add(AddArgs),
    /// Say what is known of photographs that a catalogue holds: site, calibre, who found them
    Set(SetArgs),
    /// Confirm what was proposed, head by head
    Review(ReviewArgs),
    /// Count worklist and entries, and show the end of the history
    Status(StatusArgs),
    /// Write the confirmed entries to a file
    Export(ExportArgs),
    /// Take in entries from a file, or a colleague's catalogue
    Import(ImportArgs),
    /// Write a consistent copy of a catalogue, also while it is in use
    Backup(BackupArgs),
    /// Prove that history and photographs are unaltered
    Verify(VerifyArgs),
    /// Tables, figures and a page of a catalogue; or a sheet of one case
    Report(ReportArgs),
    /// Compare the varieties of catalogues
    Compare(CompareArgs),
    /// Find what was entered by the marks it bears
    Find(FindArgs),
    /// Rank the entries that are most likely wrong, each with the reason
    Check(CheckArgs),
    /// Export confirmed heads as training data, or say which heads to review next
    Dataset(DatasetArgs),
    /// Say what headstamps mean: maker, country, year and calibre, with the evidence
    Explain(ExplainArgs),
    /// Look marks up in the registry of codes, with sources
    Codes(CodesArgs),
    /// Show the models in use, or measure them
    #[command(subcommand)]
    Model(ModelCommand),
    /// Render labelled synthetic photographs
    Synth(SynthArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelCommand {
    /// Show the models in use, what runs them, and how good they are
    Info(InfoArgs),
    /// Read labelled photographs or confirmed heads and compare; or other models with those in use
    Eval(EvalArgs),
    /// Take in other models, if they read no worse than those in use, and use them from now on
    Install(InstallArgs),
    /// List the models that were taken in, the built-in ones first; `*` marks those in use
    List(VersionsArgs),
    /// Go over to models that were taken in, or back to the built-in ones
    Use(UseArgs),
    /// Print what networks are made for, as JSON: what training must keep to
    Contract,
}

/// Which models, and what runs them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Models")]
pub(super) struct ModelArgs {
    /// Use the models in this folder instead of the built-in ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub models: Option<PathBuf>,
    /// Use this ONNX Runtime library (libonnxruntime) instead of the built-in tract
    #[arg(long, value_name = "PATH", env = "ORT_DYLIB_PATH", value_hint = ValueHint::FilePath)]
    pub onnxruntime: Option<PathBuf>,
}

/// What marks mean besides.
#[derive(Debug, Args)]
pub(super) struct RegistryArgs {
    /// Add your own codes: a CSV file, or a folder of them; they take precedence
    #[arg(long = "registry", id = "registry", value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = "Registry")]
    pub own: Option<PathBuf>,
    /// Their code page, such as windows-1252 or windows-1251 [default: UTF-8, or what its mark says]
    #[arg(long = "registry-encoding", id = "registry_encoding", value_name = "NAME", value_parser = list::charset, requires = "registry", help_heading = "Registry")]
    pub encoding: Option<Charset>,
}

/// How photographs are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReaderArgs {
    #[command(flatten)]
    pub models: ModelArgs,
    #[command(flatten)]
    pub registry: RegistryArgs,
    /// Rank by what was seen alone, without conventions of headstamps
    #[arg(long)]
    pub no_prior: bool,
    /// Photographs read side by side [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// Photographs (JPEG, HEIC, PNG, TIFF, WebP, BMP), or folders of them
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Print one JSON object a line, one line a photograph
    #[arg(long)]
    pub json: bool,
    /// Most proposals for a head
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub top: u8,
    /// Read each head by itself: without this, like heads of the batch vouch for each other, and results come at the end
    #[arg(long)]
    pub alone: bool,
    /// Draw rim, marks and text on copies of the photographs, in this folder, as each head is read by itself
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub annotate: Option<PathBuf>,
    /// Replace earlier annotated copies; nothing else is ever replaced
    #[arg(long, requires = "annotate")]
    pub force: bool,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The catalogue; made if it is not there
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Photographs (JPEG, HEIC, PNG, TIFF, WebP, BMP), or folders of them
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// What is known of all of them, such as site=Kidal or date_found=2015-03
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    pub set: Vec<(Field, String)>,
    /// What is known of some: a table with a column `file` (path, name or SHA-256) or `folder`, and a column for each field
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fields: Option<PathBuf>,
    /// Show what the table of --fields was taken for and which photographs it is about; read and write nothing
    #[arg(long, requires = "fields")]
    pub dry_run: bool,
    /// Read those that are held already anew with the models in use: proposals for heads that wait are renewed, what was decided stays
    #[arg(long, conflicts_with_all = ["dry_run", "set", "fields"])]
    pub renew: bool,
    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub by: Option<String>,
    /// Most proposals for a head
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub top: u8,
    #[command(flatten)]
    pub list: ListArgs,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Args)]
pub(super) struct SetArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// The photographs, or folders of them, known by their content; with --fields all that are held if none is named
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// What is known of all of them, such as site=Kidal or date_found=2015-03
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    pub set: Vec<(Field, String)>,
    /// What is known of some: a table with a column `file` (path, name or SHA-256) or `folder`, and a column for each field
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fields: Option<PathBuf>,
    /// Show what the table was taken for and what would change; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub by: Option<String>,
    #[command(flatten)]
    pub list: ListArgs,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

/// How a list is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Lists")]
pub(super) struct ListArgs {
    /// Take this column of the list for this field, such as stamp=headstamp
    #[arg(long, value_name = "THEIRS=FIELD", value_parser = list::mapping)]
    pub map: Vec<(String, String)>,
    /// Keep columns that are no field with their rows, as they are
    #[arg(long)]
    pub keep_columns: bool,
    /// What separates cells: a character, or `tab` [default: found out]
    #[arg(long, value_name = "CHARACTER", value_parser = list::separator)]
    pub delimiter: Option<u8>,
    /// The code page, such as windows-1252 or windows-1251 [default: UTF-8, or what its mark says]
    #[arg(long, value_name = "NAME", value_parser = list::charset)]
    pub encoding: Option<Charset>,
}

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Ask in the terminal instead of serving the page
    #[arg(long)]
    pub terminal: bool,
    /// Serve the page on this port of this computer [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, conflicts_with = "terminal")]
    pub port: u16,
    /// Print the address and open no browser
    #[arg(long, conflicts_with = "terminal")]
    pub no_open: bool,
    /// Go through the photographs without a case head, which may show the side of a case, its box, or a head that was missed
    #[arg(long, requires = "terminal", conflicts_with = "conflicts")]
    pub without_heads: bool,
    /// Settle decisions that contradict each other, instead of going through the worklist
    #[arg(long, requires = "terminal")]
    pub conflicts: bool,
    /// Go through the entries that are likely wrong, as `check` ranks them: each is confirmed, put right or dismissed
    #[arg(long, requires = "terminal", conflicts_with_all = ["conflicts", "without_heads"])]
    pub doubtful: bool,
    /// Ask line by line, without keys and colours: for screen readers and scripts
    #[arg(long, requires = "terminal")]
    pub plain: bool,
    /// Mix in so many heads whose headstamp is known, half of them with a wrong proposal, such as 2%; what was made of them
    /// is told in the summary, and never entered
    #[arg(long, value_name = "SHARE", value_parser = controls, conflicts_with_all = ["terminal", "blind"])]
    pub controls: Option<f32>,
    /// Go through the heads that others entered, without seeing as what; how far both agree is told, and nothing is entered
    #[arg(long, conflicts_with = "terminal")]
    pub blind: bool,
    /// Who confirms [default: the user's name]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub by: Option<String>,
    #[command(flatten)]
    pub registry: RegistryArgs,
    #[command(flatten)]
    pub models: ModelArgs,
}

/// A share of controls, as 2% or 0.02.
fn controls(text: &str) -> Result<f32, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |n| (n, 100.0));
    let share = number.trim().parse::<f32>().map_err(|_| format!("`{text}` is no share: write 2% or 0.02"))? / unit;
    let most = crate::review::controls::MOST_SHARE;
    if (0.0..=most).contains(&share) {
        Ok(share)
    } else {
        Err(format!("it must be between 0 and {:.0}%", most * 100.0))
    }
}

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FileFormat {
    /// A table
    Csv,
    /// One JSON object a line
    Jsonl,
    /// An Excel workbook: entries, varieties, and what the columns mean
    Xlsx,
    /// A table for programs (Apache Parquet)
    Parquet,
    /// Catalogue, photographs, entries and chain in one file (ZIP), for others to verify
    Bundle,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// The form
    #[arg(long, value_enum)]
    pub format: FileFormat,
    /// Everything: all fields, how each value is known and who vouches for it; read back, it is the same
    #[arg(long)]
    pub full: bool,
    /// Also who held and collected it, and the rows of lists as given: left out otherwise, since they are not for everybody
    #[arg(long, conflicts_with = "full")]
    pub private: bool,
    /// Of a bundle: leave out holder, collector and rows as given, wherever they stand, and what was written into photographs;
    /// the salts by which they can be proved are written beside it, and are not to be handed over
    #[arg(long)]
    pub redact: bool,
    /// Of a redacted bundle: leave out this field too; may be said several times
    #[arg(long, value_name = "FIELD", requires = "redact")]
    pub leave_out: Vec<Field>,
    /// Of a bundle: sign it with this private key (Ed25519, PEM), as verify --new-key makes one
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    pub sign: Option<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Replace an earlier export; nothing else is ever replaced
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Leave out the mark at the start of a CSV file, by which spreadsheets on Windows know the script
    #[arg(long, requires = "out")]
    pub no_mark: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ImportFormat {
    /// A table, as export or a spreadsheet writes it
    Csv,
    /// One JSON object a line, as export writes it
    Jsonl,
    /// An Excel workbook: its sheet of entries, or else its first
    Xlsx,
    /// Another catalogue, with its history
    Catalogue,
}

/// What rows without an id are that say what an entry says which is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AlikeArg {
    /// Cases of their own
    New,
    /// The entries that are held
    Held,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The catalogue; made if it is not there
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// The form of what is taken in
    #[arg(long, value_enum)]
    pub format: ImportFormat,
    /// What is taken in
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Take the rows that are in order although others are not
    #[arg(long)]
    pub partial: bool,
    /// Show what each column was taken for and the first rows as they would be entered; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Join rows to the photographs of this folder, by a column `photo`: path, name or SHA-256
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub photos: Option<PathBuf>,
    /// What rows without an id are that say what an entry says [default: new, but those of an export without its ids]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub alike: Option<AlikeArg>,
    /// Take in also what came after two copies of one catalogue went on apart, as a history of its own
    #[arg(long)]
    pub forked: bool,
    /// Who vouches for it [default: the user's name]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub by: Option<String>,
    #[command(flatten)]
    pub list: ListArgs,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// A new file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present_any = ["bundle", "new_key"])]
    pub catalogue: Option<PathBuf>,
    /// Look for every photograph in this folder, by content
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "catalogue")]
    pub photos: Option<PathBuf>,
    /// The chain head that was noted earlier, as status and verify print it: was the history rewritten or shortened since?
    #[arg(long, value_name = "HASH", value_parser = hash, requires = "catalogue")]
    pub head: Option<String>,
    /// A chain head that was signed earlier with --sign: does the signature hold, and was the history shortened since?
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "catalogue", conflicts_with = "head")]
    pub signed: Option<PathBuf>,
    /// The public key by which it has to be signed, in hexadecimal, as --new-key prints it
    #[arg(long, value_name = "HEX", value_parser = hash)]
    pub key: Option<String>,
    /// Sign the chain head with this private key (Ed25519, PEM), and print it as JSON
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath, requires = "catalogue", conflicts_with = "photos")]
    pub sign: Option<PathBuf>,
    /// Verify a bundle that export wrote, with nothing else
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "catalogue")]
    pub bundle: Option<PathBuf>,
    /// Write a new private key to this file, and print its public key
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["catalogue", "bundle", "key"])]
    pub new_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Write into this folder: index.html, and beside it tables, figures and all entries
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Count only entries of which this is recorded: site=Kidal, date_found=2013; FIELD= for those of which it is not
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub conditions: Vec<crate::report::chosen::Condition>,
    /// Gather producers with at most this share in a note, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    pub threshold: f64,
    /// How many varieties are listed
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
    /// What it is of, as its title says
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A sheet of this case instead: its photographs, marks, decisions and hashes
    #[arg(long, value_name = "ID", conflicts_with_all = ["conditions", "threshold", "top", "title"])]
    pub case: Option<String>,
    /// Replace an earlier report; nothing else is ever replaced
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// The catalogue that it is compared with; may be said several times, for a list of stocks
    #[arg(long, value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub with: Vec<PathBuf>,
    /// Count only entries of which this is recorded, in every catalogue
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub conditions: Vec<crate::report::chosen::Condition>,
    /// Write every variety with its cases in each catalogue to this file, as CSV
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Replace an earlier comparison; nothing else is ever replaced
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Shared varieties that are printed
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "json")]
    pub top: u16,
}

/// A share in percent.
fn percent(text: &str) -> Result<f64, String> {
    let share = text.trim_end_matches('%').trim().parse::<f64>().ok().filter(|s| (0.0..=100.0).contains(s));
    share.ok_or_else(|| "that is no share from 0 to 100 percent".into())
}

/// A SHA-256 or a public key in hexadecimal.
fn hash(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let is = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is.then_some(text).ok_or_else(|| "it has 64 hexadecimal digits".into())
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Headstamps in the notation: elements clockwise, joined by _, such as 945_05
    #[arg(required = true, value_name = "HEADSTAMP")]
    pub headstamps: Vec<String>,
    /// The calibre, where you know it; it settles much
    #[arg(long, value_name = "CALIBRE")]
    pub calibre: Option<String>,
    /// Print one JSON object a line, one line a headstamp
    #[arg(long)]
    pub json: bool,
    /// Most meanings of a headstamp
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50), conflicts_with = "json")]
    pub top: u8,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(super) struct FindArgs {
    /// Elements or parts of them, in any order: 31_9 is on 31_94; ? is any mark
    #[arg(value_name = "MARKS")]
    pub marks: crate::catalogue::search::Wanted,
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Print the entries, not their headstamps
    #[arg(long)]
    pub entries: bool,
    /// Print at most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub top: u32,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Check the entries of this catalogue, by what was read of their photographs
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "entries")]
    pub catalogue: Option<PathBuf>,
    /// Check the rows of this list instead (CSV, XLSX, JSON Lines); a column `photo` names photographs
    #[arg(long, value_name = "LIST", value_hint = ValueHint::FilePath, conflicts_with = "catalogue", requires = "photos")]
    pub entries: Option<PathBuf>,
    /// Where the photographs are; of a catalogue, they are held against what was added, and read where it holds no reading
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub photos: Option<PathBuf>,
    /// Print one JSON object a line, one line an entry: all of them
    #[arg(long)]
    pub json: bool,
    /// Print a table of all entries as CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print at most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["json", "csv"])]
    pub top: Option<u32>,
    #[command(flatten)]
    pub list: ListArgs,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DatasetFormat {
    /// Hugging Face: pictures by split, with metadata.jsonl
    Imagefolder,
    /// COCO: pictures by split, with boxes in annotations/
    Coco,
    /// YOLO, as Ultralytics reads it: images/, labels/, data.yaml
    Yolo,
    /// PaddleOCR: det/ and rec/ with their label files
    Paddleocr,
    /// A table and the pictures
    Csv,
    /// The records that training/ takes, as synth --format strips writes them
    Records,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shown {
    /// A head each, cut out as it lies
    Heads,
    /// A head each, its ring unrolled
    Strips,
    /// Whole photographs
    Photographs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WayArg {
    /// The first proposal, as it was
    Accepted,
    /// Another proposal
    Chosen,
    /// A proposal, changed
    Edited,
    /// Typed
    Typed,
    /// From a list
    Imported,
}

#[derive(Debug, Args)]
pub(super) struct DatasetArgs {
    /// The catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: PathBuf,
    /// Write into this folder, new or empty
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required_unless_present = "suggest", requires = "format")]
    pub out: Option<PathBuf>,
    /// The form
    #[arg(long, value_enum, requires = "out")]
    pub format: Option<DatasetFormat>,
    /// What pictures show [default: heads; of coco and yolo photographs, of records strips]
    #[arg(long, value_enum, value_name = "WHAT", requires = "out")]
    pub show: Option<Shown>,
    /// Where the photographs are now, if they were moved
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "out")]
    pub photos: Option<PathBuf>,
    /// Shares of train, validation and test, by variety: each stays where it is as the catalogue grows [default: 80,10,10]
    #[arg(long, value_name = "SHARES", value_parser = super::dataset::shares, requires = "out")]
    pub split: Option<crate::dataset::Shares>,
    /// At most so many heads of a variety
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), requires = "out")]
    pub most: Option<u32>,
    /// Only heads that are at least so legible, 0 to 1
    #[arg(long, value_name = "LEAST", default_value_t = 0.0, value_parser = legibility, requires = "out", hide_default_value = true)]
    pub legibility: f32,
    /// Only heads whose headstamp came about so; may be said several times
    #[arg(long, value_enum, value_name = "HOW", value_delimiter = ',', requires = "out")]
    pub way: Vec<WayArg>,
    /// Only heads that were confirmed one by one, not on a sheet of like ones
    #[arg(long, requires = "out")]
    pub one_by_one: bool,
    /// Also holder, collector, tray, notes and rows as given: left out otherwise
    #[arg(long, requires = "out")]
    pub private: bool,
    /// What it is called, as its card says [default: the catalogue's name]
    #[arg(long, value_name = "TEXT", requires = "out")]
    pub title: Option<String>,
    /// Under which terms it may be used, as its card says
    #[arg(long, value_name = "TEXT", requires = "out")]
    pub licence: Option<String>,
    /// Print so many heads that wait and are worth a person's time next, each with the reason
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "out")]
    pub suggest: Option<u32>,
    /// Print one JSON object a line
    #[arg(long, requires = "suggest")]
    pub json: bool,
}

/// A legibility.
fn legibility(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v| (0.0..=1.0).contains(v)).ok_or("a number from 0 to 1".into())
}

#[derive(Debug, Args)]
pub(super) struct CodesArgs {
    /// A mark, such as 10, FN or П; all of them if it is left out
    #[arg(value_name = "MARK")]
    pub mark: Option<String>,
    /// Of this country alone (ISO 3166, two letters)
    #[arg(long, value_name = "ISO2")]
    pub country: Option<String>,
    /// Of this calibre alone
    #[arg(long, value_name = "CALIBRE")]
    pub calibre: Option<String>,
    /// Print one JSON object a line, one line a row
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print the rows as a table that can be used as --registry
    #[arg(long)]
    pub csv: bool,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

fn field(text: &str) -> Result<(Field, String), String> {
    crate::catalogue::fields::assignment(text)
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().any(char::is_control) { Err("write a name".into()) } else { Ok(name.to_owned()) }
}

#[derive(Debug, Args)]
pub(super) struct InfoArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub models: ModelArgs,
}

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// The labels (photo,x,y,r,headstamp,country,legible), beside their photographs, or the folder of labels.csv
    #[arg(value_name = "LABELS.CSV", value_hint = ValueHint::AnyPath, conflicts_with = "catalogue")]
    pub labels: Option<PathBuf>,
    /// Instead of labels: the confirmed heads of a catalogue that are never learnt from, part `test` of `headstamp dataset`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: Option<PathBuf>,
    /// Where the catalogue's photographs are now, found by content
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "catalogue")]
    pub photos: Option<PathBuf>,
    /// Compare the models in this folder with those in use, head by head
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["report", "features", "force"])]
    pub with: Option<PathBuf>,
    /// Compare also on this many renders with headstamps kept aside, always the same [default: 300; 0 with labels]
    #[arg(long, value_name = "N", requires = "with", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub renders: Option<u64>,
    /// Print JSON: the same figures, and everything they are broken down by
    #[arg(long)]
    pub json: bool,
    /// Print also how heads were read by what they are like; JSON and report always say so
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', conflicts_with = "json")]
    pub by: Vec<TraitArg>,
    /// Write a page that shows what became of every head, with pictures, into this folder (new or empty)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub report: Option<PathBuf>,
    /// Write what the confidence is computed from, one row a proposal
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub features: Option<PathBuf>,
    /// Replace an earlier report or table of features; nothing else is ever replaced
    #[arg(long)]
    pub force: bool,
    /// The code page of the labels, such as windows-1252 [default: UTF-8, or what their mark says]
    #[arg(long, value_name = "NAME", value_parser = list::charset)]
    pub encoding: Option<Charset>,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Args)]
pub(super) struct InstallArgs {
    /// The folder with headstamp-KIND.json and headstamp-KIND.onnx of every kind, and perhaps headstamp-confidence.json
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Compare on the confirmed heads of this catalogue that are never learnt from, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub catalogue: Option<PathBuf>,
    /// Where the catalogue's photographs are now, found by content
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "catalogue")]
    pub photos: Option<PathBuf>,
    /// Compare on this many renders with headstamps kept aside [default: 300]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub renders: Option<u64>,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Args)]
pub(super) struct VersionsArgs {
    /// Print one JSON object a line, with the figures by which each was taken in
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct UseArgs {
    /// A version of `headstamp model list`, or its beginning; `built-in` for the program's own models
    pub version: String,
}

/// What heads are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TraitArg {
    /// Look of metal and marks (renders)
    Metal,
    /// Blur against the height of the marks (renders)
    Focus,
    /// Radius of the rim, in pixels
    Size,
    /// How the marks stand (renders)
    Layout,
    /// What the head bears
    Headstamp,
}

impl TraitArg {
    /// What is meant.
    pub(super) fn get(self) -> Trait {
        match self {
            Self::Metal => Trait::Metal,
            Self::Focus => Trait::Focus,
            Self::Size => Trait::Size,
            Self::Layout => Trait::Layout,
            Self::Headstamp => Trait::Headstamp,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// JPEGs in a folder, with labels.csv and truth.jsonl
    Photos,
    /// Unrolled heads as binary records, for training the recogniser
    Strips,
    /// Small scenes as binary records, for training the detector
    Scenes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SubjectArg {
    /// Whatever comes: single heads, several among other things, trays, none
    Any,
    /// One head
    Single,
    /// Some heads among other things
    Mixed,
    /// A tray of forty
    Tray,
    /// Coins, washers, caps and empty tables
    None,
}

#[derive(Debug, Args)]
pub(super) struct SynthArgs {
    /// A new or empty folder for photographs; `-` for records on standard output
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// How many
    #[arg(long, value_name = "N")]
    pub count: u64,
    /// The same seed gives the same pictures on every machine
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// What to render
    #[arg(long, value_enum, default_value_t = Format::Photos)]
    pub format: Format,
    /// Bear headstamps that training never shows
    #[arg(long)]
    pub held_aside: bool,
    /// Photographs: what they show [default: any]
    #[arg(long, value_enum)]
    pub subject: Option<SubjectArg>,
    /// Photographs: width and height in pixels [default: 1200x900]
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(usize, usize)>,
    /// Photographs: throw those anew in which a head does not count as legible: a mark under 9 pixels high, blurred by more than a fifth of the distance between its lines, or with less than three quarters of its outline showing
    #[arg(long)]
    pub legible: bool,
    /// Photographs: let varieties come again as in a batch from the field: six make up a third, 150 others the rest
    #[arg(long)]
    pub recurring: bool,
    /// Strips: share crowded with random marks, which teach characters fast [default: 0.3]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub crowded: Option<f32>,
    /// Photographs: heads of rough metal, hammered, dinged and scratched, as training shows none
    #[arg(long)]
    pub rough: bool,
    /// Add the typefaces (TTF, OTF) of this folder to the built-in ones: the same seed then gives the same pictures where the folder is the same
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub fonts: Option<PathBuf>,
    /// Use the typefaces of --fonts alone
    #[arg(long, requires = "fonts")]
    pub only_fonts: bool,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

fn share(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v| (0.0..=1.0).contains(v)).ok_or("a number from 0 to 1".into())
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let (w, h) = text.split_once('x').ok_or("write it as 1200x900")?;
    let side = |s: &str| s.parse().ok().filter(|v| (64..=8192).contains(v)).ok_or("sides are 64 to 8192 pixels");
    Ok((side(w)?, side(h)?))
}
