//! `headstamp review`: the page, served on loopback until it is interrupted.

use super::super::args::ReviewArgs;
use super::super::entries::{existing, readable};
use super::super::in_use;
use super::super::reading::registry;
use super::super::say::{unwritten, warn, who};
use crate::confidence::Purpose;
use crate::ellipse::Ellipse;
use crate::error::{Error, PhotoError, Stage, Status};
use crate::model::ModelOptions;
use crate::page::{Serving, Token, router_ahead};
use crate::photo::Photo;
use crate::pipeline::{Knowledge, Pipeline};
use crate::reader::ReadAt;
use crate::record::HeadRecord;
use crate::registry::Registry;
use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

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
        let reader: Option<Arc<Mutex<dyn ReadAt>>> = Some(Arc::new(Mutex::new(Opened::new(args, &registry)?)));
        let (who, controls) = (who(args.by.as_deref()), args.controls.unwrap_or_default());
        let serving = Serving { catalogue, who, registry, port, reader, controls, blind: args.blind };
        tokio::select! {
            ended = axum::serve(listener, router_ahead(serving, token)) => ended.map_err(failed).map(|()| Status::Done),
            _ = tokio::signal::ctrl_c() => Ok(Status::Interrupted),
        }
    })
}

/// A reader that is opened when a head is to be read again for the first time: most reviews read none.
struct Opened {
    options: ModelOptions,
    registry: Arc<Registry>,
    open: Option<Pipeline>,
    model: String,
}

impl Opened {
    fn new(args: &ReviewArgs, registry: &Arc<Registry>) -> Result<Self, Error> {
        let options = in_use::options(&args.models)?;
        Ok(Self { options, registry: Arc::clone(registry), open: None, model: String::new() })
    }
}

impl ReadAt for Opened {
    fn read_at(&mut self, photo: &Photo, rim: &Ellipse) -> Result<HeadRecord, PhotoError> {
        let pipeline = match self.open.take() {
            Some(open) => open,
            None => {
                let failed = |e: Error| PhotoError::new(&photo.path, Stage::Read, e);
                let registry = Registry::clone(&self.registry);
                let knowledge = Knowledge::open(&self.options, registry, true, Purpose::Reading).map_err(failed)?;
                Pipeline::new(Arc::new(knowledge)).map_err(failed)?
            }
        };
        let pipeline = self.open.insert(pipeline);
        self.model = pipeline.model();
        pipeline.read_at(photo, rim)
    }

    fn model(&self) -> String {
        self.model.clone()
    }
}
