//! What could be done about a problem: by the catalog's and AWS's own words, or by a model of Amazon Bedrock.
//!
//! A model is asked without tools, in a fixed time, and what it says is text that nothing executes. What was
//! asked and answered is kept; what cannot be kept is not used.

mod kept;
mod model;
mod settings;

use std::time::Duration;

use lambda::{AwsDesk, Shell};
use remedy::Wrong;
use routing::{
    Advice,
    advice::{catalog_words, prompt},
};
use runtime::{Clock, Error, News, Stands};
use serde_json::Value;

use kept::{Archive, Asked};
use model::{Model, Said};
use settings::Setup;

pub use settings::{PARAMETERS, WIRING};

/// Counts what a model said and people were shown.
const ADVISED: &str = "Advised";
/// Counts where the catalog's words had to do.
const NOT_ADVISED: &str = "NotAdvised";

/// Who says what could be done.
#[derive(Debug)]
pub(crate) struct Adviser {
    /// None: nothing leaves the account.
    asks: Option<Asks>,
}

/// Who is asked, and where that is kept.
#[derive(Debug)]
struct Asks {
    model: Model,
    archive: Archive,
    /// For all of it.
    patience: Duration,
}

impl Adviser {
    /// As the operator set it. Without a place to keep what is asked, nobody is asked.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub(crate) fn new(shell: &Shell) -> Result<Self, Wrong> {
        let Setup { model, region, role, patience, bucket } = Setup::read(&shell.settings)?;
        if !model.is_empty() && bucket.is_empty() {
            shell
                .desk
                .say("no model is asked for advice: there is no bucket to keep what is asked in");
        }
        let is_on = !model.is_empty() && !bucket.is_empty();
        Ok(Self {
            asks: is_on.then(|| Asks {
                model: Model::new(shell, model, region, role, patience),
                archive: Archive::new(shell, bucket),
                patience,
            }),
        })
    }

    /// What could be done about `news`; `finding` is what Security Hub reported, if it is at hand. A model is
    /// asked about what is open only, and whatever goes wrong with it, there are the catalog's words.
    pub(crate) async fn ask(
        &self,
        news: &News,
        finding: Option<&Value>,
        desk: &AwsDesk,
    ) -> Option<Advice> {
        let known = catalog_words(news, finding);
        let is_open = matches!(news.stands, Stands::Open | Stands::Asks);
        let Some(asks) = self.asks.as_ref().filter(|_| is_open) else { return known };
        let asked = tokio::time::timeout(asks.patience, asks.ask(news, finding, desk)).await;
        let asked = asked.unwrap_or_else(|_| Err(Error::Transient("it took too long".into())));
        let case = &news.case;
        match asked {
            Ok(advice) => {
                let message = format!("a model gave advice on case {case}");
                desk.count(&message, ADVISED, None);
                let link = known.and_then(|known| known.link);
                Some(Advice { link, ..advice })
            }
            Err(why) => {
                let message = format!("no model gave advice on case {case}: {why}");
                desk.count_trouble(&message, NOT_ADVISED, None);
                known
            }
        }
    }
}

impl Asks {
    async fn ask(
        &self,
        news: &News,
        finding: Option<&Value>,
        desk: &AwsDesk,
    ) -> Result<Advice, Error> {
        let at = desk.now();
        let prompt = prompt(news, finding);
        // The rest of the time is for keeping it: also what nobody answered left the account.
        let said = tokio::time::timeout(self.patience * 3 / 4, self.model.ask(&prompt, at)).await;
        let said = said.unwrap_or_else(|_| Err(Error::Transient("no answer in time".into())));
        let advice = said.as_ref().ok().and_then(|said| said.advice(self.model.name()));
        let asked = Asked { at, case: &news.case, model: &self.model, prompt: &prompt };
        self.archive.keep(&asked, &said, advice.as_ref()).await?;
        let Said { stop, .. } = said?;
        advice.ok_or_else(|| {
            Error::Refused(format!("its answer cannot be used (it ended with {stop})"))
        })
    }
}
