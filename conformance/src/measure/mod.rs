//! Length arithmetic: how many octets a server reads where a length is in doubt.
//!
//! A server that serves `Content-Length: 0x10` has read some number; which one decides what it takes for the next
//! request. So the same head is sent again with content whose place is known, and the answers tell where the server went
//! on to read: behind `c` octets stands a canary, and only a server that has read just `c` octets answers it. Which `c`
//! are tried first comes from what the reader makes of the head under each choice of its policy; where none fits, the
//! number is found by bisection, since a server waits for as long as the content it counts on is not complete. A target
//! that echoes says itself how much came.
//!
//! It is a measurement and no verdict. It says nothing where the same method does not find the length of the control,
//! where the server closes after its first answer, and where several numbers fit.

mod candidates;
mod subject;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::calibrate::{CanarySign, canary};
use crate::check::{Check, Plan, Step, octets_of};
use crate::judge::exchange::answers_of;
use crate::judge::flight::is_canary;
use crate::judge::outcome::{Outcome, outcome};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::probe::Context;
use crate::rule::{Action, On, Role};
use crate::servers::Echo;
use crate::target::token;

use subject::Subject;

/// Longer content than this is not tried.
pub const MOST: usize = 4096;

/// What a server was measured to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// The length as it was sent, in the notation of checks.
    pub text: String,
    /// How many octets were read for it.
    pub amount: Amount,
}

/// A number of octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Octets(usize),
    /// More than were tried.
    MoreThan(usize),
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.amount {
            Amount::Octets(octets) => write!(f, "reads `{}` as {octets}", self.text),
            Amount::MoreThan(octets) => write!(f, "reads `{}` as more than {octets}", self.text),
        }
    }
}

/// Measures what the target made of the length in a check that it served; none where nothing is in doubt, or where
/// nothing could be measured.
pub async fn of_check(
    context: &Context,
    check: &Check,
    judgement: &Judgement,
    exchanges: &[Observation],
) -> Option<Measured> {
    let Plan::Exchange { steps, control } = &check.plan else { return None };
    if !matches!(judgement.verdict, Verdict::Fail | Verdict::Warn | Verdict::Note) {
        return None;
    }
    let played = exchanges.iter().find(|exchange| exchange.purpose == Purpose::Check)?;
    let is_served = matches!(outcome(played, &answers_of(played)), Outcome::Served(Some(_)));
    // An early answer to a length that nobody can hold says nothing; one that was misread is a failure.
    let mut reactions = check.rules().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request));
    let is_early =
        judgement.verdict == Verdict::Note && reactions.any(|reaction| reaction.action == Action::NotMisread);
    if !is_served || is_early || !steps.iter().all(|step| matches!(step, Step::Send(_))) {
        return None;
    }
    let octets = |steps: &[Step]| {
        let values = context.target.values();
        crate::wire::with_fields(&octets_of(steps, &values), &values.host, &context.target.fields)
    };
    let subject = Subject::of(&check.rules().collect::<Vec<_>>(), &octets(steps))?;
    let known = Subject::known(&octets(control))?;
    measure(context, &subject, &known).await
}

/// Measures a length, if the method finds the one of the control: by the echo where there is one, by a canary otherwise.
async fn measure(context: &Context, subject: &Subject, known: &(Subject, usize)) -> Option<Measured> {
    let (control, octets) = (Ruler { context, subject: &known.0 }, known.1);
    let ruler = Ruler { context, subject };
    let measured = |amount| Measured { text: subject.text.clone(), amount };
    // Of a length there is more content than it says, lest all that comes is taken for it.
    let enough = if subject.is_chunk { octets } else { MOST };
    let echoes = context.calibration.echoes && subject.is_chunk == known.0.is_chunk;
    if echoes
        && control.echo(enough).await == Some(octets)
        && let Some(amount) = ruler.echoed().await
    {
        return Some(measured(amount));
    }
    if control.at(octets).await != Seen::Canary {
        return None;
    }
    ruler.amount().await.map(measured)
}

/// What comes of a canary behind so many octets of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// It was answered, behind one answer to the request itself.
    Canary,
    /// Something was refused, or the connection closed: the octets behind the content were no request.
    Other,
    /// The server waits: it counts on more content.
    Waiting,
}

struct Ruler<'r> {
    context: &'r Context,
    subject: &'r Subject,
}

impl Ruler<'_> {
    /// By what an application says that it got: of a length, out of more than enough; of a chunk, only where it is all
    /// that was sent.
    async fn echoed(&self) -> Option<Amount> {
        if self.subject.is_chunk {
            for octets in candidates::of(self.subject).into_iter().filter(|octets| *octets > 0) {
                if self.echo(octets).await == Some(octets) {
                    return Some(Amount::Octets(octets));
                }
            }
            return None;
        }
        self.echo(MOST).await.map(Amount::Octets)
    }

    /// How many octets an application got that are not from before the length in doubt, where so many stand behind it;
    /// none if it does not say, or if its content has no meaning with the method and may have been dropped.
    async fn echo(&self, octets: usize) -> Option<usize> {
        let observation = self.play(&self.subject.content(octets), b"", 1).await;
        let answer = answers_of(&observation).into_iter().find(|answer| !answer.is_interim())?;
        let echo = Echo::parse(&answer.content)?;
        let length = echo.length.and_then(|length| usize::try_from(length).ok()).unwrap_or(echo.body.len());
        let length = length.checked_sub(self.subject.before)?;
        (length > 0 || matches!(&echo.method[..], b"POST" | b"PUT")).then_some(length)
    }

    /// By where a canary is answered: first where some reading leads to, then by bisection.
    async fn amount(&self) -> Option<Amount> {
        let mut waits = false;
        for octets in candidates::of(self.subject) {
            match self.at(octets).await {
                Seen::Canary => return self.exact(octets).await,
                seen => waits |= seen == Seen::Waiting,
            }
        }
        if self.subject.is_chunk || !waits {
            return None;
        }
        if !self.waits_at(MOST).await {
            let (mut waiting, mut other) = (0, MOST);
            while other - waiting > 1 {
                let middle = waiting.midpoint(other);
                if self.waits_at(middle).await { waiting = middle } else { other = middle }
            }
            for octets in waiting.saturating_sub(2)..other + JUNK.len() {
                if self.at(octets).await == Seen::Canary {
                    return self.exact(octets).await;
                }
            }
            return None;
        }
        Some(Amount::MoreThan(MOST))
    }

    /// Where the method of a canary has lost its first octets, some servers still answer it like one: the number is the
    /// greatest of those next to each other.
    async fn exact(&self, octets: usize) -> Option<Amount> {
        let mut greatest = octets;
        for more in 1..=3 {
            if self.at(octets + more).await == Seen::Canary {
                greatest = octets + more;
            }
        }
        (greatest < octets + 3).then_some(Amount::Octets(greatest))
    }

    async fn at(&self, octets: usize) -> Seen {
        let token = token();
        let canary = canary(&self.context.target, &token);
        let observation = self.play(&self.subject.content(octets), &canary, 2).await;
        let answers = answers_of(&observation);
        let finals: Vec<_> = answers.iter().filter(|answer| !answer.is_interim()).collect();
        let calibration = &self.context.calibration;
        let shows = |answer: &crate::answers::Answer| match calibration.canary {
            CanarySign::CountOnly => {
                let path =
                    calibration.methods.iter().find(|(method, _)| *method == "GET").and_then(|(_, status)| *status);
                answer.status == path && path.is_some_and(|status| status < 400)
            }
            sign => is_canary(answer, sign, &token),
        };
        match finals[..] {
            [_, second] if shows(second) => Seen::Canary,
            [] | [_] if !observation.is_closed() && !finals.iter().any(|answer| answer.says_close) => Seen::Waiting,
            _ => Seen::Other,
        }
    }

    /// Whether the server still waits when so many octets have come, and some behind them that are no request.
    async fn waits_at(&self, octets: usize) -> bool {
        let observation = self.play(&self.subject.content(octets), JUNK, 2).await;
        let answers = answers_of(&observation);
        let finals = answers.iter().filter(|answer| !answer.is_interim());
        !observation.is_closed() && finals.count() < 2
    }

    async fn play(&self, message: &[u8], behind: &[u8], finals: usize) -> Observation {
        let mut exchange = self.context.open(Purpose::Confirm, &[&self.subject.method, "GET"]).await;
        exchange.send_flight(message, behind).await;
        exchange.answers(finals).await;
        let latency = self.context.calibration.latency_worst * 2 + Duration::from_millis(2);
        exchange.linger(latency.min(self.context.patience.quiet)).await;
        exchange.finish()
    }
}

/// No request, wherever one begins to read it.
const JUNK: &[u8] = b"(\r\n\r\n";
