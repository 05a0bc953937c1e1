//! Renders as binary records on a pipe, for training: little endian, one record after another.
//!
//! A strip: `u32` 0x53505254, `u16` rows, `u16` columns, `u16` marks, `u16` 0, rows × columns bytes of luma, then seven
//! `f32` a mark: class, column, row, turn (degrees), height and width (in rows), weight: 1 where legible or else 0.
//! A scene: `u32` 0x53434e45, `u16` rows, `u16` columns, `u16` heads, `u16` 0, luma, then six `f32` a head: centre x and
//! y, semi-axes a and b (pixels), angle (degrees), 1.

use super::scene::Scene;
use super::strips::LabelledStrip;
use image::GrayImage;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Marks a record as a strip.
pub const STRIP_MAGIC: u32 = 0x5350_5254;
/// Marks a record as a scene.
pub const SCENE_MAGIC: u32 = 0x5343_4e45;

/// What is told of a mark on a strip, one `f32` each.
const OF_A_MARK: [&str; 7] = ["class", "column", "row", "turn_deg", "height", "width", "weight"];
/// What is told of a head in a scene, one `f32` each.
const OF_A_HEAD: [&str; 6] = ["cx", "cy", "a", "b", "angle_deg", "weight"];

/// The formats of the records, for those who read them.
pub fn formats() -> Value {
    let format = |magic: u32, label: &[&str]| {
        json!({
            "magic": magic, "byte_order": "little endian",
            "header": [["magic", "u32"], ["rows", "u16"], ["columns", "u16"], ["labels", "u16"], ["nought", "u16"]],
            "luma": "u8, rows times columns", "label": label, "label_type": "f32",
        })
    };
    json!({"strips": format(STRIP_MAGIC, &OF_A_MARK), "scenes": format(SCENE_MAGIC, &OF_A_HEAD)})
}

fn start(out: &mut Vec<u8>, magic: u32, luma: &GrayImage, count: usize) {
    out.extend(magic.to_le_bytes());
    for v in [luma.height(), luma.width(), count as u32, 0] {
        out.extend((v as u16).to_le_bytes());
    }
    out.extend(luma.as_raw());
}

fn numbers(out: &mut Vec<u8>, values: &[f32]) {
    values.iter().for_each(|v| out.extend(v.to_le_bytes()));
}

/// Writes a strip.
pub fn write_strip(out: &mut dyn Write, strip: &LabelledStrip) -> io::Result<()> {
    let mut record = Vec::new();
    start(&mut record, STRIP_MAGIC, &strip.luma, strip.marks.len());
    for m in &strip.marks {
        let legible = if m.legible { 1.0 } else { 0.0 };
        let label: [f32; OF_A_MARK.len()] = [m.class as f32, m.column, m.row, m.turn_deg, m.height, m.width, legible];
        numbers(&mut record, &label);
    }
    out.write_all(&record)
}

/// Writes a scene.
pub fn write_scene(out: &mut dyn Write, scene: &Scene) -> io::Result<()> {
    let mut record = Vec::new();
    start(&mut record, SCENE_MAGIC, &scene.luma, scene.heads.len());
    for h in &scene.heads {
        let label: [f32; OF_A_HEAD.len()] = [h.rim.cx, h.rim.cy, h.rim.a, h.rim.b, h.rim.angle_deg, 1.0];
        numbers(&mut record, &label);
    }
    out.write_all(&record)
}
