//! Seeded chance. The same seed throws the same numbers on every machine: integer generator, and functions from `libm`
//! instead of the platform's.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A seeded source of chance.
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice for item `index` of the run `seed`; items are independent, so any of them can be rendered alone.
    pub fn new(seed: u64, index: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ index.wrapping_mul(0xd1b5_4a32_d192_ed03),
        ))
    }

    /// A new source that depends on this one's next number.
    pub fn fork(&mut self) -> Self {
        Self(Pcg64Mcg::seed_from_u64(self.0.next_u64()))
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// Uniform in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform on the logarithm, in `low..high`.
    pub fn log_range(&mut self, low: f32, high: f32) -> f32 {
        low * libm::powf(high / low, self.unit())
    }

    /// Uniform whole number in `low..high`.
    pub fn int(&mut self, low: usize, high: usize) -> usize {
        low + ((self.0.next_u32() as u64 * (high - low).max(1) as u64) >> 32) as usize
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.int(0, from.len())]
    }

    /// An index, chosen by weight.
    pub fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f32>();
        for (i, w) in weights.iter().enumerate() {
            left -= w;
            if left < 0.0 {
                return i;
            }
        }
        weights.len() - 1
    }

    /// Normal with mean 0 and deviation 1 (sum of twelve, cut at ±6: no transcendental function needed).
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    /// Uniform in -1..1.
    pub fn signed(&mut self) -> f32 {
        self.range(-1.0, 1.0)
    }
}
