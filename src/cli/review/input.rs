//! What the person at the terminal asks for: keys where there is a terminal, lines where there is none or it is asked for.

use super::trouble::Trouble;
use crate::review::Words;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};
use std::io::{self, BufRead, IsTerminal, Write};

/// The keys.
pub(super) const HELP: &str = "\
a or Enter  accept the first proposal (in plain mode only a)
1 to 9      accept that proposal
e           type or change the headstamp
f           say something more of this case: site=Kidal, calibre:measured=7.62x39
i           the headstamp is not legible
u           it is a symbol that nobody here knows
n           this is not a case head
s           it is the same case as another
k           skip it for now
z           undo your last decision
p           draw it on a copy and say where
d           the marks that the proposals rest on
q           end";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Accept,
    /// From 1.
    Choose(usize),
    Edit,
    Set,
    NotLegible,
    SymbolUnknown,
    NotAHead,
    SameCase,
    Skip,
    Undo,
    Picture,
    Details,
    Help,
    Quit,
    Unknown(String),
}

/// Completes what is being typed.
pub(super) struct Completing(Words);

impl Helper for Completing {}
impl Highlighter for Completing {}
impl Validator for Completing {}
impl Hinter for Completing {
    type Hint = String;
}

impl Completer for Completing {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let (from, words) = self.0.complete(&line[..at]);
        Ok((from, words.into_iter().map(str::to_owned).collect()))
    }
}

/// How a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A key a command, where both ends are a terminal.
    Keys,
    /// A line a command.
    Plain,
}

/// Where answers come from.
pub(super) enum Input {
    Keys { term: console::Term, editor: Box<Editor<Completing, DefaultHistory>> },
    Lines,
}

impl Input {
    /// Keys as far as there are any.
    pub(super) fn new(mode: Mode, words: Words) -> Self {
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        if mode == Mode::Keys
            && terminal
            && let Ok(mut editor) = Editor::new()
        {
            editor.set_helper(Some(Completing(words)));
            return Self::Keys { term: console::Term::stdout(), editor: Box::new(editor) };
        }
        // a terminal that cannot be edited on is read from line by line
        Self::Lines
    }

    /// The next command; `None` at the end of the input.
    pub(super) fn command(&mut self, out: &mut dyn Write) -> Result<Option<Asked>, Trouble> {
        match self {
            Self::Keys { term, .. } => {
                write!(out, "a accept, 1-9 choose, e edit, ? more > ")?;
                out.flush()?;
                let key = term.read_key().map_err(Trouble::Input)?;
                writeln!(out)?;
                Ok(Some(match key {
                    console::Key::Enter => Asked::Accept,
                    console::Key::Char(c) => asked(&c.to_string()),
                    console::Key::CtrlC | console::Key::Escape => Asked::Quit,
                    other => Asked::Unknown(format!("{other:?}")),
                }))
            }
            Self::Lines => {
                writeln!(out, ">")?;
                out.flush()?;
                Ok(read_line()?.map(|line| asked(line.trim())))
            }
        }
    }

    /// A line, with something to begin with.
    pub(super) fn line(&mut self, out: &mut dyn Write, what: &str, begin: &str) -> Result<Option<String>, Trouble> {
        match self {
            Self::Keys { editor, .. } => {
                out.flush()?;
                match editor.readline_with_initial(&format!("{what}: "), (begin, "")) {
                    Ok(line) => Ok(Some(line)),
                    Err(ReadlineError::Io(e)) => Err(Trouble::Input(e)),
                    Err(_) => Ok(None),
                }
            }
            Self::Lines => {
                let hint = if begin.is_empty() { String::new() } else { format!(" (proposed: {begin})") };
                writeln!(out, "{what}{hint}:")?;
                out.flush()?;
                read_line()
            }
        }
    }
}

fn read_line() -> Result<Option<String>, Trouble> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).map_err(Trouble::Input)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn asked(text: &str) -> Asked {
    match text {
        "a" => Asked::Accept,
        "e" => Asked::Edit,
        "f" => Asked::Set,
        "i" => Asked::NotLegible,
        "u" => Asked::SymbolUnknown,
        "n" => Asked::NotAHead,
        "s" => Asked::SameCase,
        "k" => Asked::Skip,
        "z" => Asked::Undo,
        "p" => Asked::Picture,
        "d" => Asked::Details,
        "?" => Asked::Help,
        "q" => Asked::Quit,
        _ => match text.parse() {
            Ok(n @ 1..=9) => Asked::Choose(n),
            _ => Asked::Unknown(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_the_help_says() {
        assert_eq!((asked("a"), asked("3"), asked("q")), (Asked::Accept, Asked::Choose(3), Asked::Quit));
        assert_eq!((asked(""), asked("10")), (Asked::Unknown(String::new()), Asked::Unknown("10".into())));
        let keys = HELP.lines().filter_map(|l| l.split("  ").next()).filter(|k| k.len() == 1);
        assert!(keys.clone().count() > 9 && keys.into_iter().all(|k| !matches!(asked(k), Asked::Unknown(_))));
    }
}
