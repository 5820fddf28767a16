//! What a check has to do with: the target, what is known of it, and how fast one may go.

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::calibrate::Calibration;
use crate::exchange::{Exchange, Patience};
use crate::judge::Judgement;
use crate::limits::Known;
use crate::observation::Purpose;
use crate::resource::{self, Need, Resource};
use crate::runner::Pace;
use crate::segment::Segmentation;
use crate::target::{Target, token};
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
    /// A given path beside which PUT creates resources, once somebody has asked.
    writable: Arc<OnceCell<Option<String>>>,
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
            writable: Arc::default(),
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

    /// The first resource that has what is needed.
    ///
    /// # Errors
    /// The judgement of a check that no given path serves. What no resource has by itself ([`Need::Put`], [`Need::Tls`],
    /// [`Need::Echo`]) is asked for with [`lacks`](Self::lacks) and [`writable`](Self::writable).
    pub fn resource(&self, need: Need) -> Result<&Resource, Judgement> {
        let found = self.calibration.resources.iter().find(|resource| need.is_met_by(resource));
        found.ok_or_else(|| Judgement::without(need))
    }

    /// Every resource that has what is needed, in the order in which the paths were given.
    pub fn resources(&self, need: Need) -> impl Iterator<Item = &Resource> {
        self.calibration.resources.iter().filter(move |resource| need.is_met_by(resource))
    }

    /// The judgement of a check that the target cannot serve; none where it can, or where only writing would tell
    /// ([`Need::Put`]).
    #[must_use]
    pub fn lacks(&self, need: Need) -> Option<Judgement> {
        let is_there = match need {
            Need::Put => true,
            Need::Tls => self.target.tls.is_some(),
            Need::Echo => self.calibration.echoes,
            _ => self.resource(need).is_ok(),
        };
        (!is_there).then(|| Judgement::without(need))
    }

    /// What placeholders stand for on the first resource that has what is needed, or on the known-good path if none has.
    #[must_use]
    pub fn values(&self, need: Need) -> Values {
        self.resource(need).map_or_else(|_| self.target.values(), |resource| resource.values(&self.target))
    }

    /// A path that nothing has yet, and on which PUT creates a resource that GET then gives; a new one each time.
    ///
    /// The first call writes, reads and deletes one resource in the directory of each given path until that works. Only checks that
    /// are tagged intrusive may ask.
    ///
    /// # Errors
    /// The judgement of a check where it works beside no given path.
    pub async fn writable(&self) -> Result<String, Judgement> {
        let beside = self.writable.get_or_init(|| self.find_writable()).await;
        let beside = beside.as_deref().ok_or_else(|| Judgement::without(Need::Put))?;
        Ok(resource::sibling(beside, &token()))
    }

    async fn find_writable(&self) -> Option<String> {
        let mut tried = Vec::new();
        for path in &self.target.paths {
            let directory = resource::sibling(path, "");
            if tried.contains(&directory) {
                continue;
            }
            tried.push(directory);
            let fresh = resource::sibling(path, &token());
            let content = format!("startline {}", token());
            let put = format!(
                "PUT {fresh} HTTP/1.1\r\nHost: {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{content}",
                self.target.host,
                content.len()
            );
            let plain = |method: &str| format!("{method} {fresh} HTTP/1.1\r\nHost: {}\r\n\r\n", self.target.host);
            let before = self.status_and_content("GET", &plain("GET")).await;
            let created = self.status_and_content("PUT", &put).await;
            let is_created = matches!(created, Some((Some(200 | 201 | 204), _)));
            let after = if is_created { self.status_and_content("GET", &plain("GET")).await } else { None };
            let is_kept = after.is_some_and(|(status, got)| status == Some(200) && got == content.as_bytes());
            if is_created {
                // Whether it can be deleted changes nothing here.
                let _ = self.status_and_content("DELETE", &plain("DELETE")).await;
            }
            if is_kept && matches!(before, Some((Some(404 | 410), _))) {
                return Some(path.clone());
            }
        }
        None
    }

    async fn status_and_content(&self, method: &str, request: &str) -> Option<(Option<u16>, Vec<u8>)> {
        self.pace.turn().await;
        let request = crate::wire::with_fields(request.as_bytes(), &self.target.host, &self.target.fields);
        let answer = crate::calibrate::ask(&self.target, method, &request, self.patience).await?;
        Some((answer.status, answer.content))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::calibrate::{Bounds, calibrate};
    use crate::reference::{Behaviour, Reference, target_options};
    use crate::target::{AddressClass, TargetOptions};

    async fn context(url: &str, options: &TargetOptions) -> Context {
        let target = Target::resolve(url, options).await.unwrap();
        let bounds = Bounds { quiet_most: Duration::from_secs(1), ..Bounds::of(AddressClass::Loopback) };
        let calibration = calibrate(&target, 2, bounds, true).await.unwrap();
        Context::new(target, calibration, Pace::new(None))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_reference_server_has_what_checks_need() {
        let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
        let all = context(&server.url(), &target_options()).await;
        let path = |need| all.resource(need).map(|resource| resource.path.clone());
        for (need, wanted) in [
            (Need::StrongEtag, "/fixed"),
            (Need::LastModified, "/fixed"),
            (Need::Ranges, "/fixed"),
            (Need::Authentication, "/private"),
            (Need::Credentials, "/private"),
            (Need::Negotiation, "/negotiated"),
            (Need::Upgrade, "/upgrade"),
        ] {
            assert_eq!(path(need).as_deref(), Ok(wanted), "{need}");
        }
        assert_eq!(all.lacks(Need::Tls).and_then(|judgement| judgement.needs), Some(Need::Tls));
        assert_eq!(all.lacks(Need::Echo), None);
        let values = all.values(Need::Etag);
        assert_eq!((&values.path[..], values.etag.as_deref()), ("/fixed", Some("\"fixed-1\"")));
        let fresh = all.with_patience(all.patience).writable().await.unwrap();
        assert!(fresh.starts_with("/store/startline-") && all.writable().await.unwrap() != fresh, "{fresh}");
        let puts = server.read_log().into_iter().flat_map(|log| log.reads);
        // The paths of the root share a directory, in which nothing is kept; what was found out is remembered.
        assert_eq!(puts.filter(|read| read.octets.starts_with(b"PUT ")).count(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_without_resources_is_left_unjudged_and_calibration_writes_nothing() {
        let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
        let plain = context(&server.url(), &TargetOptions::default()).await;
        let judgement = plain.resource(Need::Ranges).unwrap_err();
        assert_eq!((judgement.verdict, judgement.needs), (crate::judge::Verdict::NotJudged, Some(Need::Ranges)));
        let is_write = |octets: &[u8]| octets.starts_with(b"PUT") || octets.starts_with(b"DELETE");
        let logs = server.read_log();
        assert!(!logs.iter().flat_map(|log| &log.reads).any(|read| is_write(&read.octets)));
        assert_eq!(plain.writable().await.unwrap_err().needs, Some(Need::Put));
    }
}
