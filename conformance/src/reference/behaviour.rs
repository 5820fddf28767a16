//! What the reference server does: how it reads, what it takes, and which faults of its own are switched on.
//!
//! Faults in reading are choices of the reader's [`Policy`]; every other fault is a [`Deed`]. A behaviour is plain data,
//! so that a mutant is a name, a behaviour and nothing else.

use std::time::{Duration, SystemTime};

use startline_parser::Limits;
use startline_parser::policy::Policy;

use super::date::DateFormat;
use super::lapse::Lapse;
use crate::rule::Rule;

/// How the reference server reads, answers and errs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Behaviour {
    /// What it makes of octets about which recipients differ.
    pub policy: Policy,
    /// How much it takes of everything but content.
    pub limits: Limits,
    /// Octets of content that it takes; more is answered with 413.
    pub content_most: usize,
    /// What it answers valid requests with.
    pub application: Application,
    /// Its faults.
    pub deeds: Vec<Deed>,
    /// How long it waits for the next octet of an incomplete message before it answers 408.
    pub patience: Duration,
    /// How long it keeps a connection on which nothing has begun.
    pub idle: Duration,
    /// How long it reads on after it has closed its side, so that its last answer is not erased by a reset.
    pub drain: Duration,
    /// It waits for a random time up to this before each answer.
    pub jitter: Duration,
    /// A filter in front of it.
    pub screen: Option<Screen>,
    /// What it takes the time to be; by default what the system says.
    pub clock: Option<SystemTime>,
    /// It speaks TLS.
    pub tls: bool,
}

impl Behaviour {
    /// Whether it has the fault.
    #[must_use]
    pub fn does(&self, deed: Deed) -> bool {
        self.deeds.contains(&deed)
    }

    /// Whether it has this lapse.
    #[must_use]
    pub fn lapses(&self, lapse: Lapse) -> bool {
        self.does(Deed::Lapse(lapse))
    }

    /// The same with another fault.
    #[must_use]
    pub fn with(mut self, deed: Deed) -> Self {
        self.deeds.push(deed);
        self
    }

    /// The same under TLS.
    #[must_use]
    pub const fn with_tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// The same with another policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with another patience for incomplete messages.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The time, as it knows it.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.clock.unwrap_or_else(SystemTime::now)
    }

    /// What it does in place of a plain refusal for this rule.
    #[must_use]
    pub fn manner_for(&self, rule: &Rule) -> Option<Manner> {
        self.deeds.iter().find_map(|deed| match deed {
            Deed::Refuse(of, manner) if *of == rule => Some(*manner),
            _ => None,
        })
    }
}

/// What the server takes without fault: generous beside what clients send, and small enough to be found quickly.
pub const LIMITS: Limits =
    Limits::DEFAULT.with_head(64 << 10).with_start_line(16 << 10).with_field_line(16 << 10).with_fields(1_000);

impl Default for Behaviour {
    /// Without fault.
    fn default() -> Self {
        Self {
            policy: Policy::STRICT,
            limits: LIMITS,
            content_most: 16 << 20,
            application: Application::Echo,
            deeds: Vec::new(),
            patience: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            drain: Duration::from_secs(1),
            jitter: Duration::ZERO,
            screen: None,
            clock: None,
            tls: false,
        }
    }
}

/// What valid requests are answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Application {
    /// 200 and what was understood of the request; 404 under `/missing` and `/startline-canary`.
    Echo,
    /// The same statuses, and not a word about the request.
    Plain,
    /// 301, whatever was asked for.
    Redirect,
}

/// A filter in front of the server, which drops what it does not like without a word.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Screen {
    /// Whether octets that have arrived, and not been answered yet, are dropped.
    pub dislikes: fn(&[u8]) -> bool,
    /// [`Manner::Hang`] or [`Manner::Reset`].
    pub manner: Manner,
}

impl Screen {
    /// A filter.
    #[must_use]
    pub const fn new(dislikes: fn(&[u8]) -> bool, manner: Manner) -> Self {
        Self { dislikes, manner }
    }
}

/// What happens in place of a refusal as the text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Manner {
    /// It is refused with this status.
    Status(u16),
    /// It is refused as it should be, but the connection goes on.
    StayOpen,
    /// Nothing comes any more, and the connection stays open.
    Hang,
    /// The connection is reset.
    Reset,
}

/// One fault of the server in what it does; none of them is in how it reads octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deed {
    /// A message that is refused for this rule is treated otherwise.
    Refuse(&'static Rule, Manner),

    /// A method that is no token is taken for GET.
    InvalidMethodAsGet,
    /// Of a folded value the application is told the last line only.
    FoldReplacesValue,
    /// HEAD is answered with 501.
    HeadUnsupported,
    /// Methods that it does not know are taken for GET.
    UnknownMethodAsGet,
    /// Methods that it does not know are answered with this status.
    UnknownMethodStatus(u16),
    /// `get` is taken for GET.
    MethodCaseFolded,
    /// A method of more than 32 octets gets this in place of 501.
    LongMethod(Manner),
    /// A request-target that is too long gets this in place of 414.
    LongTarget(Manner),
    /// CONNECT is answered with 200, and the connection swallows everything from then on.
    ConnectTunnels,
    /// The answer to HEAD has content.
    HeadWithContent,
    /// A request with a field that it does not know is answered with 400.
    UnknownFieldRefused,
    /// Nothing that follows an empty element of `Connection` is seen.
    EmptyElementEndsList,
    /// A request with an empty element in `Connection` is answered with 400.
    EmptyElementRefused,
    /// POST is answered with 201.
    PostCreates,
    /// Of an absolute-form only the path counts, and the `Host` field stands.
    HostFieldCounts,

    /// A request with whitespace around a field value, other than one SP before it, is answered with 400.
    BlanksAroundValueRefused,
    /// An option in `Connection` with whitespace around it, other than one SP before it, is not seen.
    BlanksKeptInOption,
    /// Compressed content is taken as it is, whatever parameters its coding has.
    CompressionTaken,
    /// Answers have a field line of 6,000 octets.
    LongFieldSent,
    /// Paths are compared as they came, percent-encoded or not.
    PathsCompared,

    /// Content with a length, of requests other than POST and PUT, is taken for the next request.
    ContentOfGetUnread,
    /// Content with a length, of POST and PUT requests, is taken for the next request.
    ContentOfPostUnread,
    /// Content with a length, of requests with this field, is taken for the next request.
    ContentBesideUnread(&'static str),
    /// Content with a length, of requests for what is missing, is taken for the next request.
    ContentOfMissingUnread,
    /// The chunked coding is not seen, so that the chunks are taken for the next request.
    ChunkedUnseen,
    /// The chunks are handed to the application as they came.
    ChunkedUndecoded,
    /// A chunked request is answered with 501.
    ChunkedRefused,
    /// A message that was cut off by the end of the connection is served.
    IncompleteServed,

    /// Every connection is closed after one answer, which says so.
    ClosesAlways,
    /// Every connection is closed after one answer, which does not say so.
    ClosesUnannounced,
    /// An HTTP/1.0 connection stays open.
    Http10StaysOpen,
    /// Requests that arrived together are answered in reverse order.
    PipelineReversed,
    /// `close` in a request is not seen.
    CloseUnseen,
    /// `close` is answered with `close`, and the connection stays open and quiet.
    CloseNotDone,
    /// The answer to `close` does not carry `close`.
    CloseNotEchoed,
    /// Requests that came together with one that has `close` are answered as well.
    ProcessesAfterClose,
    /// A TLS connection is closed without a closure alert.
    NoClosureAlert,
    /// Requests are served whatever origin they are for, and whatever the connection is secured for.
    AnyOrigin,
    /// A head that was cut off by the end of the connection is served.
    IncompleteHeadServed,
    /// Trailer fields are handed to the application as fields of the head: the one with this name, or all.
    TrailersMerged(Option<&'static str>),
    /// The refusal of a request without `Host` carries `close`, and the connection goes on.
    CloseSaidNotDone,
    /// HTTP/1.0 requests are answered in HTTP/1.0.
    AnswersInKind,
    /// A 417 before the content does not say that the connection is closed.
    EarlyCloseUnannounced,
    /// A 100 is sent although the content has come already.
    ContinueAnyway,
    /// No 100 is sent for chunked content.
    NoContinueForChunks,
    /// A client that closes its side is not noticed.
    ClosureUnnoticed,
    /// An idle connection is reset when the server's patience is over.
    ResetsWhenIdle,
    /// A refusal does not say that the connection is closed.
    RefusalUnannounced,
    /// Whatever is offered, the server switches to its own protocol.
    SwitchesToOwn,
    /// The name of a protocol has to be in its own case.
    ProtocolCaseCounts,
    /// HTTP/1.0 requests are switched as well.
    SwitchesHttp10,
    /// A 101 is sent before the content that waits for a 100.
    SwitchesBeforeContinue,
    /// Of several lines of `Expect` only the first is seen.
    FirstExpectCounts,
    /// HTTP/1.0 requests are answered with the chunked coding.
    ChunkedToHttp10,
    /// Everything is answered in HTTP/1.0, with `keep-alive` where the connection goes on.
    AnswersHttp10,
    /// Refusals are written in HTTP/1.0, and the connection goes on as in HTTP/1.1.
    RefusesInHttp10,

    /// No 100 is sent.
    NoContinue,
    /// After a 100 nothing comes.
    NothingAfterContinue,
    /// A 100 is sent to HTTP/1.0 as well.
    ContinueToHttp10,
    /// Expectations other than 100-continue are ignored.
    UnknownExpectationIgnored,

    /// Field lines that are too large, or too many, get this in place of 431.
    LargeFields(Manner),
    /// Field lines that are too large are left out, and the request is served.
    LargeFieldsIgnored,
    /// What has come of a head is forgotten when more of it comes in another read.
    HeadInOneRead,
    /// A CR at the end of one read and the LF at the begin of the next are taken for two line ends.
    SplitLineEndTwice,

    /// Answers of the class 2xx (true), or those of the class 4xx (false), have no `Date`; with both no answer has one.
    DateMissing(bool),
    /// `Date` is written so.
    DateWritten(DateFormat),
    /// Preconditions and representations are treated in this way.
    Lapse(Lapse),
    /// Ranges are given in this wrong way.
    Ranges(RangeFault),
    /// Something is wrong with methods, credentials or negotiation.
    Resources(ResourceFault),
    /// Answers are malformed in this way.
    Malformed(Malformation),
    /// This is sent in answer to some requests; what is right about it is written down as well.
    Scripted(When, &'static str),
}

/// Which requests get an answer that is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// `OPTIONS *` in HTTP/1.1, so that all other answers can still be judged.
    ServerWide,
    /// CONNECT.
    Connect,
}

/// What is wrong with the parts that are given of a representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RangeFault {
    /// Suffixes are ignored, and the whole is sent.
    SuffixIgnored,
    /// A suffix length is taken for a last position.
    SuffixFromStart,
    /// A range that does not exist gets 416 only if it is not a suffix; with this, it gets the whole.
    UnsatisfiableWhole,
    /// A unit other than `bytes` is taken for it.
    AnyUnit,
    /// HEAD gets the head of a 206.
    OnHead,
    /// Positions wrap at 32 bits.
    Wraps32,
    /// Positions wrap at 64 bits.
    Wraps64,
    /// The octets begin one position late.
    Shifted,
    /// Parts come in ascending order.
    Sorted,
    /// Parts have no Content-Type.
    Untyped,
    /// A 206 has no ETag.
    WithoutEtag,
    /// A 206 has no Last-Modified.
    WithoutLastModified,
    /// A 206 to If-Range has all fields.
    AllFields,
    /// What is no ranges-specifier is refused with 416; nothing forbids that.
    InvalidRefused,
}

/// What is wrong with methods, credentials or negotiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceFault {
    /// Whoever comes after somebody with credentials on a connection is let in.
    IdentityOfConnection,
    /// A PUT that creates is answered with 200.
    PutCreatedIs200,
    /// A PUT that modifies is answered with 201.
    PutModifiedIs201,
    /// The entity-tag in the answer to a PUT is that of another state.
    PutTagStale,
    /// Whitespace at the end of what is put is cut off, and the entity-tag told all the same.
    PutTrimmed,
    /// A field that nobody knows is kept with what is put.
    PutKeepsField,
    /// Content-Location is kept with what is put.
    PutKeepsLocation,
    /// A part that is put is taken for the whole.
    PutPartIsWhole,
    /// A part that is put is refused with 501.
    PutPartNotImplemented,
    /// A DELETE that is done is answered with 201.
    DeletedIs201,
    /// TRACE is served; nothing forbids that.
    TraceServed,
    /// TRACE is answered with something else.
    TraceUnreflected,
    /// TRACE is served with all fields.
    TraceWithSecrets,
    /// Where 405 is right, 501 is sent.
    NotAllowedIs501,
    /// Credentials that are no base64 get 500.
    CredentialsBreak,
    /// Wrong credentials get 403.
    CredentialsForbidden,
    /// The scheme is known in one case; no key word forbids that.
    SchemeCaseCounts,
    /// A weight counts only at the end.
    WeightLast,
    /// Unless identity is named, Accept-Encoding gets 406.
    CodingUnacceptableRefused,
    /// Whoever sends an Accept-Encoding other than identity gets gzip.
    CodedAnyway,
    /// Content in gzip does not say so.
    CodedInSilence,
    /// There is no Vary.
    VaryMissing,
    /// Content-Range on GET and HEAD is refused.
    ContentRangeTaken,
    /// Content in `x-gzip` or `x-compress` gets 415.
    AliasUnknown,
    /// The Content-Range of a 206 has an asterisk for the complete length.
    LengthUntold,
}

/// What is wrong with an answer as octets.
///
/// Most of them stand in every answer, and a reader gets over them. Those after which nobody knows where the answer
/// ends stand in answers to `OPTIONS *` alone, so that the other answers can still be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Malformation {
    /// Lines end with LF.
    BareLf,
    /// A value has a CR in it.
    BareCr,
    /// A line with whitespace before it comes first.
    LeadingWhitespace,
    /// A line has no colon.
    ColonMissing,
    /// A name has parentheses in it.
    NameInvalid,
    /// A blank stands before a colon.
    ColonWhitespace,
    /// A value is folded.
    ObsFold,
    /// A value has a NUL in it.
    ValueNul,
    /// A value has a BEL in it.
    ValueControl,
    /// Two blanks stand before the status-code.
    StatusLineWhitespace,
    /// The line ends after the status-code.
    StatusSpaceMissing,
    /// The reason-phrase has a BEL in it.
    ReasonInvalid,
    /// `Content-Length` is a list of two equal numbers.
    LengthRepeated,
    /// `Content-Length` stands beside the chunked coding.
    LengthAndCoding,
    /// The chunked coding is given twice.
    CodingRepeated,
    /// The chunked coding has a parameter.
    CodingParameters,
    /// A chunk-size line ends with LF.
    ChunkLineBareLf,
    /// The data of a chunk ends with LF.
    ChunkDataUnterminated,
    /// A chunk extension is none.
    ChunkExtensionInvalid,
    /// A chunk extension has blanks around its parts.
    ChunkExtensionWhitespace,

    /// `OPTIONS *` only: there is no status-line.
    StatusLineMissing,
    /// `OPTIONS *` only: the status-code has two digits.
    StatusCodeInvalid,
    /// `OPTIONS *` only: the version has three numbers.
    VersionInvalid,
    /// `OPTIONS *` only: two lengths.
    LengthConflict,
    /// `OPTIONS *` only: a length with a letter.
    LengthInvalid,
    /// `OPTIONS *` only: less content than announced, then a close.
    ContentShorter,
    /// `OPTIONS *` only: more content than announced.
    ContentLonger,
    /// `OPTIONS *` only: `Transfer-Encoding` is not a list of codings.
    CodingInvalid,
    /// `OPTIONS *` only: the chunked coding in an HTTP/1.0 answer.
    CodingInHttp10,
    /// `OPTIONS *` only: a chunk-size with a prefix.
    ChunkSizeInvalid,
}

impl Malformation {
    /// Whether it stands in answers to `OPTIONS *` alone.
    #[must_use]
    pub fn is_confined(self) -> bool {
        self >= Self::StatusLineMissing
    }
}
