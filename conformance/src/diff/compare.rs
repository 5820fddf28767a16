//! How far apart two behaviours are, and which targets behave alike.
//!
//! Answers that stop short prove nothing: anybody may close early (RFC 9112 section 9.5), and an answer may come before
//! the content that is still waited for. What is left is told in three degrees.

use super::behaviour::{Answered, Behaviour, End};

/// How far apart behaviours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Degree {
    /// One closes the connection where another goes on.
    Closes,
    /// One takes what another refuses.
    Accepts,
    /// Messages, their ends or their content are taken to be others.
    Reads,
}

impl Degree {
    /// In words, for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Closes => "closes differently",
            Self::Accepts => "accepts differently",
            Self::Reads => "reads differently",
        }
    }
}

/// How far apart two behaviours are; `own` is the number of messages before the canary in a strict reading.
#[must_use]
pub fn compare(a: &Behaviour, b: &Behaviour, own: usize) -> Option<Degree> {
    for (at, (one, other)) in a.answers.iter().zip(&b.answers).enumerate() {
        match (one.is_taken, other.is_taken) {
            (true, true) if differ(one, other) => return Some(Degree::Reads),
            (true, true) => {}
            (false, false) => return after_refusal(a, b),
            // Where no message is left, what is refused is something that the other read as the canary, or as content.
            _ => return Some(if at < own.max(1) { Degree::Accepts } else { Degree::Reads }),
        }
    }
    let (short, long) = if a.answers.len() <= b.answers.len() { (a, b) } else { (b, a) };
    let next = long.answers.get(short.answers.len());
    let is_first = short.answers.is_empty();
    match (short.end, next) {
        (one, None) if one == long.end => None,
        // The canary was swallowed by one of them.
        (End::Canary, None) if long.end == End::Waits => Some(Degree::Reads),
        (End::Waits, None) if long.end == End::Canary => Some(Degree::Reads),
        (_, None) => Some(if is_first { Degree::Accepts } else { Degree::Closes }),
        // Closing is a way to refuse.
        (End::Closed, Some(next)) if is_first && next.is_taken => Some(Degree::Accepts),
        (End::Closed, Some(_)) => Some(Degree::Closes),
        (End::Waits, Some(next)) if is_first && !next.is_taken => Some(Degree::Accepts),
        (End::Waits, Some(next)) => {
            // One may have answered before the content that both wait for, and closed upon that.
            let is_early = next.is_taken && long.answers.len() == short.answers.len() + 1;
            match long.end {
                End::Waits if is_early => None,
                End::Closed if is_early => Some(Degree::Closes),
                _ => Some(Degree::Reads),
            }
        }
        (End::Canary, Some(next)) if is_first && !next.is_taken => Some(Degree::Accepts),
        (End::Canary, Some(_)) => Some(Degree::Reads),
    }
}

/// Behind a refusal only those can be compared who both go on.
fn after_refusal(a: &Behaviour, b: &Behaviour) -> Option<Degree> {
    match (a.end, b.end) {
        (End::Canary, End::Canary) if a.answers.len() != b.answers.len() => Some(Degree::Reads),
        (a, b) if a == b => None,
        // A connection that is let run out is as good as closed.
        (End::Canary, _) | (_, End::Canary) => Some(Degree::Closes),
        _ => None,
    }
}

fn differ(one: &Answered, other: &Answered) -> bool {
    let (Some(one), Some(other)) = (&one.read, &other.read) else { return false };
    let known = |a: bool, differs: bool| a && differs;
    one.method != other.method
        || known(one.length.is_some() && other.length.is_some(), one.length != other.length)
        || known(one.content.is_some() && other.content.is_some(), one.content != other.content)
}

/// Which targets behave alike, and how far apart they are at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// For each target the number of its cluster, from 0 in the order of the targets; none where it was not compared.
    pub of: Vec<Option<usize>>,
    /// The widest distance between two of them.
    pub degree: Option<Degree>,
}

/// Puts those together that are not as far apart as the widest distance asks for: where messages are taken differently,
/// who closes when makes no difference.
#[must_use]
pub fn clusters(behaviours: &[Option<&Behaviour>], own: usize) -> Clusters {
    let known: Vec<(usize, &Behaviour)> =
        behaviours.iter().enumerate().filter_map(|(at, behaviour)| Some((at, (*behaviour)?))).collect();
    let pairs =
        known.iter().enumerate().flat_map(|(at, one)| known[at + 1..].iter().map(move |other| (one.1, other.1)));
    let degree = pairs.filter_map(|(one, other)| compare(one, other, own)).max();
    let least = degree.map(|degree| degree.min(Degree::Accepts));
    let mut first: Vec<&Behaviour> = Vec::new();
    let mut of = vec![None; behaviours.len()];
    // Who closes says the least, and joins others.
    let (closing, others): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|(_, behaviour)| behaviour.end == End::Closed);
    for (at, behaviour) in others.into_iter().chain(closing) {
        let group = first.iter().position(|other| compare(behaviour, other, own) < least.or(Some(Degree::Closes)));
        of[at] = Some(group.unwrap_or_else(|| {
            first.push(behaviour);
            first.len() - 1
        }));
    }
    Clusters { of: renumbered(&of), degree }
}

/// The same groups, numbered in the order in which they come up.
fn renumbered(of: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = Vec::new();
    of.iter()
        .map(|group| {
            group.map(|group| {
                order.iter().position(|&other| other == group).unwrap_or_else(|| {
                    order.push(group);
                    order.len() - 1
                })
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::behaviour::Read;
    use super::*;

    /// `S` served, `R` refused; then `c` canary, `x` closed, `w` waits.
    fn behaviour(text: &str) -> Behaviour {
        let answer = |letter: char| Answered { status: Some(200), is_taken: letter == 'S', read: None };
        let end = match text.chars().last() {
            Some('c') => End::Canary,
            Some('x') => End::Closed,
            _ => End::Waits,
        };
        Behaviour { answers: text.chars().filter(char::is_ascii_uppercase).map(answer).collect(), end }
    }

    #[test]
    fn what_two_behaviours_say_of_each_other() {
        use Degree::{Accepts, Closes, Reads};
        for (a, b, degree) in [
            ("Sc", "Sc", None),
            ("Sc", "Sx", Some(Closes)),
            ("Sc", "Sw", Some(Reads)),
            ("Sc", "SSc", Some(Reads)),
            ("Sc", "SRx", Some(Reads)),
            ("Sc", "Rx", Some(Accepts)),
            ("Sx", "Rx", Some(Accepts)),
            ("Sx", "SRx", Some(Closes)),
            ("Sc", "x", Some(Accepts)),
            ("Sc", "w", Some(Reads)),
            // An answer before the content that both wait for.
            ("Sw", "w", None),
            ("Sx", "w", Some(Closes)),
            ("Sx", "Sw", Some(Closes)),
            ("SSw", "Sw", None),
            ("SSc", "Sw", Some(Reads)),
            ("SRx", "Sw", Some(Reads)),
            ("Rx", "Rw", None),
            ("Rx", "x", Some(Closes)),
            ("Rx", "w", Some(Accepts)),
            ("x", "w", Some(Accepts)),
            ("Rc", "Rx", Some(Closes)),
            ("Rc", "RSc", Some(Reads)),
            ("c", "Rx", Some(Accepts)),
            ("c", "Sc", Some(Reads)),
        ] {
            assert_eq!(compare(&behaviour(a), &behaviour(b), 1), degree, "{a} {b}");
            assert_eq!(compare(&behaviour(b), &behaviour(a), 1), degree, "{b} {a}");
        }
        assert_eq!(compare(&behaviour("SSc"), &behaviour("SRx"), 1), Some(Reads));
        assert_eq!(compare(&behaviour("SSc"), &behaviour("SRx"), 2), Some(Accepts));
    }

    #[test]
    fn echoes_that_differ_are_another_reading() {
        let of = |method: &str, content: Option<&str>| {
            let content = content.map(|content| content.as_bytes().to_vec());
            let length = content.as_ref().map(|content| content.len() as u64);
            let read = Some(Read { method: method.into(), length, content });
            Behaviour { answers: vec![Answered { status: Some(200), is_taken: true, read }], end: End::Closed }
        };
        assert_eq!(compare(&of("POST", Some("a")), &of("POST", Some("b")), 1), Some(Degree::Reads));
        assert_eq!(compare(&of("GET", None), &of("POST", Some("")), 1), Some(Degree::Reads));
        // Content of a GET may be read and dropped.
        assert_eq!(compare(&of("GET", None), &of("GET", Some("a")), 1), None);
        assert_eq!(compare(&of("GET", None), &behaviour("Sx"), 1), None);
    }

    #[test]
    fn targets_that_behave_alike_stand_together() {
        let all = [behaviour("Sc"), behaviour("Rx"), behaviour("Sc")];
        let mut given: Vec<Option<&Behaviour>> = all.iter().map(Some).collect();
        given.push(None);
        let found = clusters(&given, 1);
        assert_eq!(found.of, [Some(0), Some(1), Some(0), None]);
        assert_eq!(found.degree, Some(Degree::Accepts));
    }

    #[test]
    fn who_closes_joins_others_where_more_is_at_stake() {
        let of = |texts: &[&str]| {
            let all: Vec<Behaviour> = texts.iter().map(|text| behaviour(text)).collect();
            clusters(&all.iter().map(Some).collect::<Vec<_>>(), 1)
        };
        let found = of(&["Rx", "Sx", "Sc"]);
        assert_eq!((found.of, found.degree), (vec![Some(0), Some(1), Some(1)], Some(Degree::Accepts)));
        // An early close does not hide that the others part.
        let found = of(&["Sx", "Sc", "SSc"]);
        assert_eq!((found.of, found.degree), (vec![Some(0), Some(0), Some(1)], Some(Degree::Reads)));
        let found = of(&["Sx", "Sc", "Sc"]);
        assert_eq!((found.of, found.degree), (vec![Some(0), Some(1), Some(1)], Some(Degree::Closes)));
        assert_eq!(of(&["Sc", "Sc"]).of, [Some(0), Some(0)]);
    }
}
