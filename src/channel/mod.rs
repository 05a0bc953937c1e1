//! How marks and headstamps hang together: how well the marks of a head [`fit()`] a headstamp, and which varieties are of
//! one [`Kin`], so that a head need not be held against all there are.

mod fit;
mod kin;

pub use fit::{Fault, Fit, Ring, fit, fit_either_way_up, signs};
pub use kin::{Kin, pairs, pairs_of_head};
