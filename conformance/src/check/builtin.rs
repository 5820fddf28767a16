//! The catalogue that comes with the tool.

use std::sync::LazyLock;

use super::load::{duplicates, load_text};
use super::{Check, LoadError};

/// File names and texts of `conformance/checks/`, by name; the build script lists the folder.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

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
}
