//! What a check has to do with: the target, what is known of it, and how fast one may go.

use std::sync::Arc;

use crate::calibrate::Calibration;
use crate::exchange::{Exchange, Patience};
use crate::limits::Known;
use crate::observation::Purpose;
use crate::runner::Pace;
use crate::segment::Segmentation;
use crate::target::Target;
use crate::wire::{Template, Values};

/// The surroundings of a check under way.
#[derive(Debug, Clone)]
pub struct Context {
    /// Whom we test.
    pub target: Arc<Target>,
    /// What is known of it.
    pub calibration: Calibration,
    /// The cap on connections.
    pub pace: Arc<Pace>,
    /// How long to wait for what in this attempt.
    pub patience: Patience,
    /// The segments in which checks that are exchanges are sent.
    pub segmentation: Segmentation,
    /// Limits that have been found.
    pub limits: Known,
}

impl Context {
    /// The surroundings of every check of an audit.
    #[must_use]
    pub fn new(target: Target, calibration: Calibration, pace: Pace) -> Self {
        let patience = calibration.patience;
        Self {
            target: Arc::new(target),
            calibration,
            pace: Arc::new(pace),
            patience,
            segmentation: Segmentation::Whole,
            limits: Known::default(),
        }
    }

    /// The same, with another patience.
    #[must_use]
    pub fn with_patience(&self, patience: Patience) -> Self {
        Self { patience, ..self.clone() }
    }

    /// The same, with other segments.
    #[must_use]
    pub fn segmented(&self, segmentation: Segmentation) -> Self {
        Self { segmentation, ..self.clone() }
    }

    /// Opens a connection when it is one's turn. `methods` are those of the requests that will be sent.
    pub async fn open(&self, purpose: Purpose, methods: &[&str]) -> Exchange<'_> {
        self.pace.turn().await;
        let methods = methods.iter().map(|method| method.as_bytes().to_vec()).collect();
        Exchange::open(&self.target, purpose, methods, self.patience).await
    }

    /// Octets from the notation of checks, with the placeholders filled in and the user's fields in place.
    ///
    /// # Panics
    /// If the text is not in the notation, which is a mistake in the probe that its tests find.
    #[must_use]
    pub fn octets(&self, text: &str, values: &Values) -> Vec<u8> {
        let template = Template::parse(text).expect("a probe's text is in the notation");
        crate::wire::with_fields(&template.fill(values), &values.host, &self.target.fields)
    }
}
