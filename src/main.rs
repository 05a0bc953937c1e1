use headstamp::synth::{dice::Dice, glyphs, scene::{self, Subject}, stream, strips, words::Split};
use std::io::Write;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (kind, count, seed) = (a[1].as_str(), a[2].parse::<u64>().unwrap(), a[3].parse::<u64>().unwrap());
    let mut faces = glyphs::embedded();
    if let Some(dir) = a.get(4) { faces.extend(glyphs::from_folder(std::path::Path::new(dir)).unwrap()); }
    eprintln!("{} faces", faces.len());
    let split = if a.len() > 5 { Split::HeldAside } else { Split::Training };
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    for i in 0..count {
        let mut dice = Dice::new(seed, i);
        let r = match kind {
            "strips" => stream::write_strip(&mut out, &strips::render(&mut dice, &faces, split)),
            _ => {
                let subject = [Subject::Mixed, Subject::Tray, Subject::NoHeads, Subject::Single][dice.weighted(&[0.6, 0.1, 0.17, 0.13])];
                stream::write_scene(&mut out, &scene::render(384, 384, subject, &mut dice, &faces, split))
            }
        };
        if r.is_err() { return; }
    }
    let _ = out.flush();
}
