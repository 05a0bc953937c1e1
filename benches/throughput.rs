//! Photographs a second and the share of each stage, for each backend, on rendered 12-megapixel JPEGs from disk.
//!
//! `cargo bench` measures tract, and ONNX Runtime as well where `ORT_DYLIB_PATH` names its library. Each backend runs in a
//! process of its own, since a process has but one. Machines are shared and noisy: compare the ratios within one run.

use headstamp::batch::{self, Options};
use headstamp::confidence::Purpose;
use headstamp::head::detect;
use headstamp::head::locate::locate;
use headstamp::marks::classify::{self, classify};
use headstamp::marks::decode;
use headstamp::marks::recognise::recognise;
use headstamp::model::ModelOptions;
use headstamp::pipeline::{Knowledge, Pipeline};
use headstamp::proposals::{Conventions, propose};
use headstamp::reader::Want;
use headstamp::registry::Registry;
use headstamp::synth::{glyphs, photos::Order, words::Split};
use headstamp::{photo, strip};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Twelve megapixels, held upright, as phones take them.
const SIZE: (usize, usize) = (3024, 4032);
/// Different photographs, and how often each is read.
const PHOTOS: u64 = 12;
const TIMES: usize = 4;
const THREADS: usize = 2;
/// Stages of the reader, in order.
const STAGES: [&str; 6] = ["decode", "locate", "unwrap", "recognise", "classify", "propose"];
/// Tells a process which backend it measures.
const CHILD: &str = "HEADSTAMP_BENCH_BACKEND";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("photographs-12mp");
    if let Ok(backend) = std::env::var(CHILD) {
        return measure(&backend, &folder);
    }
    if !folder.join("labels.csv").exists() {
        eprintln!("rendering {PHOTOS} photographs of {} x {} pixels", SIZE.0, SIZE.1);
        let (width, height) = SIZE;
        let subject = Some(headstamp::synth::scene::Subject::Single);
        let order = Order {
            count: PHOTOS,
            seed: 12,
            subject,
            width,
            height,
            split: Split::HeldAside,
            legible: false,
            recurring: false,
            metal: headstamp::synth::rough::Metal::Known,
        };
        order.write(&folder, &glyphs::embedded(), &|| true)?;
    }
    for backend in ["tract", "onnxruntime"] {
        if backend == "onnxruntime" && std::env::var_os("ORT_DYLIB_PATH").is_none() {
            println!("onnxruntime: not measured, ORT_DYLIB_PATH is not set");
            continue;
        }
        let status = std::process::Command::new(std::env::current_exe()?).env(CHILD, backend).status()?;
        if !status.success() {
            return Err(format!("{backend}: {status}").into());
        }
    }
    Ok(())
}

fn measure(backend: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let library = std::env::var_os("ORT_DYLIB_PATH").map(PathBuf::from).filter(|_| backend == "onnxruntime");
    let options = ModelOptions { onnxruntime: library, ..ModelOptions::default() };
    let knowledge = Arc::new(Knowledge::open(&options, Registry::embedded(), true, Purpose::Reading)?);
    let photographs: Vec<PathBuf> = (0..PHOTOS).map(|i| folder.join(Order::name(i))).collect();

    let found: Vec<_> = (0..TIMES).flat_map(|_| photographs.iter().cloned().map(Ok)).collect();
    let options = Options { threads: THREADS, want: Want::default(), model: "", annotate: None };
    let (mut heads, start) = (0, Instant::now());
    batch::run(
        &found,
        || Pipeline::new(Arc::clone(&knowledge)),
        &options,
        &AtomicBool::new(false),
        |outcome| {
            heads += outcome.record.heads.len();
            ControlFlow::Continue(())
        },
    )?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{backend}: {:.1} photographs a second on {THREADS} threads ({} photographs, {heads} heads, {seconds:.1} s), \
         peak memory {} MB",
        found.len() as f64 / seconds,
        found.len(),
        peak_memory().map_or("?".to_string(), |kb| (kb / 1024).to_string()),
    );
    stages(&knowledge, &photographs)
}

/// Time of each stage on one thread.
fn stages(knowledge: &Knowledge, photographs: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let models = &knowledge.models;
    let (mut detector, mut recogniser, mut classifier) =
        (models.session(&detect::CONTRACT)?, models.session(&decode::CONTRACT)?, models.session(&classify::CONTRACT)?);
    let mut spent = [Duration::ZERO; STAGES.len()];
    for path in photographs {
        let mut lap = Instant::now();
        let mut took = |stage: usize| spent[stage] += std::mem::replace(&mut lap, Instant::now()).elapsed();
        let photo = photo::load(path)?;
        took(0);
        let heads = locate(&photo.luma, detector.as_mut())?;
        took(1);
        for head in heads {
            let strip = strip::unwrap(&photo.luma, &head.rim);
            took(2);
            let mut marks = recognise(&strip, recogniser.as_mut())?;
            took(3);
            classify(&strip, &mut marks, classifier.as_mut())?;
            took(4);
            for proposal in propose(&marks, &Conventions, 5) {
                let headstamp = proposal.headstamp.parse()?;
                std::hint::black_box(knowledge.registry.interpret(&headstamp, None).summary());
            }
            took(5);
        }
    }
    let total: Duration = spent.iter().sum();
    for (name, time) in STAGES.iter().zip(spent) {
        let each = time.as_secs_f64() * 1000.0 / photographs.len() as f64;
        println!("  {name:10} {each:7.1} ms a photograph, {:4.1} %", 100.0 * time.as_secs_f64() / total.as_secs_f64());
    }
    Ok(())
}

/// The most memory this process has held, in kB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
