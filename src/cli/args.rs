//! What can be asked for.

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Reads the headstamps of cartridge cases from photographs.
///
/// headstamp finds the case heads in photographs, reads the marks stamped on them, and proposes ranked headstamps with
/// country, for a person to confirm. It works offline: no photograph leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "headstamp", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read photographs and print ranked proposals; writes no catalogue
    Read(ReadArgs),
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
pub enum ModelCommand {
    /// Show the models in use, what runs them, and how good they are
    Info(InfoArgs),
    /// Read labelled photographs and compare
    Eval(EvalArgs),
}

/// Which models, and what runs them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Models")]
pub struct ModelArgs {
    /// Use the models in this folder instead of the built-in ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub models: Option<PathBuf>,
    /// Use this ONNX Runtime library (libonnxruntime) instead of the built-in tract
    #[arg(long, value_name = "PATH", env = "ORT_DYLIB_PATH", value_hint = ValueHint::FilePath)]
    pub onnxruntime: Option<PathBuf>,
}

/// How photographs are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReaderArgs {
    #[command(flatten)]
    pub models: ModelArgs,
    /// Add your own codes: a CSV file, or a folder of them; they take precedence
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub registry: Option<PathBuf>,
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
pub struct ReadArgs {
    /// Photographs (JPEG, PNG, TIFF, WebP, BMP), or folders of them
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Print one JSON object a line, one line a photograph
    #[arg(long)]
    pub json: bool,
    /// Most proposals for a head
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub top: u8,
    /// Draw rim, marks and text on copies of the photographs, in this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub annotate: Option<PathBuf>,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Args)]
pub struct InfoArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub models: ModelArgs,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The labels (photo,x,y,r,headstamp,country,legible), beside their photographs, or the folder of labels.csv
    #[arg(value_name = "LABELS.CSV", value_hint = ValueHint::AnyPath)]
    pub labels: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Write what the confidence is computed from, one row a proposal
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub features: Option<PathBuf>,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JPEGs in a folder, with labels.csv and truth.jsonl
    Photos,
    /// Unrolled heads as binary records, for training the recogniser
    Strips,
    /// Small scenes as binary records, for training the detector
    Scenes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SubjectArg {
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
pub struct SynthArgs {
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
    /// Photographs: throw those anew in which a head does not count as legible
    #[arg(long)]
    pub legible: bool,
    /// Strips: share crowded with random marks, which teach characters fast [default: 0.3]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub crowded: Option<f32>,
    /// Records: add the typefaces (TTF, OTF) of this folder to the built-in ones
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub fonts: Option<PathBuf>,
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
