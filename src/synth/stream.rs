//! Renders as binary records on a pipe, for training: little endian, one record after another.
//!
//! A strip: `u32` 0x53505254, `u16` rows, `u16` columns, `u16` marks, `u16` 0, rows × columns bytes of luma, then seven
//! `f32` a mark: class, column, row, turn (degrees), height and width (in rows), 1 where legible or else 0.
//! A scene: `u32` 0x53434e45, `u16` rows, `u16` columns, `u16` heads, `u16` 0, luma, then six `f32` a head: centre x and
//! y, semi-axes a and b (pixels), angle (degrees), 1.

use super::scene::Scene;
use super::strips::LabelledStrip;
use image::GrayImage;
use std::io::{self, Write};

/// Marks a record as a strip.
pub const STRIP_MAGIC: u32 = 0x5350_5254;
/// Marks a record as a scene.
pub const SCENE_MAGIC: u32 = 0x5343_4e45;
/// Side of a streamed scene, in pixels: what the detector sees.
pub const SCENE_SIDE: usize = 384;

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
        numbers(&mut record, &[m.class as f32, m.column, m.row, m.turn_deg, m.height, m.width, legible]);
    }
    out.write_all(&record)
}

/// Writes a scene.
pub fn write_scene(out: &mut dyn Write, scene: &Scene) -> io::Result<()> {
    let mut record = Vec::new();
    start(&mut record, SCENE_MAGIC, &scene.luma, scene.heads.len());
    for h in &scene.heads {
        numbers(&mut record, &[h.rim.cx, h.rim.cy, h.rim.a, h.rim.b, h.rim.angle_deg, 1.0]);
    }
    out.write_all(&record)
}
