//! The declaration syntax of the rule book.

/// Declares rules of one section as `static`s, and `ALL`-style lists of them.
///
/// ```
/// use startline_parser::rule::{Rule, action::*};
///
/// startline_parser::rules! { pub static GREETINGS; rfc 9110;
///     /// A greeting is missing.
///     ///
///     /// People like to be greeted.
///     GREETING_MISSING = "greeting-missing", section "1.1", Duty, Cosmetic {
///         Server on Response: Should duty(),
///     }
/// }
/// assert_eq!(GREETING_MISSING.summary(), "A greeting is missing.");
/// assert_eq!(GREETINGS.len(), 1);
/// ```
#[macro_export]
macro_rules! rules {
    ($vis:vis static $list:ident; rfc $rfc:literal; $(
        $(#[doc = $doc:literal])+
        $name:ident = $id:literal, section $section:literal, $kind:ident, $impact:ident {
            $($role:ident on $on:ident: $level:ident $action:expr),+ $(,)?
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: $crate::rule::Rule = $crate::rule::Rule::declare(
                $id,
                ($rfc, $section),
                $crate::rule::Kind::$kind,
                $crate::rule::Impact::$impact,
                &[$($crate::rule::Reaction::new(
                    $crate::rule::Role::$role,
                    $crate::rule::On::$on,
                    $crate::rule::Level::$level,
                    $action,
                )),+],
                concat!($($doc, "\n"),+),
            );
        )+

        /// The rules declared together here, in the order of the text.
        $vis static $list: &[&$crate::rule::Rule] = &[$(&$name),+];
    };
}
