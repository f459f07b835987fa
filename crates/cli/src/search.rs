//! Search over everything, in a terminal.

use app::Failure;
use clap::Args;
use serde_json::json;

use crate::desk::Desk;
use crate::output::{Answer, table};

#[derive(Args, Debug)]
pub(crate) struct Search {
    /// Words, or the beginnings of some; `17` finds entry 17 of the ledger, too
    #[arg(required = true)]
    text: Vec<String>,
    /// Hits of a kind, at most
    #[arg(long)]
    each: Option<u32>,
}

impl Search {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let found = desk.call("search.find", json!({ "text": self.text.join(" "), "each": self.each }))?;
        let columns = [("KIND", "kind"), ("NAME", "title"), ("OF", "detail"), ("LINK", "link")];
        let text = table(&found["hits"], &columns, "Nothing is called like that.");
        Ok(Answer::new(found, text))
    }
}
