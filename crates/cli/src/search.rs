//! Search over everything, in a terminal.

use app::Failure;
use clap::Args;
use serde_json::json;

use crate::desk::Desk;
use crate::output::Answer;

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
        let columns =
            [("label-kind", "kind"), ("label-name", "title"), ("label-of", "detail"), ("label-link", "link")];
        let text = desk.reader().table(&found["hits"], &columns, "none-found");
        Ok(Answer::new(found, text))
    }
}
