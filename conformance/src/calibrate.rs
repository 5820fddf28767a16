//! Getting to know a target by ordinary traffic, before anything odd is sent.
//!
//! Everything that waits later derives from what is measured here, within the bounds stated at [`Bounds`].

use std::time::Duration;

use tokio::time::Instant;

use crate::answers::Answer;
use crate::exchange::{Exchange, Patience};
use crate::judge::exchange::answers_of;
use crate::observation::{Ended, Observation, Purpose};
use crate::resource::{self, Resource};
use crate::servers::Echo;
use crate::target::{AddressClass, Endpoint, Target, token};
use crate::wire::with_fields;

/// What is known of a target before it is tried.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// What an ordinary HTTP client gets: the status, or why there is none.
    pub ordinary: Result<u16, String>,
    /// Time to the first octet of an answer, the middle one of several.
    pub latency: Duration,
    /// The longest of as many requests at once as will be made.
    pub latency_worst: Duration,
    /// Status of the known-good path by method.
    pub methods: Vec<(&'static str, Option<u16>)>,
    /// Whether a second request on a connection is answered.
    pub keep_alive: bool,
    /// Whether two requests in one flight are both answered.
    pub pipelining: bool,
    /// Whether the target answers with the marked echo.
    pub echoes: bool,
    /// How the answer to a canary is told from others.
    pub canary: CanarySign,
    /// How many exchanges may be under way at once: one more than the stalled requests that were seen not to hold up a
    /// good one.
    pub capacity: usize,
    /// How long to wait for what.
    pub patience: Patience,
    /// The value of `Server`, if there is one.
    pub server: Option<String>,
    /// What each given path can be judged on, in the order in which they were given.
    pub resources: Vec<Resource>,
}

#[cfg(test)]
impl Calibration {
    /// What is taken for granted in tests where nothing is sent.
    pub(crate) fn assumed(patience: Patience) -> Self {
        Self {
            ordinary: Ok(200),
            latency: Duration::from_millis(1),
            latency_worst: Duration::from_millis(1),
            methods: Vec::new(),
            keep_alive: true,
            pipelining: true,
            echoes: true,
            canary: CanarySign::Echo,
            capacity: 1,
            patience,
            server: None,
            resources: Vec::new(),
        }
    }
}

/// How the answer to a canary is told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanarySign {
    /// The target echoes the canary's token.
    Echo,
    /// By this status, which is not that of the known-good path.
    Status(u16),
    /// It cannot; answers are counted only.
    CountOnly,
}

impl CanarySign {
    /// In words, for reports.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Echo => "by its echo".to_owned(),
            Self::Status(status) => format!("by its status {status}"),
            Self::CountOnly => "by counting only".to_owned(),
        }
    }
}

/// Bounds of what is derived from measured latency.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Shortest quiet period.
    pub quiet_least: Duration,
    /// Longest quiet period.
    pub quiet_most: Duration,
    /// How long the first answer may take.
    pub first_answer: Duration,
}

impl Bounds {
    /// The bounds for targets of this class.
    #[must_use]
    pub const fn of(class: AddressClass) -> Self {
        match class {
            AddressClass::Loopback => Self {
                quiet_least: Duration::from_millis(150),
                quiet_most: Duration::from_secs(2),
                first_answer: Duration::from_secs(5),
            },
            AddressClass::Elsewhere => Self {
                quiet_least: Duration::from_millis(600),
                quiet_most: Duration::from_secs(5),
                first_answer: Duration::from_secs(10),
            },
        }
    }

    /// The quiet period for a worst latency.
    #[must_use]
    pub fn quiet(self, worst: Duration) -> Duration {
        (worst * 6).clamp(self.quiet_least, self.quiet_most)
    }

    const fn first(self) -> Patience {
        let first = self.first_answer;
        Patience { connect: first, quiet: first, exchange: first, close: Patience::CLOSE_MOST }
    }
}

/// Path of a canary.
#[must_use]
pub fn canary_path(token: &str) -> String {
    format!("/startline-canary-{token}")
}

/// A recognisable request.
#[must_use]
pub fn canary(target: &Target, token: &str) -> Vec<u8> {
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", canary_path(token), target.host);
    with_fields(request.as_bytes(), &target.host, &target.fields)
}

/// A plain request.
#[must_use]
pub fn plain(target: &Target, method: &str) -> Vec<u8> {
    let request = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n\r\n", target.path, target.host);
    with_fields(request.as_bytes(), &target.host, &target.fields)
}

/// Gets to know a target.
///
/// `may_post` says whether a request with an unsafe method, without content, may be among the ordinary traffic.
///
/// # Errors
/// Why nothing can be judged: it cannot be reached, or does not answer a plain request.
pub async fn calibrate(target: &Target, jobs: usize, bounds: Bounds, may_post: bool) -> Result<Calibration, String> {
    let first = once(target, "GET", bounds.first()).await;
    let answer = complete(&first).ok_or_else(|| unanswered(&first, bounds))?;
    let status = answer.status.ok_or_else(|| "the answer to a plain request begins with no status-line".to_owned())?;
    let server = answer.field("server").map(startline_parser::notation::encode);
    let echoes = Echo::parse(&answer.content).is_some();
    let mut latencies = Vec::new();
    for _ in 0..3 {
        let observation = once(target, "GET", bounds.first()).await;
        complete(&observation).ok_or_else(|| unanswered(&observation, bounds))?;
        latencies.extend(observation.first_octet_at());
    }
    latencies.sort_unstable();
    let latency = latencies.get(latencies.len() / 2).copied().unwrap_or(bounds.quiet_least);
    let latency_worst = worst_of(target, jobs, bounds).await.max(latency);
    let quiet = bounds.quiet(latency_worst);
    let patience = Patience {
        connect: bounds.first_answer,
        quiet,
        exchange: (quiet * 20).min(Duration::from_secs(10)),
        close: quiet.min(Patience::CLOSE_MOST),
    };
    let mut methods = vec![("GET", Some(status))];
    for method in ["HEAD", "OPTIONS", "POST"].into_iter().filter(|method| may_post || *method != "POST") {
        let observation = once(target, method, patience).await;
        methods.push((method, complete(&observation).and_then(|answer| answer.status)));
    }
    if let Some(pace) = &target.pace {
        pace.turn().await;
    }
    let ordinary = ordinary(target, bounds.first_answer).await;
    Ok(Calibration {
        ordinary,
        latency,
        latency_worst,
        methods,
        keep_alive: keeps_alive(target, patience).await,
        pipelining: pipelines(target, patience).await,
        echoes,
        canary: canary_sign(target, status, patience).await,
        capacity: capacity(target, jobs, patience).await,
        patience,
        server,
        resources: resources(target, patience).await,
    })
}

fn unanswered(observation: &Observation, bounds: Bounds) -> String {
    match &observation.ended {
        Ended::NotConnected(why) => format!("cannot connect: {why}"),
        ended if observation.received.is_empty() => {
            format!("a plain request was not answered within {:?} ({})", bounds.first_answer, ended.words())
        }
        ended => format!(
            "the answer to a plain request did not come to an end within {:?} ({} octets, {})",
            bounds.first_answer,
            observation.octets().len(),
            ended.words()
        ),
    }
}

/// One plain request on a connection of its own.
async fn once(target: &Target, method: &str, patience: Patience) -> Observation {
    send(target, method, &plain(target, method), patience).await
}

/// One request on a connection of its own.
async fn send(target: &Target, method: &str, request: &[u8], patience: Patience) -> Observation {
    let mut exchange = Exchange::open(target, Purpose::Control, vec![method.as_bytes().to_vec()], patience).await;
    exchange.send(request, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// The answer to one request on a connection of its own, if all of it came.
pub(crate) async fn ask(target: &Target, method: &str, request: &[u8], patience: Patience) -> Option<Answer> {
    complete(&send(target, method, request, patience).await)
}

async fn resources(target: &Target, patience: Patience) -> Vec<Resource> {
    let mut found = Vec::new();
    for path in &target.paths {
        found.push(resource::look(target, path, patience).await);
    }
    found
}

/// The first final answer, if all of it came.
fn complete(observation: &Observation) -> Option<Answer> {
    answers_of(observation).into_iter().find(|answer| !answer.is_interim() && answer.is_complete)
}

/// The longest time to the first octet among `jobs` requests at once.
async fn worst_of(target: &Target, jobs: usize, bounds: Bounds) -> Duration {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..jobs {
        let target = target.clone();
        tasks.spawn(async move { once(&target, "GET", bounds.first()).await.first_octet_at() });
    }
    let found = tasks.join_all().await;
    found.into_iter().flatten().max().unwrap_or_default()
}

async fn keeps_alive(target: &Target, patience: Patience) -> bool {
    let mut exchange = Exchange::open(target, Purpose::Control, vec![b"GET".to_vec(); 2], patience).await;
    for wanted in [1, 2] {
        exchange.send(&plain(target, "GET"), false).await;
        exchange.answers(wanted).await;
    }
    exchange.finals() == 2
}

async fn pipelines(target: &Target, patience: Patience) -> bool {
    let mut exchange = Exchange::open(target, Purpose::Control, vec![b"GET".to_vec(); 2], patience).await;
    exchange.send(&plain(target, "GET").repeat(2), false).await;
    exchange.answers(2).await;
    exchange.finals() == 2
}

/// A canary's answer tells if it echoes the token, or has a status that neither the known-good path nor a refusal of the
/// syntax has.
async fn canary_sign(target: &Target, path_status: u16, patience: Patience) -> CanarySign {
    let token = token();
    let mut exchange = Exchange::open(target, Purpose::Canary, vec![b"GET".to_vec()], patience).await;
    exchange.send(&canary(target, &token), false).await;
    exchange.answers(1).await;
    let Some(answer) = complete(&exchange.finish()) else { return CanarySign::CountOnly };
    let shows = |echo: Echo| echo.target.windows(token.len()).any(|window| window == token.as_bytes());
    if Echo::parse(&answer.content).is_some_and(shows) {
        return CanarySign::Echo;
    }
    match answer.status {
        Some(status) if status != path_status && !matches!(status, 400 | 405 | 408 | 500..=599) => {
            CanarySign::Status(status)
        }
        _ => CanarySign::CountOnly,
    }
}

/// How many exchanges may be under way at once: requests are left incomplete on more and more connections, and a good
/// one has to be answered all the same.
async fn capacity(target: &Target, jobs: usize, patience: Patience) -> usize {
    let mut stalled = jobs.saturating_sub(1);
    while stalled > 0 {
        let head = format!("GET {} HTTP/1.1\r\nHost: {}\r\n", target.path, target.host);
        let mut open = Vec::new();
        for _ in 0..stalled {
            let mut exchange = Exchange::open(target, Purpose::Control, Vec::new(), patience).await;
            exchange.send(head.as_bytes(), false).await;
            open.push(exchange);
        }
        let good = once(target, "GET", patience).await;
        drop(open);
        if complete(&good).is_some() {
            return stalled + 1;
        }
        recover(target, patience).await;
        stalled /= 2;
    }
    1
}

/// Waits until a plain request is answered again, for some seconds at most; false if it is not.
pub async fn recover(target: &Target, patience: Patience) -> bool {
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        if complete(&once(target, "GET", patience).await).is_some() {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What an ordinary client library gets: no proxy from the environment, no redirects, HTTP/1.1.
async fn ordinary(target: &Target, patience: Duration) -> Result<u16, String> {
    let tell = |error: &dyn std::error::Error| {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    };
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .http1_only()
        .timeout(patience);
    // The library wants to know its cryptography even where none is used.
    let tls = match &target.tls {
        Some(tls) => (*tls.config).clone(),
        None => crate::connection::tls::unused().map_err(|error| tell(&error))?,
    };
    builder = builder.tls_backend_preconfigured(tls);
    let path = &target.path;
    let url = match &target.endpoint {
        Endpoint::Unix(socket) => {
            builder = builder.unix_socket(socket.clone());
            format!("http://localhost{path}")
        }
        Endpoint::Tcp(address) => match url::Url::parse(&target.url) {
            Ok(mut url) => {
                if let Some(host) = url.host_str() {
                    builder = builder.resolve(host, *address);
                }
                let (path, query) =
                    path.split_once('?').map_or((path.as_str(), None), |(path, query)| (path, Some(query)));
                url.set_path(path);
                url.set_query(query);
                url.to_string()
            }
            Err(error) => return Err(error.to_string()),
        },
    };
    let client = builder.build().map_err(|error| tell(&error))?;
    let mut request = client.get(url).header("host", &target.host);
    for line in target.fields.split(|&octet| octet == b'\n').filter(|line| !line.is_empty()) {
        if let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|line| line.trim_end().split_once(": ")) {
            request = request.header(name, value);
        }
    }
    request.send().await.map(|response| response.status().as_u16()).map_err(|error| tell(&error))
}
