//! A target that stopped answering: it is waited for, and the message that did it is looked for among those played last.
//!
//! Only a target that comes back (because somebody starts it again, or because it was only stuck for a time) can be asked
//! once more. The messages are then played one after the other, in halves that become smaller, until one is left that
//! brings it down by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::calibrate::recover;
use crate::exchange::Patience;
use crate::fuzz::confirm::Confirmer;
use crate::fuzz::finding::{Finding, SCHEMA, id, shown};
use crate::fuzz::input::Input;
use crate::fuzz::minimise::Minimiser;
use crate::judge::stream::What;

/// Messages that are tried one after the other, at most; each may cost a restart.
const TRIALS: usize = 60;

pub(super) struct Watch<'w> {
    pub(super) confirmer: &'w Confirmer,
    pub(super) patience: Patience,
    pub(super) most: Duration,
}

impl Watch<'_> {
    /// Whether a plain request gets no answer, for some seconds.
    pub(super) async fn is_down(&self) -> bool {
        !recover(self.confirmer.target(), self.patience).await
    }

    /// Waits until the target answers again; false if it does not.
    async fn is_back(&self) -> bool {
        let until = Instant::now() + self.most;
        while !recover(self.confirmer.target(), self.patience).await {
            if Instant::now() > until {
                return false;
            }
        }
        true
    }

    /// Waits for the target, then looks for the message that brings it down. The finding, and whether the target answers.
    pub(super) async fn wait_and_bisect(&self, suspects: &[(u64, Arc<Input>)]) -> (Option<Finding>, bool) {
        let found_at = suspects.last().map_or(0, |(index, _)| *index);
        if !self.is_back().await {
            let all: Vec<u8> =
                suspects.iter().rev().take(16).rev().flat_map(|(_, input)| input.octets().to_vec()).collect();
            let why = format!("it did not answer within {:?}; the messages played last are kept", self.most);
            return (Some(self.finding(&all, found_at, &why)), false);
        }
        let mut trials = TRIALS;
        let mut left: Vec<Arc<Input>> = suspects.iter().map(|(_, input)| input.clone()).collect();
        while left.len() > 1 && trials > 1 {
            let half = left.len() / 2;
            // What came last is the likelier one.
            trials -= 1;
            if self.brings_down(&left[half..]).await {
                left.drain(..half);
                continue;
            }
            trials -= 1;
            if self.brings_down(&left[..half]).await {
                left.truncate(half);
                continue;
            }
            break;
        }
        let [single] = &left[..] else {
            let why = "it answered again, and none of the messages played last brought it down once more";
            let all: Vec<u8> = left.iter().rev().take(16).rev().flat_map(|input| input.octets().to_vec()).collect();
            return (Some(self.finding(&all, found_at, why)), self.is_back().await);
        };
        if !self.brings_down(std::slice::from_ref(single)).await {
            let why = "it answered again, and the message that was suspected did not bring it down once more";
            return (Some(self.finding(single.octets(), found_at, why)), self.is_back().await);
        }
        let small = self.smaller((**single).clone(), trials).await;
        let why = "after this message it answers nobody for some time; it was tried again and did so again";
        (Some(self.finding(small.octets(), found_at, why)), self.is_back().await)
    }

    /// Plays messages one after the other, each on its own connection; whether the target then answers nobody. Waits for
    /// it to come back.
    async fn brings_down(&self, messages: &[Arc<Input>]) -> bool {
        for message in messages {
            self.confirmer.play(message.octets()).await;
        }
        if self.confirmer.answers().await {
            return false;
        }
        self.is_back().await;
        true
    }

    async fn smaller(&self, input: Input, trials: usize) -> Input {
        let mut minimiser = Minimiser::new(input, trials);
        while let Some(candidate) = minimiser.candidate() {
            let shows = self.brings_down(&[Arc::new(candidate.clone())]).await;
            minimiser.tell(candidate, shows);
        }
        minimiser.into_smallest()
    }

    fn finding(&self, octets: &[u8], input: u64, why: &str) -> Finding {
        let target = self.confirmer.target();
        Finding {
            schema: SCHEMA,
            id: id(&[], What::Down, octets),
            target: target.url.clone(),
            host: target.host.clone(),
            verdict: crate::judge::Verdict::Fail.word().to_owned(),
            what: What::Down,
            rules: Vec::new(),
            impact: "semantics".to_owned(),
            message: shown(octets, 1 << 20),
            found_in: String::new(),
            input,
            statuses: Vec::new(),
            received: String::new(),
            ended: "no answer, or no connection".to_owned(),
            control: None,
            shown: (1, 1),
            why: why.to_owned(),
            expected: "the target goes on answering others".to_owned(),
            explained: Vec::new(),
        }
    }
}
