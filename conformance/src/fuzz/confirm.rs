//! From a suspicion to a finding: repeated on fresh connections, made smaller, held against a control, judged once more.
//!
//! The last word on a single message has the judge of hand-written checks, with the same two connections, the same
//! control and the same table. What it does not call a finding is none.

use std::sync::Arc;

use startline_parser::notation::encode_lines;
use startline_parser::policy::Policy;
use startline_parser::reader::End;
use startline_parser::rule::field::{FIELD_VALUE_NUL, OBS_FOLD};
use startline_parser::rule::message::BARE_CR;

use super::control::{control, repaired};
use super::finding::{Control, Finding, SCHEMA, id, shown};
use super::input::Input;
use super::minimise::{Minimiser, TRIALS_MOST};
use super::play::{Played, Player, Pulse, Wait, sent_of};
use super::sequential::{Decision, Test};
use super::site::Site;
use crate::answers::answers;
use crate::calibrate::{ask, plain};
use crate::check::{Check, Plan, Step};
use crate::exchange::Patience;
use crate::judge::exchange::Known;
use crate::judge::stream::{Judged, Sent, What, judge};
use crate::judge::{Judgement, Verdict, requests};
use crate::observation::Ended;
use crate::probe::Context;
use crate::profile::{Choice, Knowledge, Observed, explain};
use crate::rule::{Kind, Role, Rule};
use crate::runner::attempt;
use crate::target::{Target, token};
use crate::wire::Template;

/// Octets of answers that are kept of a finding.
const RECEIVED_KEPT: usize = 2 * 1024;

/// More explanations than these explain nothing.
const EXPLANATIONS_MOST: usize = 3;

/// Octets of the input that are kept of a finding.
const INPUT_KEPT: usize = 64 * 1024;

/// Something odd that was seen once.
#[derive(Debug, Clone)]
pub struct Suspicion {
    /// The number of the input.
    pub index: u64,
    /// The input.
    pub input: Arc<Input>,
    /// What it came to.
    pub judged: Judged,
}

/// What becomes of a suspicion.
#[derive(Debug)]
pub enum Confirmed {
    /// It is a finding.
    Finding(Box<Finding>),
    /// It was not seen again, or not often enough.
    Not(&'static str),
}

/// Turns suspicions into findings.
#[derive(Debug)]
pub struct Confirmer {
    context: Context,
    site: Site,
    known: Known,
}

/// What became of a finding that was played again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Whether the same was seen.
    pub shows: bool,
    /// That in words, with what came back last.
    pub text: String,
}

/// What is looked for: the rules that are blamed, and what is seen.
type Sign<'s> = (&'s [&'static Rule], What);

impl Confirmer {
    /// For a target that is known.
    #[must_use]
    pub fn new(context: Context) -> Self {
        let known = Known { sign: context.calibration.canary, echoes: context.calibration.echoes };
        let site = Site::of(&context.target);
        Self { context, site, known }
    }

    /// Whom it talks to.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.context.target
    }

    /// Plays an input once; a suspicion, if something odd is seen.
    pub async fn suspicion(&self, index: u64, input: &Input) -> Option<Suspicion> {
        let (_, _, judged) = self.once(input.octets(), self.wait()).await;
        is_suspicious(&judged).then(|| Suspicion { index, input: Arc::new(input.clone()), judged })
    }

    /// Plays a stream once on a fresh connection, whatever comes of it.
    pub async fn play(&self, octets: &[u8]) {
        self.once(octets, self.wait()).await;
    }

    /// Plays a finding again, as often as it takes to be sure.
    pub async fn again(&self, octets: &[u8], finding: &Finding) -> Again {
        let rules: Vec<&'static Rule> = finding.known_rules().collect();
        let mut test = Test::default();
        let mut last: String;
        let decision = loop {
            let (_, played, judged) = self.once(octets, self.wait()).await;
            let is_same = match finding.what {
                What::Down => !self.answers().await,
                _ => is(&judged, (&rules, finding.what)),
            };
            let redact = crate::report::Redactor::new(&self.context.target.secrets);
            last = format!("{}\n  came back: {}", words(&judged), redact.text(&shown(&played.octets, 400)));
            match test.add(is_same) {
                Decision::Open => {}
                decision => break decision,
            }
        };
        let shows = decision == Decision::Holds;
        let word = if shows { "seen again" } else { "not seen again" };
        let text = format!(
            "{word}: {} of {} repetitions showed {} ({})\n  last: {last}\n",
            test.shown,
            test.repeated,
            finding.what.words(),
            finding.rules.join(", "),
        );
        Again { shows, text }
    }

    /// Whether a plain request is answered now.
    pub async fn answers(&self) -> bool {
        let target = &self.context.target;
        ask(target, "GET", &plain(target, "GET"), self.context.calibration.patience).await.is_some()
    }

    fn wait(&self) -> Wait {
        let patience = self.context.calibration.patience;
        let linger = self.context.calibration.latency_worst * 2 + std::time::Duration::from_millis(5);
        Wait { quiet: patience.quiet, exchange: patience.exchange, linger: linger.min(patience.quiet) }
    }

    /// Plays a stream once on a fresh connection.
    async fn once(&self, octets: &[u8], wait: Wait) -> (Sent, Played, Judged) {
        let target = &self.context.target;
        let sent = sent_of(target, octets, &token());
        let mut player = Player::new(target, self.known, self.context.calibration.patience.connect);
        let played = player.play(&sent, wait, None).await;
        let judged = judge(&sent, played.seen(), self.known);
        (sent, played, judged)
    }

    async fn repeat(&self, octets: &[u8], sign: Sign<'_>) -> (Decision, Test, Option<(Sent, Played, Judged)>) {
        let mut test = Test::default();
        let mut last = None;
        loop {
            let one = self.once(octets, self.wait()).await;
            let shows = is(&one.2, sign);
            if shows {
                last = Some(one);
            }
            match test.add(shows) {
                Decision::Open => {}
                decision => return (decision, test, last),
            }
        }
    }

    /// Confirms a suspicion. `pulse` is how fast the target answers now.
    pub async fn confirm(&self, suspicion: &Suspicion, pulse: &Pulse) -> Confirmed {
        let (rules, what) = (suspicion.judged.blamed.clone(), suspicion.judged.what);
        let sign: Sign<'_> = (&rules, what);
        let original = suspicion.input.octets();
        match self.repeat(original, sign).await.0 {
            Decision::Holds => {}
            Decision::Unstable => return Confirmed::Not("it shows now and then"),
            _ => return Confirmed::Not("it did not show again"),
        }
        // The full patience is for what is believed in the end.
        let quick = Wait { quiet: pulse.quiet().max(self.wait().quiet / 4), ..self.wait() };
        let shape = Shape::of(original, suspicion.judged.message);
        let start = self.alone(original, &shape, sign, quick).await.unwrap_or_else(|| (*suspicion.input).clone());
        let mut minimiser = Minimiser::new(start, TRIALS_MOST);
        while let Some(candidate) = minimiser.candidate() {
            let shows = shape.keeps(candidate.octets()) && is(&self.once(candidate.octets(), quick).await.2, sign);
            minimiser.tell(candidate, shows);
        }
        let small = minimiser.into_smallest();
        let (message, test, seen) = match self.repeat(small.octets(), sign).await {
            (Decision::Holds, test, Some(seen)) => (small.octets().to_vec(), test, seen),
            // What is smaller shows only in haste.
            _ => match self.repeat(original, sign).await {
                (Decision::Holds, test, Some(seen)) => (original.to_vec(), test, seen),
                _ => return Confirmed::Not("it shows now and then"),
            },
        };
        self.finding(suspicion, message, test, seen).await
    }

    /// A message of a stream that shows the same by itself.
    async fn alone(&self, octets: &[u8], shape: &Shape, sign: Sign<'_>, wait: Wait) -> Option<Input> {
        let reading = requests(octets);
        if reading.messages.len() < 2 {
            return None;
        }
        for message in &reading.messages {
            let End::Complete(end) = message.end else { continue };
            let single = &octets[message.start..end];
            if shape.keeps(single) && is(&self.once(single, wait).await.2, sign) {
                return Some(Input::tokenise(single));
            }
        }
        None
    }

    async fn finding(
        &self,
        suspicion: &Suspicion,
        message: Vec<u8>,
        test: Test,
        (sent, played, judged): (Sent, Played, Judged),
    ) -> Confirmed {
        let explained = self.explained(&sent, &played);
        if !is_about(&explained, &sent, &judged) {
            return Confirmed::Not("what explains it is another fault");
        }
        let plain_message = control(&message, judged.message, &self.site);
        let mut held = None;
        if judged.what.needs_control() {
            // Of several messages in a flight, any may be the reason.
            if requests(&message).messages.len() > 1 {
                return Confirmed::Not("it takes several messages");
            }
            let Some(plain) = &plain_message else { return Confirmed::Not("there is no control to compare it with") };
            let Some(status) = self.status_of(plain, judged.message).await else {
                return Confirmed::Not("its control was not answered either");
            };
            let own = judged.statuses.get(judged.message).copied().flatten().unwrap_or(0);
            if own == status {
                return Confirmed::Not("its control got the same");
            }
            if judged.what == What::Refused && status >= 400 {
                return Confirmed::Not("its control was refused as well");
            }
            held = Some(Control { message: shown(plain, INPUT_KEPT), status });
        }
        let is_about_values = judged.what == What::ReadOtherwise && judged.blamed.iter().all(|rule| in_values(rule));
        if is_about_values && !self.shows_values(&message).await {
            return Confirmed::Not("the echo does not show the value of its control either");
        }
        let mut verdict = judged.verdict;
        let mut why = words(&judged);
        let mut expected = expected(&judged.blamed);
        // What an echo shows of a value the judge of checks looks at for folds alone.
        let check = check(&message, &judged.blamed, plain_message.as_deref()).filter(|_| !is_about_values);
        if let Some(check) = check {
            let longer = self.context.calibration.patience.times(2);
            let judgement = self.as_check(&check, longer).await;
            if judged.verdict.is_finding() && !judgement.verdict.is_finding() {
                return Confirmed::Not("the judge of checks does not call it a finding");
            }
            if judgement.verdict.is_judged() && judged.verdict.is_finding() {
                // Of the two opinions the milder one counts.
                verdict = judgement.verdict.milder(verdict);
                expected = judgement.expected;
                why = format!("{why}; as a check: {}", judgement.why);
            }
        }
        let redact = crate::report::Redactor::new(&self.context.target.secrets);
        Confirmed::Finding(Box::new(Finding {
            schema: SCHEMA,
            id: id(&judged.blamed, judged.what, &message),
            target: self.context.target.url.clone(),
            host: self.context.target.host.clone(),
            verdict: verdict.word().to_owned(),
            what: judged.what,
            impact: judged.blamed.first().map_or("semantics", |rule| rule.impact.word()).to_owned(),
            rules: judged.blamed.iter().map(|rule| rule.id.to_owned()).collect(),
            message: shown(&message, usize::MAX),
            found_in: shown(suspicion.input.octets(), INPUT_KEPT),
            input: suspicion.index,
            statuses: judged.statuses.iter().map(|status| status.unwrap_or(0)).collect(),
            received: redact.text(&shown(&played.octets, RECEIVED_KEPT)),
            ended: played.ended.words(),
            control: held,
            shown: (test.shown, test.repeated),
            why: redact.text(&why),
            expected,
            explained: explained.iter().map(|set| in_words(set)).collect(),
        }))
    }

    /// The fewest choices of a recipient under which what was seen is foretold.
    fn explained(&self, sent: &Sent, played: &Played) -> Vec<Vec<Choice>> {
        let observed =
            Observed { octets: &sent.octets, token: &sent.token, received: &played.octets, ended: &played.ended };
        let known = Knowledge::of(&self.context.target, &self.context.calibration);
        let explanation = explain(&observed, &known, &Policy::STRICT);
        // Where many would do, none says anything.
        let sets = explanation.map(|explanation| explanation.sets).unwrap_or_default();
        if sets.len() > EXPLANATIONS_MOST { Vec::new() } else { sets }
    }

    /// Whether the echo shows values as they are, where nothing is wrong with them.
    async fn shows_values(&self, message: &[u8]) -> bool {
        let Some(plain) = repaired(message) else { return false };
        let (_, _, judged) = self.once(&plain, self.wait()).await;
        let is_served = judged.statuses.first().copied().flatten().is_some_and(|status| status < 400);
        is_served && judged.verdict == Verdict::Pass && self.shows_same(message, &plain).await
    }

    /// Whether the echo of `plain` has, in the field that differs from `message`, the value that was sent.
    async fn shows_same(&self, message: &[u8], plain: &[u8]) -> bool {
        let (sent, played, _) = self.once(plain, self.wait()).await;
        let found = answers(&played.octets, &[b"GET".to_vec(), b"GET".to_vec()], played.ended == Ended::Fin);
        let echo = found.first().and_then(|answer| crate::servers::Echo::parse(&answer.content));
        let (Some(echo), Some(request)) = (echo, sent.strict().messages.first()) else { return false };
        let differs = |at: u32| message.get(at as usize..).is_some_and(|rest| !rest.is_empty());
        request.fields.iter().filter(|field| differs(field.value_span.start)).all(|field| {
            let name = String::from_utf8_lossy(&field.name);
            let mut shown = echo.values(&name);
            // A field that the application is not told of shows nothing.
            shown.next().is_none_or(|value| value.trim_ascii() == field.value)
        })
    }

    /// What a check says of the message.
    async fn as_check(&self, check: &Check, patience: Patience) -> Judgement {
        attempt(&self.context, check, patience).await.0
    }

    /// The status that message number `at` of a stream gets.
    async fn status_of(&self, octets: &[u8], at: usize) -> Option<u16> {
        let (sent, played, _) = self.once(octets, self.wait()).await;
        let methods: Vec<Vec<u8>> =
            sent.strict().messages.iter().map(|m| m.method(&sent.octets).unwrap_or(b"GET").to_vec()).collect();
        let found = answers(&played.octets, &methods, played.ended == Ended::Fin);
        found.iter().filter(|answer| !answer.is_interim()).nth(at).and_then(|answer| answer.status)
    }
}

/// What stays as it is while a message becomes smaller, so that it can still be compared with a control: the method, that
/// the message comes to its end without the canary, and that nothing else is wrong with it.
struct Shape {
    at: usize,
    method: Option<Vec<u8>>,
    is_partial: bool,
    faults: Vec<&'static Rule>,
}

impl Shape {
    fn of(octets: &[u8], at: usize) -> Self {
        let reading = requests(octets);
        let method = reading.messages.get(at).and_then(|message| message.method(octets)).map(<[u8]>::to_vec);
        let is_partial = reading.messages.last().is_none_or(|message| message.end == End::Partial);
        Self { at, method, is_partial, faults: reading.faults().map(|fault| fault.rule).collect() }
    }

    /// Whether smaller octets keep it; messages in front may be gone.
    fn keeps(&self, octets: &[u8]) -> bool {
        let reading = requests(octets);
        let mut methods = reading.messages.iter().take(self.at + 1).map(|message| message.method(octets));
        let is_partial = reading.messages.last().is_none_or(|message| message.end == End::Partial);
        let is_new = |rule: &'static Rule| !self.faults.contains(&rule);
        (self.is_partial || !is_partial)
            && !reading.faults().any(|fault| is_new(fault.rule))
            && methods.any(|method| method == self.method.as_deref())
    }
}

fn is(judged: &Judged, (rules, what): Sign<'_>) -> bool {
    judged.what == what && judged.blamed == rules
}

fn in_words(set: &[Choice]) -> String {
    set.iter().map(|choice| choice.words()).collect::<Vec<_>>().join("; and ")
}

/// Whether what explains an observation has to do with what is blamed for it; where nothing explains it, nothing speaks
/// against it.
fn is_about(explained: &[Vec<Choice>], sent: &Sent, judged: &Judged) -> bool {
    let is_reading = matches!(judged.what, What::Served | What::Surplus | What::Missing | What::ReadOtherwise);
    let strict = sent.strict();
    let blamed = strict.faults().chain(strict.features()).filter(|fault| judged.blamed.contains(&fault.rule));
    let points: Vec<_> = blamed.filter_map(|fault| fault.point).collect();
    let is_one = |choice: &Choice| points.contains(&choice.point);
    !is_reading || points.is_empty() || explained.is_empty() || explained.iter().flatten().any(is_one)
}

/// Whether a rule is about what may be repaired in a field value.
fn in_values(rule: &Rule) -> bool {
    [&OBS_FOLD, &FIELD_VALUE_NUL, &BARE_CR].contains(&rule)
}

/// What happened, in plain words.
fn words(judged: &Judged) -> String {
    let statuses: Vec<String> =
        judged.statuses.iter().map(|status| status.map_or("?".to_owned(), |status| status.to_string())).collect();
    let got = if statuses.is_empty() { "no answer".to_owned() } else { statuses.join(", ") };
    format!("{}; message and canary in one flight got {got}", judged.what.words())
}

fn expected(rules: &[&'static Rule]) -> String {
    let reactions: Vec<_> = rules
        .iter()
        .filter_map(|rule| rule.reaction(Role::OriginServer, startline_parser::rule::On::Request))
        .collect();
    crate::judge::table::expected(&reactions)
}

/// A single message with a fault or a feature as a check of the rule that is blamed; none for anything else.
#[must_use]
pub fn check(message: &[u8], blamed: &[&'static Rule], control: Option<&[u8]>) -> Option<Check> {
    let reading = requests(message);
    let rule = *blamed.first().filter(|rule| rule.kind != Kind::Duty)?;
    // What is not complete has its end in what follows, and a check is alone.
    if reading.messages.len() != 1 || reading.messages[0].end == End::Partial {
        return None;
    }
    let found = reading.faults().chain(reading.features()).map(|fault| fault.rule);
    let mut also: Vec<&'static Rule> = Vec::new();
    for other in found {
        let binds = other.reaction(Role::OriginServer, startline_parser::rule::On::Request).is_some();
        if binds && other != rule && !also.contains(&other) {
            also.push(other);
        }
    }
    let step = |octets: &[u8]| Template::parse(&encode_lines(octets)).ok().map(|template| vec![Step::Send(template)]);
    Some(Check {
        id: id(blamed, What::Nothing, message),
        rule,
        also,
        title: rule.summary().trim_end_matches('.').to_owned(),
        role: Role::OriginServer,
        tags: Vec::new(),
        plan: Plan::Exchange { steps: step(message)?, control: step(control?)? },
        expect: None,
        needs: None,
        file: String::new(),
    })
}

/// Whether a judgement of a stream is worth a second look.
#[must_use]
pub fn is_suspicious(judged: &Judged) -> bool {
    let is_trouble = matches!(judged.what, What::NoAnswer | What::Reset | What::ServerError | What::Closed);
    judged.verdict.is_finding() || (judged.verdict == Verdict::Note && is_trouble)
}
