//! How far a batch has come, on stderr.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// A progress bar; silent when asked to be, or when stderr is not a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    failures: u64,
}

impl Progress {
    /// For `total` photographs.
    pub(super) fn new(total: u64, quiet: bool, what: &'static str) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal() && total > 1;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_prefix(what);
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let colour = if plain { "" } else { ".cyan/dim" };
        let template = format!("{{prefix}} {{bar:30{colour}}} {{pos}}/{{len}}  {{per_sec:8}}  {{eta}} left{{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self { bar, failures: 0 }
    }

    /// One more is done.
    pub(super) fn step(&mut self, failed: bool) {
        if failed {
            self.failures += 1;
            self.bar.set_message(format!("  {} failed", self.failures));
        }
        self.bar.inc(1);
    }

    /// Does something that writes to the terminal, without tearing the bar.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// The bar itself, for several threads.
    pub(super) fn bar(&self) -> &ProgressBar {
        &self.bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
