//! The catalogue that comes with the tool.

use std::sync::LazyLock;

use super::load::{duplicates, load_text};
use super::{Check, LoadError};

/// File names and texts, in the order of the RFCs' sections.
static FILES: &[(&str, &str)] = &[
    ("rfc9112-2.2-message-parsing.toml", include_str!("../../checks/rfc9112-2.2-message-parsing.toml")),
    ("rfc9112-2.3-version.toml", include_str!("../../checks/rfc9112-2.3-version.toml")),
    ("rfc9112-3-request-line.toml", include_str!("../../checks/rfc9112-3-request-line.toml")),
    ("rfc9112-3.1-method.toml", include_str!("../../checks/rfc9112-3.1-method.toml")),
    ("rfc9112-3.2-request-target.toml", include_str!("../../checks/rfc9112-3.2-request-target.toml")),
    ("rfc9112-3.2-host.toml", include_str!("../../checks/rfc9112-3.2-host.toml")),
    ("rfc9112-5-field-lines.toml", include_str!("../../checks/rfc9112-5-field-lines.toml")),
    ("rfc9112-6.1-transfer-encoding.toml", include_str!("../../checks/rfc9112-6.1-transfer-encoding.toml")),
    ("rfc9112-6.3-message-body-length.toml", include_str!("../../checks/rfc9112-6.3-message-body-length.toml")),
    ("rfc9112-7.1-chunked.toml", include_str!("../../checks/rfc9112-7.1-chunked.toml")),
    ("rfc9112-9-connections.toml", include_str!("../../checks/rfc9112-9-connections.toml")),
    ("rfc9112-9-probes.toml", include_str!("../../checks/rfc9112-9-probes.toml")),
    ("rfc9110-5-fields.toml", include_str!("../../checks/rfc9110-5-fields.toml")),
    ("rfc9110-9-methods.toml", include_str!("../../checks/rfc9110-9-methods.toml")),
    ("rfc9110-10.1.1-expect.toml", include_str!("../../checks/rfc9110-10.1.1-expect.toml")),
    ("rfc9110-probes.toml", include_str!("../../checks/rfc9110-probes.toml")),
    ("../../checks/rfc9110-probes.toml", include_str!("../../checks/../../checks/rfc9110-probes.toml")),
    ("../../checks/rfc9112-9-probes.toml", include_str!("../../checks/../../checks/rfc9112-9-probes.toml")),
];

/// The checks of the catalogue, in order.
///
/// # Panics
/// If the catalogue that was compiled in is broken, which its tests rule out.
#[must_use]
pub fn builtin() -> &'static [Check] {
    static CHECKS: LazyLock<Vec<Check>> = LazyLock::new(|| match load() {
        Ok(checks) => checks,
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("the built-in catalogue is broken:\n{}", lines.join("\n"));
        }
    });
    &CHECKS
}

fn load() -> Result<Vec<Check>, Vec<LoadError>> {
    let (mut checks, mut errors) = (Vec::new(), Vec::new());
    for (file, text) in FILES {
        match load_text(file, text) {
            Ok(more) => checks.extend(more),
            Err(more) => errors.extend(more),
        }
    }
    errors.extend(duplicates(&checks));
    if errors.is_empty() { Ok(checks) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_loads_and_every_check_is_proved() {
        if let Err(errors) = load() {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("\n{}", lines.join("\n"));
        }
    }

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/checks");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        names.sort();
        let mut compiled: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        compiled.sort_unstable();
        assert_eq!(names, compiled);
    }
}
