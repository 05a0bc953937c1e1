//! The networks: what is needed of them, how they are described, checked, loaded and run. What their maps mean is told
//! where they are read.

mod activation;
mod classes;
mod contract;
mod installed;
mod manifest;
mod network;
mod problem;
mod runtime;
mod store;
mod translate;

pub(crate) use activation::{logit, sigmoid, softmax};
pub use classes::Classes;
pub use contract::{Channel, Contract, Count, Input, Output, number, sorted};
pub use installed::{BUILT_IN, Card, Installed};
pub use manifest::Manifest;
#[cfg(test)]
pub(crate) use network::testing;
pub use network::{Model, ModelError};
pub use problem::Problem;
pub use runtime::Backend;
pub use store::{Loaded, ModelOptions, ModelSet, Network};
