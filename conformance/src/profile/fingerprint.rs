//! The profile of a live server: every probe is played on fresh connections until its outcome has been seen several times.
//!
//! Each probe is one flight of a stream and a canary. An outcome that changes from one time to the next says nothing. Limits:
//! what a server does only behind a proxy, after some time, or with other segments is not seen.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::file::Profile;
use super::infer::{Played, infer};
use super::pairs::{Differential, Verified};
use super::predict::{Fit, Knowledge, Observed, Prediction};
use super::probes::{Probe, SELECTION};
use crate::answers::answers;
use crate::calibrate::{Bounds, Calibration, ask, calibrate, canary, plain, recover};
use crate::exchange::{Exchange, Patience};
use crate::judge::exchange::methods_of;
use crate::observation::{Ended, Purpose};
use crate::runner::Pace;
use crate::target::{Target, token};
use crate::wire::with_fields;

/// How a target is fingerprinted.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Connections at once.
    pub jobs: usize,
    /// Connections a second, at most; none for no cap.
    pub rate: Option<u32>,
    /// How often each outcome has to be seen.
    pub repeat: usize,
    /// After this there is no profile.
    pub deadline: Duration,
}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is not known how the target answers plain requests.
    #[error("{0}")]
    Uncalibrated(String),
    /// The time is over.
    #[error("the deadline was over before the profile was complete")]
    Deadline,
    /// What was sent on one connection was not answered on its own.
    #[error("the target does not answer two requests in one flight, so that nothing tells where a message ends")]
    NoPipelining,
}

/// Fingerprints a target.
///
/// # Errors
/// The target cannot be calibrated or does not answer pipelined requests, or the time is over.
pub async fn fingerprint(target: &Target, options: Options) -> Result<Profile, Failure> {
    let run = async {
        let target = Target { pace: options.rate.map(|rate| Arc::new(Pace::new(Some(rate)))), ..target.clone() };
        let bounds = Bounds::of(target.endpoint.class());
        let calibration = calibrate(&target, options.jobs, bounds, true).await.map_err(Failure::Uncalibrated)?;
        if !calibration.pipelining {
            return Err(Failure::NoPipelining);
        }
        let known = knowledge(&target, &calibration).await;
        let played = play_all(&target, &calibration, options).await;
        let mut profile = infer(&played, &known);
        profile.target.clone_from(&target.url);
        profile.server = calibration.server;
        Ok(profile)
    };
    tokio::time::timeout(options.deadline, run).await.unwrap_or(Err(Failure::Deadline))
}

/// What is known of a target, with what it answers to methods that nobody knows.
pub async fn knowledge(target: &Target, calibration: &Calibration) -> Knowledge {
    let method = "FROB";
    let answer = ask(target, method, &plain(target, method), calibration.patience).await;
    Knowledge { unknown_method: answer.and_then(|answer| answer.status), ..Knowledge::of(target, calibration) }
}

async fn play_all(target: &Target, calibration: &Calibration, options: Options) -> Vec<Played> {
    let room = Arc::new(Semaphore::new(options.jobs.min(calibration.capacity).max(1)));
    let target = Arc::new(target.clone());
    let mut tasks = JoinSet::new();
    for (at, probe) in SELECTION.probes.iter().enumerate() {
        let (target, room, patience) = (target.clone(), room.clone(), calibration.patience);
        tasks.spawn(async move {
            // The semaphore is never closed.
            let _permit = room.acquire().await;
            (at, steady(&target, probe, patience, options.repeat).await)
        });
    }
    let mut played: Vec<_> = tasks.join_all().await;
    played.sort_by_key(|(at, _)| *at);
    played.into_iter().filter_map(|(_, played)| played).collect()
}

/// The outcome that was seen so often in a row; none if it will not settle.
async fn steady(target: &Target, probe: &Probe, patience: Patience, repeat: usize) -> Option<Played> {
    let mut last: Option<(Outcome, Played)> = None;
    let mut agreed = 0;
    for attempt in 0..repeat.max(1) * 3 {
        // Who is late may be late again.
        let patience = if attempt < repeat { patience } else { patience.times(4) };
        let stream = probe.stream.fill(&target.values());
        let played = play(target, probe, &stream, patience).await;
        let outcome = outcome(&played.observed());
        agreed = if last.as_ref().is_some_and(|(before, _)| *before == outcome) { agreed + 1 } else { 1 };
        last = Some((outcome, played));
        if agreed >= repeat.max(1) {
            return last.map(|(_, played)| played);
        }
        if matches!(last.as_ref()?.1.ended, Ended::NotConnected(_)) {
            recover(target, patience).await;
        }
    }
    None
}

/// What has to be the same each time: the statuses, how much content there was, and the end of the connection.
type Outcome = (Vec<Option<u16>>, bool);

fn outcome(observed: &Observed<'_>) -> Outcome {
    let found = answers(observed.received, &[], *observed.ended == Ended::Fin);
    let statuses = found.iter().map(|answer| answer.status).collect();
    (statuses, matches!(observed.ended, Ended::Fin | Ended::Reset))
}

/// Plays a stream and a canary in one flight on a connection of its own, until nothing more comes.
pub async fn play(target: &Target, probe: &Probe, stream: &[u8], patience: Patience) -> Played {
    let token = token();
    let stream = with_fields(stream, &target.host, &target.fields);
    let canary = canary(target, &token);
    let octets = [&stream[..], &canary].concat();
    let mut exchange = Exchange::open(target, Purpose::Canary, methods_of(&octets), patience).await;
    exchange.send_flight(&stream, &canary).await;
    exchange.close().await;
    let observation = exchange.finish();
    Played { probe: probe.clone(), octets, token, received: observation.octets(), ended: observation.ended }
}

/// Sends each stream to both targets, and writes down whether each did what its profile predicts.
///
/// # Errors
/// A target cannot be calibrated, or a profile has a choice that does not exist.
pub async fn verify(sides: &[(Target, &Profile); 2], found: &mut [Differential]) -> Result<(), String> {
    let mut ready = Vec::new();
    for (target, profile) in sides {
        // One connection after the other, so that the defaults for targets elsewhere hold by far.
        let rate = crate::runner::Options::of(target.endpoint.class()).rate;
        let target = Target { pace: rate.map(|rate| Arc::new(Pace::new(Some(rate)))), ..target.clone() };
        let calibration = calibrate(&target, 1, Bounds::of(target.endpoint.class()), true).await?;
        let known = knowledge(&target, &calibration).await;
        let policy = profile.policy().map_err(|error| error.to_string())?;
        ready.push((target, calibration.patience, known, policy));
    }
    for differential in found {
        let mut verified = Vec::new();
        for (target, patience, known, policy) in &ready {
            let probe = Probe { stream: differential.stream, points: Vec::new() };
            let played = play(target, &probe, &differential.stream.fill(&target.values()), *patience).await;
            verified.push(match Prediction::of(policy, &played.octets).fits(&played.observed(), known) {
                Fit::Yes => Verified::AsPredicted,
                Fit::Possible => Verified::CannotTell,
                Fit::No => Verified::Otherwise,
            });
        }
        if let [first, second] = verified[..] {
            differential.verified = Some((first, second));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use startline_parser::policy::{Point, Policy};

    use super::*;
    use crate::profile::rehearsed::behaviour;
    use crate::reference::{Application, Reference};
    use crate::target::TargetOptions;

    async fn profile(policy: Policy, application: Application) -> Profile {
        let server = Reference::start("127.0.0.1:0", behaviour(policy, application)).unwrap();
        let target = Target::resolve(&server.url(), &TargetOptions::default()).await.unwrap();
        let options = Options { jobs: 16, rate: None, repeat: 2, deadline: Duration::from_secs(60) };
        fingerprint(&target, options).await.unwrap()
    }

    /// A sample over the network; every choice is proved without one beside [`infer`].
    #[tokio::test(flavor = "multi_thread")]
    async fn a_live_server_is_found_to_be_what_it_is() {
        for (point, choice, application) in
            [(Point::ChunkLineEnd, 1, Application::Plain), (Point::LengthConflict, 2, Application::Echo)]
        {
            let policy = Policy::STRICT.with(point, choice).unwrap();
            let found = profile(policy, application).await;
            assert_eq!(found.policy().unwrap(), policy, "{}", found.text());
            let open: Vec<_> = found.open_points().collect();
            assert!(open.is_empty(), "{open:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_split_differential_is_found_and_verified_between_two_live_servers() {
        let policy = |choice| Policy::STRICT.with(Point::LengthConflict, choice).unwrap();
        let start = |choice| Reference::start("127.0.0.1:0", behaviour(policy(choice), Application::Plain)).unwrap();
        let (one, other) = (start(1), start(2));
        let profile = |choice| Profile { policy: policy(choice).to_string(), ..Profile::default() };
        let (first, second) = (profile(1), profile(2));
        let mut found = crate::profile::pairs::pairs(&first, &second).unwrap();
        let target = async |url: &str| Target::resolve(url, &TargetOptions::default()).await.unwrap();
        let sides = [(target(&one.url()).await, &first), (target(&other.url()).await, &second)];
        verify(&sides, &mut found).await.unwrap();
        let as_predicted = Some((Verified::AsPredicted, Verified::AsPredicted));
        assert!(!found.is_empty() && found.iter().all(|found| found.verified == as_predicted), "{found:?}");
        // The profiles the wrong way round are found out.
        let wrong = [(sides[0].0.clone(), &second), (sides[1].0.clone(), &first)];
        verify(&wrong, &mut found).await.unwrap();
        assert!(found.iter().all(|found| found.verified != as_predicted), "{found:?}");
    }
}
