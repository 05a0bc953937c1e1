//! The renderer: labelled photographs of case heads that do not exist.
//!
//! Marks are outlines of typefaces, placed one by one, which gives every layout with one mechanism. They are stamped into
//! a height map together with rim, primer, turning rings, grain and scratches; the slope of the height map looks up its
//! brightness in a random picture of a lit sphere ([`matcap`]), which stands for metal and light alike. Then come dirt,
//! paint, stains, and the camera. Strips for training are unrolled from such pictures by the same code that unrolls
//! photographs, round an ellipse as inexact as a fitted one.
//!
//! The same seed gives the same pictures on every machine: the generator works on integers, transcendental functions
//! come from `libm`, and the typefaces are part of the program.

mod background;
pub mod camera;
mod connected;
pub mod dice;
pub mod dies;
pub mod field;
mod glyph;
pub mod glyphs;
pub mod head;
pub mod layout;
pub mod legible;
mod look;
pub mod matcap;
mod outline;
mod parts;
pub mod photos;
mod raster;
pub mod rough;
pub mod scene;
mod scripts;
pub mod seen;
pub mod stream;
pub mod strips;
mod surface;
mod symbols;
pub mod things;
pub mod twice;
mod view;
pub mod words;
