//! `headstamp review`: the page, served on loopback until it is interrupted.

use super::super::args::ReviewArgs;
use super::super::entries::{existing, readable};
use super::super::reading::registry;
use super::super::say::{unwritten, warn, who};
use crate::error::{Error, Status};
use crate::page::{Serving, Token, router};
use crate::review::Queue;
use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;

pub(super) fn serve(args: &ReviewArgs) -> Result<Status, Error> {
    // said before anything is served: what is wrong with the file, and whether it can only be looked at
    if existing(&args.catalogue).is_err() {
        readable(&args.catalogue)?;
        warn(&"nothing can be written to the catalogue: it can be looked at");
    }
    let registry = Arc::new(registry(&args.registry)?);
    let failed = |source| Error::Write { what: "the page to a browser".into(), source };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.map_err(|e| Error::Needed {
                what: format!("port {}", args.port),
                cause: e.to_string(),
                hint: Some("name another with --port, or none".into()),
            })?;
        let port = listener.local_addr().map_err(failed)?.port();
        let token = Token::new();
        let address = format!("http://127.0.0.1:{port}/{}/", token.text());
        let mut out = anstream::stdout();
        writeln!(out, "{address}").and_then(|()| out.flush()).map_err(unwritten)?;
        if !args.no_open
            && let Err(e) = open::that_detached(&address)
        {
            warn(&format!("no browser could be opened ({e}): open the address yourself"));
        }
        let catalogue = args.catalogue.clone();
        let serving = Serving { catalogue, who: who(args.by.as_deref()), registry, queue: Queue::Heads, port };
        tokio::select! {
            ended = axum::serve(listener, router(serving, token)) => ended.map_err(failed).map(|()| Status::Done),
            _ = tokio::signal::ctrl_c() => Ok(Status::Interrupted),
        }
    })
}
