//! What has gone wrong in the world when peers broke a rule: classes of incidents, in our words.
//!
//! The class follows from the rule's impact and section, so that a new rule has one from the start; a rule whose impact
//! says too little has a row in [`OWN`]. Nothing here is a claim about one product.

use crate::rule::{Impact, On, Role, Rule};

/// A class of incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incident {
    /// Two recipients of one connection see a request end in different places.
    RequestSmuggling,
    /// Two recipients of one connection see a response end in different places.
    ResponseDesync,
    /// The host by which a message is routed is not the host by which it is trusted.
    HostRouting,
    /// What a filter read is not what the server did.
    FilterBypass,
    /// A field line that one hop sees and the next does not, or sees otherwise.
    HiddenFields,
    /// A check of who may do what is passed by.
    AccessBypass,
    /// A cache holds one thing under the name of another.
    CachePoisoning,
    /// A cache or client goes on with what is out of date.
    StaleContent,
    /// Somebody's change is overwritten or done twice.
    LostUpdate,
    /// Parts of a representation are put together wrongly, or ask for too much.
    BrokenRanges,
    /// Half a message is taken for a whole one.
    Truncation,
    /// A client waits in vain, or repeats what was done already.
    Stall,
    /// A connection turns into a tunnel that nobody watches.
    UnwatchedTunnel,
    /// A message of no bounded size.
    Exhaustion,
    /// What is valid is not understood.
    Interoperability,
    /// Nothing is known but untidiness.
    Untidy,
}

impl Incident {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RequestSmuggling => "Request smuggling",
            Self::ResponseDesync => "Response desynchronisation",
            Self::HostRouting => "Routing by a forged host",
            Self::FilterBypass => "Filter bypass",
            Self::HiddenFields => "Hidden field lines",
            Self::AccessBypass => "Access control bypass",
            Self::CachePoisoning => "Cache poisoning",
            Self::StaleContent => "Stale content",
            Self::LostUpdate => "Lost and repeated updates",
            Self::BrokenRanges => "Corrupted downloads and costly ranges",
            Self::Truncation => "Truncation",
            Self::Stall => "Stalled and repeated requests",
            Self::UnwatchedTunnel => "Unwatched tunnels",
            Self::Exhaustion => "Exhaustion",
            Self::Interoperability => "Failures between implementations",
            Self::Untidy => "Untidiness",
        }
    }

    /// How it happens.
    #[must_use]
    pub const fn story(self) -> &'static str {
        match self {
            Self::RequestSmuggling => {
                "A proxy and the server behind it share a connection and disagree about where a request ends. What one \
                 takes for content the other takes for the next request. So a stranger's request is put in front of \
                 somebody else's: it passes the proxy's access rules unseen, takes over the other's answer, or gets a \
                 wrong answer into a cache. Described in 2005, and found again in many products since 2019."
            }
            Self::ResponseDesync => {
                "A client or a proxy sees the end of a response elsewhere than its sender meant. The rest is taken for \
                 the answer to the next request on the connection, so that one user gets what was meant for another, \
                 or a cache stores it under the wrong name."
            }
            Self::HostRouting => {
                "Virtual hosts, caches and links in mail for lost passwords are chosen by the host of a request. Where \
                 one hop goes by one host and the next by another, a request reaches a site that it should not, a \
                 cache serves one site's content for another, or a link leads to an attacker."
            }
            Self::FilterBypass => {
                "A filter in front (a firewall for applications, the rules of a proxy) decides by what it read. If the \
                 server reads the same octets as another target, method or value, the filter has looked at a request \
                 that never happened."
            }
            Self::HiddenFields => {
                "A field line is spelled so that one hop does not recognise it, and the next does: a length or a \
                 coding that moves the end of the message, or a field by which the hop in front says who the user is \
                 and which a client must not be able to set."
            }
            Self::AccessBypass => {
                "Access is granted by what a request looks like: its method, its path, its credentials. A server that \
                 serves what looks otherwise serves it without the question having been asked."
            }
            Self::CachePoisoning => {
                "A cache keeps a response under a key that leaves out what the response depends on. Everybody who asks \
                 with that key gets the response that was made for one of them, or by an attacker."
            }
            Self::StaleContent => {
                "Caches and clients reckon with dates and validators to know whether what they hold is still good. \
                 With a wrong one they show what is out of date, or fetch again what has not changed; nobody sees an \
                 error."
            }
            Self::LostUpdate => {
                "Two people change the same thing, each from the state that they saw. If the condition on a request is \
                 not held against the state, the later one overwrites the earlier one without either being told; or \
                 a change is made although its sender was told that it was not."
            }
            Self::BrokenRanges => {
                "A download that is resumed is put together from parts. If the parts are of different versions or not \
                 where they are said to be, the file is broken and its length is right. Many ranges in one request \
                 have also been used to make servers do much work for few octets."
            }
            Self::Truncation => {
                "A connection breaks, by chance or by design, and what came so far is taken for everything: half a \
                 file is stored, half a form is processed, half a script is run."
            }
            Self::Stall => {
                "A client waits for an answer that does not come, or sends into a connection that is being closed and \
                 cannot know whether its request was processed. It gives up, or it sends the request again and an \
                 order is placed twice."
            }
            Self::UnwatchedTunnel => {
                "After a change of protocol a proxy passes octets on without looking at them. If the server did not \
                 really change, or changed to what was not agreed, whole requests go through the tunnel past every \
                 rule of the proxy; so has HTTP/2 been smuggled in cleartext."
            }
            Self::Exhaustion => {
                "A few clients with messages of no end, or very many parts, take up the memory or the workers of a \
                 server, and nobody else is served. A server that breaks over them instead of refusing tells its \
                 clients nothing."
            }
            Self::Interoperability => {
                "A peer sends what the text allows, and the other refuses or misunderstands it. It fails for some \
                 clients only, mostly later and elsewhere than where it was built, so that each side takes the other's \
                 software for broken."
            }
            Self::Untidy => {
                "No harm is known. Strict recipients may refuse the message, and it helps to tell products apart."
            }
        }
    }
}

use Incident as I;

/// Rules whose impact and section say too little.
const OWN: &[(&str, &[Incident])] = &[
    ("bare-cr", &[I::RequestSmuggling, I::HiddenFields]),
    ("empty-line-before-request", &[I::Interoperability]),
    ("empty-lines-before-request", &[I::Interoperability]),
    ("whitespace-before-first-field", &[I::RequestSmuggling, I::HiddenFields]),
    ("version-minor-higher", &[I::Interoperability]),
    ("version-major-unsupported", &[I::Interoperability]),
    ("request-line-whitespace", &[I::FilterBypass, I::RequestSmuggling]),
    ("method-invalid", &[I::FilterBypass, I::AccessBypass]),
    ("method-unknown", &[I::AccessBypass, I::Interoperability]),
    ("method-case", &[I::AccessBypass]),
    ("request-target-whitespace", &[I::FilterBypass]),
    ("request-target-invalid", &[I::FilterBypass]),
    ("request-target-percent", &[I::FilterBypass]),
    ("request-target-fragment", &[I::FilterBypass, I::CachePoisoning]),
    ("request-target-form", &[I::FilterBypass, I::HostRouting]),
    ("connect-port-invalid", &[I::UnwatchedTunnel, I::HostRouting]),
    ("uri-userinfo", &[I::HostRouting, I::FilterBypass]),
    ("whitespace-before-colon", &[I::HiddenFields, I::RequestSmuggling]),
    ("field-line-colon-missing", &[I::HiddenFields, I::RequestSmuggling]),
    ("field-name-invalid", &[I::HiddenFields, I::RequestSmuggling]),
    ("obs-fold", &[I::HiddenFields, I::RequestSmuggling]),
    ("field-value-nul", &[I::HiddenFields, I::FilterBypass]),
    ("field-value-control", &[I::FilterBypass]),
    ("body-incomplete", &[I::Truncation]),
    ("trailer-section", &[I::RequestSmuggling, I::HiddenFields]),
    ("method-too-long", &[I::Exhaustion]),
    ("target-too-long", &[I::Exhaustion]),
    ("request-line-8000", &[I::Interoperability]),
    ("http10-closes", &[I::Stall]),
    ("no-coding-to-http10", &[I::ResponseDesync]),
    ("head-without-content", &[I::ResponseDesync]),
    ("pipeline-order", &[I::ResponseDesync]),
    ("expect-in-http10", &[I::ResponseDesync]),
];

/// Sections (of RFC 9110 and RFC 9112) whose rules of meaning have gone wrong in the same way; the first that fits counts.
const BY_SECTION: &[(u16, &str, &[Incident])] = &[
    (9110, "5.4", &[I::Exhaustion]),
    (9110, "5.6.7", &[I::StaleContent]),
    (9110, "6.5", &[I::HiddenFields]),
    (9110, "6.6.1", &[I::StaleContent]),
    (9110, "7.8", &[I::UnwatchedTunnel]),
    (9110, "8.4", &[I::Interoperability]),
    (9110, "8.8", &[I::StaleContent, I::LostUpdate]),
    (9110, "9.3.4", &[I::LostUpdate]),
    (9110, "9.3.6", &[I::UnwatchedTunnel]),
    (9110, "10.1.1", &[I::Stall]),
    (9110, "11", &[I::AccessBypass, I::Interoperability]),
    (9110, "12", &[I::CachePoisoning, I::Interoperability]),
    (9110, "13", &[I::LostUpdate, I::StaleContent]),
    (9110, "14.4", &[I::BrokenRanges, I::LostUpdate]),
    (9110, "14.5", &[I::LostUpdate]),
    (9110, "14", &[I::BrokenRanges]),
    (9110, "15.2", &[I::ResponseDesync]),
    (9110, "15.3.7", &[I::BrokenRanges]),
    (9110, "15.5.17", &[I::BrokenRanges]),
    (9110, "15.4.5", &[I::StaleContent]),
    (9110, "15.5.22", &[I::Interoperability]),
    (9112, "6", &[I::ResponseDesync]),
    (9112, "7", &[I::ResponseDesync]),
    (9112, "9.8", &[I::Truncation]),
    (9112, "9", &[I::Stall]),
];

/// The classes of incidents that a rule stands against, the gravest first; never none.
#[must_use]
pub fn incidents(rule: &Rule) -> &'static [Incident] {
    if let Some((_, own)) = OWN.iter().find(|(id, _)| *id == rule.id) {
        return own;
    }
    let binds_requests = rule.reaction(Role::OriginServer, On::Request).is_some();
    let by_section = || {
        let is_within = |section: &str| {
            rule.section.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        BY_SECTION.iter().find(|(rfc, section, _)| *rfc == rule.rfc && is_within(section)).map(|(_, _, found)| *found)
    };
    match rule.impact {
        Impact::Framing if binds_requests => &[I::RequestSmuggling],
        Impact::Framing => &[I::ResponseDesync],
        Impact::Routing => by_section().unwrap_or(&[I::HostRouting]),
        Impact::Auth => &[I::AccessBypass],
        Impact::Cosmetic => &[I::Untidy],
        _ => by_section().unwrap_or(&[I::Interoperability]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn rows_of_their_own_are_about_rules_that_exist() {
        for (id, found) in OWN {
            assert!(rule::by_id(id).is_some() && !found.is_empty(), "{id}");
        }
    }

    #[test]
    fn classes_follow_from_impact_and_section() {
        let of = |id: &str| incidents(rule::by_id(id).unwrap());
        assert_eq!(of("content-length-conflict"), [I::RequestSmuggling]);
        assert_eq!(of("host-duplicate"), [I::HostRouting]);
        assert_eq!(of("date-format"), [I::StaleContent]);
        assert_eq!(of("status-line-missing"), [I::ResponseDesync]);
        assert_eq!(of("close-announced"), [I::Stall]);
        assert_eq!(of("reason-phrase-invalid"), [I::Untidy]);
    }
}
