//! RFC 9112 section 3.2: the `Host` field of a request.

use super::action::*;

crate::rules! { pub static ALL; rfc 9112;
    /// An HTTP/1.1 request has no `Host` field line.
    ///
    /// Without it the server cannot know which site was meant, and a cache in front files the answer under another.
    HOST_MISSING = "host-missing", section "3.2", Fault, Routing {
        Server on Request: Must reject(&[400]),
    }

    /// A request has more than one `Host` field line.
    ///
    /// One hop routes by the first and the next by the last: caches are poisoned and access rules passed by.
    HOST_DUPLICATE = "host-duplicate", section "3.2", Fault, Routing {
        Server on Request: Must reject(&[400]),
    }

    /// The value of `Host` is not a host with an optional port.
    ///
    /// Links, redirects and password mails are built from it; a value with a path, a list or a second name in it
    /// reaches places that a host name would not.
    HOST_INVALID = "host-invalid", section "3.2", Fault, Routing {
        Server on Request: Must reject(&[400]),
    }
}
