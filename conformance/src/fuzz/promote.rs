//! Findings as checks of the catalogue's own form.
//!
//! What is written is proved first, as every check is: the message has exactly the faults that the check names, and the
//! control has none. A finding that is a stream of several messages, or about what no fault or feature is in, has no such
//! form.

use std::path::Path;

use startline_parser::notation::encode_lines;

use super::confirm::check;
use super::control::control;
use super::finding::Finding;
use super::site::Site;
use crate::check::load_text;
use crate::rule::Rule;

/// The text of a check; none where the finding has no such form, or where the proof fails.
#[must_use]
pub fn text(finding: &Finding, site: &Site) -> Option<String> {
    let octets = finding.octets().ok()?;
    let rules: Vec<&'static Rule> = finding.known_rules().collect();
    let plain = control(&octets, 0, site)?;
    let check = check(&octets, &rules, Some(&plain))?;
    let also: Vec<String> = check.also.iter().map(|rule| format!("\"{}\"", rule.id)).collect();
    let also = if also.is_empty() { String::new() } else { format!("also    = [{}]\n", also.join(", ")) };
    let id = finding.id.replace('.', "-");
    let text = format!(
        "[[check]]\nid      = \"found-{id}\"\nrule    = \"{}\"\n{also}title   = \"found by fuzzing: {}\"\n\
         tags    = [\"intrusive\"]\ncontrol = {{ send = '''\n{}''' }}\nsend    = '''\n{}'''\n",
        check.rule.id,
        finding.what.words().replace('"', "'"),
        template(&plain, site)?,
        template(&octets, site)?,
    );
    load_text("promoted.toml", &text).is_ok().then_some(text)
}

/// Octets as a template for any site.
fn template(octets: &[u8], site: &Site) -> Option<String> {
    let text = encode_lines(octets);
    // A quotation of three would end the text.
    (!text.contains("'''")).then(|| text.replace(&format!("Host: {}", site.host), "Host: {host}"))
}

/// Appends the findings that have such a form to a file; how many.
///
/// # Errors
/// The file cannot be read or written.
pub fn write(file: &Path, findings: &[Finding], site: &Site) -> std::io::Result<usize> {
    let old = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let is_new = |text: &String| text.lines().nth(1).is_some_and(|id| !old.contains(id));
    let new: Vec<String> = findings.iter().filter_map(|finding| text(finding, site)).filter(is_new).collect();
    let blocks = [old.trim_end().to_owned()].into_iter().filter(|old| !old.is_empty()).chain(new.iter().cloned());
    std::fs::write(file, blocks.collect::<Vec<_>>().join("\n\n"))?;
    Ok(new.len())
}
